"""The definitions that come with the rooms: each lies as `processes/<name>.yaml` in the folder of its room."""

from pathlib import Path

PACKAGE = Path(__file__).parents[2]


def shipped() -> list[Path]:
    """The files of all rooms, in the order of their names."""
    return sorted(PACKAGE.glob("*/processes/*.yaml"), key=lambda path: path.name)
