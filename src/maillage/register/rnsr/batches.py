"""Structures of an export in batches, and the ties of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from maillage.core.rows.errors import InvalidFileError, RowError
from maillage.register.import_runs import Refusal
from maillage.register.models import ImportRun
from maillage.register.rnsr.file_reader import RowItem, read_rows
from maillage.register.rnsr.records import Structure, StructureTies, parse_structure, parse_ties, structure_number
from maillage.register.ror.file_reader import ReadPosition

BATCH_SIZE = 1_000


@dataclass(slots=True)
class StructureBatch:
    """The structures read up to `line`. `share` is how much of the file is read, 0 to 1."""

    structures: list[Structure] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused: int = 0
    line: int = 0
    share: float = 0.0

    @property
    def read(self) -> int:
        return len(self.structures) + self.refused


def structure_batches(path: Path, run: ImportRun) -> Iterator[StructureBatch]:
    """Structures in batches, after the line `run.done`; earlier lines are read only to notice duplicates.

    Raises `InvalidFileError` after the last batch that could be read.
    """
    batch, seen, position = StructureBatch(), dict[str, int](), ReadPosition()
    file_error = None
    try:
        for item in read_rows(path, position=position):
            _add_structure(item, batch, seen, run)
            if batch.read >= BATCH_SIZE:
                batch.share = position.share
                yield batch
                batch = StructureBatch()
    except InvalidFileError as error:
        file_error = error
    if batch.read:
        batch.share = position.share
        yield batch
    if file_error:
        raise file_error


def _add_structure(item: RowItem, batch: StructureBatch, seen: dict[str, int], run: ImportRun) -> None:
    line, row = item
    batch.line = line
    number = ""
    try:
        if isinstance(row, str):
            raise RowError(row)
        number = structure_number(row)
        if number in seen:
            raise RowError(_("the same structure stands at line %d; keep one") % seen[number])
        seen[number] = line
        if line > run.done:
            structure = parse_structure(line, row, str(run.day))
            batch.structures.append(structure)
            batch.refusals += [(line, number, *remark) for remark in structure.remarks]
    except RowError as error:
        if line > run.done:
            batch.refused += 1
            batch.refusals.append((line, number, "", str(error)))


def structure_ties(path: Path, position: ReadPosition) -> Iterator[StructureTies]:
    """The ties of each row that the first reading has taken."""
    seen: set[str] = set()
    for line, row in read_rows(path, position=position):
        if isinstance(row, str) or not row["label"].strip():
            continue
        try:
            ties = parse_ties(line, row)
        except RowError:
            continue
        if ties.rnsr not in seen:
            seen.add(ties.rnsr)
            yield ties
