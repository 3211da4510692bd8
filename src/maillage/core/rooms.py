"""The configuration that every room shares: what it declares is loaded when the site is set up."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """A room of the house. Imported as `rooms.RoomConfig`, since Django takes each class named in `apps.py` for a room.

    `ready` loads what it declares: how its lists are loaded and shown, its actions, then what follows from them."""

    def ready(self) -> None:
        for part in ("loaders", "listing", "actions", "hooks"):
            load_part(f"{self.name}.{part}")


def load_part(name: str) -> None:
    """Import a module of a room, or every module of a folder such as `actions/`; nothing where there is none."""
    if find_spec(name) is None:
        return
    module = import_module(name)
    for found in iter_modules(getattr(module, "__path__", ())):
        import_module(f"{name}.{found.name}")
