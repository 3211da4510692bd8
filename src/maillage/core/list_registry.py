"""The lists that a file may contain: each room registers its loaders in its `loaders.py`.

Lists are loaded in the order of registration. A room imports only rooms below it, so that the lists its rows refer to
are registered before its own; a room registers its lists in the order in which they must be loaded.
"""

from typing import Any

from maillage.core.list_loader import ListLoader
from maillage.core.registers import Register

LOADERS: Register[ListLoader] = Register("list loaders")


def register_loaders(*loaders: ListLoader) -> None:
    """Register loaders, to run after those registered before."""
    for loader in loaders:
        LOADERS[loader.name] = loader


def find_record(name: str, *identity: object) -> Any | None:
    """The record of a list by its identity: `find_record("awards", "carnot", "opale")`; `None` if there is none."""
    loader = LOADERS.get(name)
    return loader.find(*identity) if loader else None
