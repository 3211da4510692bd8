from pkgutil import iter_modules

from maillage.core import rooms
from maillage.core.registers import freeze_registers


class WebConfig(rooms.RoomConfig):
    """The last room: once its parts are loaded, all that can be declared is declared."""

    name = "maillage.web"
    label = "web"

    def ready(self) -> None:
        super().ready()
        for room in iter_modules([self.path]):
            if room.ispkg:
                rooms.load_part(f"{self.name}.{room.name}.record_sections")
                rooms.load_part(f"{self.name}.{room.name}.hooks")
        freeze_registers()
