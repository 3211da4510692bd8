"""Batches of records and of relations read from a ROR file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from maillage.core.json_types import JsonObject
from maillage.core.rows.errors import InvalidFileError, RowError
from maillage.register.ror.adoption import KnownOrganisations, LookalikeCandidates
from maillage.register.ror.file_reader import FileItem, ReadPosition, read_records
from maillage.register.ror.records import RorRecord, RorRelation, parse_record, parse_relations, record_identifier
from maillage.register.ror.staging_tables import CopyRows, record_rows, relation_rows

BATCH_SIZE = 5_000
# The first batches are smaller, so that writing begins early.
_FIRST_BATCH_SIZE = 500
Thing = TypeVar("Thing")


@dataclass(slots=True)
class ImportBatch(Generic[Thing]):
    """The items read up to `line`, their rows for COPY, their lookalikes and their refusals.

    It is prepared without the database, while another batch is being written. A refusal is (line, record, part,
    reason). `share` is how much of the file is read, 0 to 1.
    """

    items: list[Thing] = field(default_factory=list)
    rows: tuple[CopyRows, ...] = ()
    lookalike_candidates: LookalikeCandidates = field(default_factory=LookalikeCandidates)
    refusals: list[tuple[int, str, str, str]] = field(default_factory=list)
    read: int = 0
    refused: int = 0
    line: int = 0
    share: float = 0.0


def record_batches(
    path: Path, done: int, read_on: str, organisations: KnownOrganisations
) -> Iterator[ImportBatch[RorRecord]]:
    """Records in batches, after the line `done`; earlier lines are read only to notice duplicates.

    `read_on` is the ISO day of the reading. Raises `InvalidFileError` after the last batch that could be read.
    """
    batch, seen, position, file_error = ImportBatch[RorRecord](), dict[str, int](), ReadPosition(), None
    size = min(_FIRST_BATCH_SIZE, BATCH_SIZE)
    try:
        for item in read_records(path, position):
            _add_item(item, batch, seen, read_on, fresh=item[0] > done)
            if batch.read >= size:
                yield _with_lookalikes(batch, organisations, position)
                batch, size = ImportBatch[RorRecord](), _next_size(size)
    except InvalidFileError as error:
        # The records before the damage are imported.
        file_error = error
    if batch.read:
        yield _with_lookalikes(batch, organisations, position)
    if file_error:
        raise file_error


def _next_size(size: int) -> int:
    return min(2 * size, BATCH_SIZE)


def _with_lookalikes(
    batch: ImportBatch[RorRecord], known_organisations: KnownOrganisations, position: ReadPosition
) -> ImportBatch[RorRecord]:
    batch.lookalike_candidates = known_organisations.lookalike_candidates(batch.items)
    return _with_rows(batch, record_rows(batch.items), position)


def _with_rows(batch: ImportBatch[Thing], rows: tuple[CopyRows, ...], position: ReadPosition) -> ImportBatch[Thing]:
    batch.rows, batch.share = rows, position.share
    return batch


def _add_item(
    item: FileItem, batch: ImportBatch[RorRecord], seen: dict[str, int], read_on: str, *, fresh: bool
) -> None:
    """Add an item to the batch or to its refusals; an item that is not `fresh` was written by an earlier run."""
    try:
        if record := _parse_item(item, seen, read_on, fresh):
            batch.items.append(record)
            batch.refusals += [(item[0], record.ror, *remark) for remark in record.remarks]
    except RowError as error:
        if fresh:
            batch.refused += 1
            batch.refusals.append((item[0], _item_identifier(item), "", str(error)))
    batch.read, batch.line = batch.read + fresh, item[0]


def _parse_item(item: FileItem, seen: dict[str, int], read_on: str, fresh: bool) -> RorRecord | None:
    """The record of an item; `None` unless it is `fresh`. Raises `RowError`."""
    line, values = item
    if isinstance(values, str):
        raise RowError(values)
    ror = record_identifier(values)
    if ror in seen:
        raise RowError(_("the same record stands at line %d; keep one") % seen[ror])
    seen[ror] = line
    return parse_record(line, values, read_on) if fresh else None


def _item_identifier(item: FileItem) -> str:
    return str(item[1].get("id", ""))[:80] if isinstance(item[1], dict) else ""


def relation_batches(path: Path, done: int) -> Iterator[ImportBatch[tuple[int, str, RorRelation]]]:
    """Relations in batches, after the line `done`, of the records that were accepted."""
    batch, position = ImportBatch[tuple[int, str, RorRelation]](), ReadPosition()
    size = min(_FIRST_BATCH_SIZE, BATCH_SIZE)
    for line, values in read_records(path, position):
        if line <= done or isinstance(values, str) or not values.get("relationships"):
            continue
        _add_relations(line, values, batch)
        if len(batch.items) >= size:
            yield _with_rows(batch, relation_rows(batch.items), position)
            batch, size = ImportBatch[tuple[int, str, RorRelation]](), _next_size(size)
    if batch.line:
        yield _with_rows(batch, relation_rows(batch.items), position)


def _add_relations(line: int, values: JsonObject, batch: ImportBatch[tuple[int, str, RorRelation]]) -> None:
    batch.line = line
    try:
        ror = record_identifier(values)
    except RowError:
        # Refused by the first reading already.
        return
    relations, remarks = parse_relations(values)
    batch.items += [(line, ror, relation) for relation in relations]
    batch.refusals += [(line, ror, *remark) for remark in remarks]
