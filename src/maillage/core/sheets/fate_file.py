"""The fates of the rows of a sheet in a file, of which a page reads only the rows that it shows.

The file holds one fate a line as JSON, in the order of `FATES` and of rows; its last line says how many rows have each
fate, and where each hundredth line begins.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from maillage.core.sheets.fates import CHANGED, FATES, NEW, REFUSED, RowFate, SheetReport, fate_from_json

_STRIDE = 100
# The last line is found from the end of the file, by its length in so many digits.
_LENGTH_DIGITS = 12


@dataclass(frozen=True, slots=True)
class FateFile:
    """The fates that a file holds: `counts` by fate, in the order of `FATES`."""

    path: Path
    counts: dict[str, int]
    offsets: list[int]

    @classmethod
    def write(cls, path: Path, report: SheetReport) -> "FateFile":
        """Write the fates of a report, in place of what the file held."""
        offsets: list[int] = []
        draft = path.with_name(f"{path.name}.draft")
        with draft.open("wb") as out:
            for number, fate in enumerate(report.of_fate("")):
                if number % _STRIDE == 0:
                    offsets.append(out.tell())
                out.write(_line(asdict(fate)))
            tail = _line({"counts": report.counts, "offsets": offsets})
            out.write(tail + str(len(tail)).zfill(_LENGTH_DIGITS).encode())
        draft.replace(path)
        return cls(path, report.counts, offsets)

    @classmethod
    def open(cls, path: Path) -> "FateFile | None":
        """The fates of a file; `None` if there is no such file."""
        try:
            with path.open("rb") as file:
                file.seek(-_LENGTH_DIGITS, 2)
                length = int(file.read())
                file.seek(-_LENGTH_DIGITS - length, 2)
                tail = json.loads(file.read(length))
        except FileNotFoundError:
            return None
        return cls(path, tail["counts"], tail["offsets"])

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def to_write(self) -> int:
        """How many rows are written."""
        return self.counts[NEW] + self.counts[CHANGED]

    def rows(self, fate: str, start: int, stop: int) -> list[RowFate]:
        """Some of the rows with this fate; of all rows, refused first, for an empty text."""
        first = sum(self.counts[each] for each in FATES[: FATES.index(fate)]) if fate else 0
        last = first + self.counts[fate] if fate else self.total
        return list(self._read(first + start, min(first + stop, last)))

    def refused(self) -> list[RowFate]:
        """All refused rows."""
        return self.rows(REFUSED, 0, self.counts[REFUSED])

    def fingerprints(self) -> dict[int, str]:
        """The fingerprint of each row by its number."""
        return {fate.number: fate.fingerprint() for fate in self._read(0, self.total)}

    def _read(self, start: int, stop: int) -> Iterator[RowFate]:
        if start >= stop:
            return
        with self.path.open("rb") as file:
            file.seek(self.offsets[start // _STRIDE])
            yield from map(fate_from_json, _lines(file, start % _STRIDE, stop - start))


def _line(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"


def _lines(file: IO[bytes], skipped: int, count: int) -> Iterable[bytes]:
    return islice(file, skipped, skipped + count)
