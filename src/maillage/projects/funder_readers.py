"""The reader of each funder. A further funder is a member of `Funder`, a reader of its files, and a line here."""

from collections.abc import Callable
from typing import Final

from maillage.projects.anr.programmes import NAMES
from maillage.projects.anr.reader import AnrReader
from maillage.projects.cordis.reader import CordisReader
from maillage.projects.folder_load import FunderReader
from maillage.projects.models import Funder

_READERS: Final[dict[Funder, Callable[[], FunderReader]]] = {Funder.CORDIS: CordisReader, Funder.ANR: AnrReader}


def reader_of(funder: Funder) -> FunderReader:
    """A new reader of the files of a funder."""
    return _READERS[funder]()


def code_name(code: str) -> str:
    """The name of a programme or scheme in the active language, the code itself if it has none here."""
    return str(NAMES.get(code, code))
