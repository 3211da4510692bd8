"""The definitions that come with the rooms: each lies as `processes/<name>.yaml` in the folder of its room."""

import functools
from pathlib import Path

from maillage.kernel.processes.document import State

PACKAGE = Path(__file__).parents[2]


@functools.lru_cache(maxsize=64)
def shipped_states(name: str) -> dict[str, State]:
    """The states of a process as it comes with its room, for filters; a version of the site's own may have others."""
    from maillage.kernel.processes.reading import from_text  # it knows the guards of all rooms

    path = next(path for path in shipped() if path.stem == name)
    return from_text(path.read_text("utf-8")).states


def shipped() -> list[Path]:
    """The files of all rooms, in the order of their names."""
    return sorted(PACKAGE.glob("*/processes/*.yaml"), key=lambda path: path.name)
