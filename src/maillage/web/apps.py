from maillage.core import rooms
from maillage.core.registers import freeze_registers


class WebConfig(rooms.RoomConfig):
    """The last room: once its parts are loaded, all that can be declared is declared."""

    name = "maillage.web"
    label = "web"

    def ready(self) -> None:
        super().ready()
        rooms.load_part("maillage.web.people.hooks")
        freeze_registers()
