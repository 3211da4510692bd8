"""The app configuration of rooms, which imports their declarations at set-up."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The base of the configuration of a room.

    Import it as `rooms.RoomConfig`, since Django takes each configuration class named in `apps.py` for an app.
    `ready` imports the declarations of the room: its lists, listings, actions and rows of the desk, then its hooks.
    """

    def ready(self) -> None:
        for part in ("rows", "listing", "actions", "desk_rows", "hooks"):
            load_part(f"{self.name}.{part}")


def load_part(name: str) -> None:
    """Import a module, or every module of a package such as `actions/`; does nothing if it does not exist."""
    if find_spec(name) is None:
        return
    module = import_module(name)
    for submodule in iter_modules(getattr(module, "__path__", ())):
        import_module(f"{name}.{submodule.name}")
