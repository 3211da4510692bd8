"""Batches."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from maillage.core.list_loader import InvalidFileError, RowError
from maillage.register.ror.adoption import KnownOrganisations, LookalikeCandidates
from maillage.register.ror.file_reader import FileItem, ReadPosition, read_records
from maillage.register.ror.records import RorRecord, RorRelation, parse_record, parse_relations, record_identifier
from maillage.register.ror.staging_tables import CopyRows, record_rows, relation_rows

BATCH_SIZE = 5_000
# The first batches are smaller, so that the database need not wait long for something to write.
_FIRST_BATCH_SIZE = 500
Thing = TypeVar("Thing")


@dataclass(slots=True)
class ImportBatch(Generic[Thing]):
    """What was read up to `line`, what it may be of what is here, and what could not be taken of it.

    All that needs no database is done ahead, while another batch is being written. A refusal is (line, record, part,
    reason).
    """

    items: list[Thing] = field(default_factory=list)
    rows: tuple[CopyRows, ...] = ()
    lookalike_candidates: LookalikeCandidates = field(default_factory=LookalikeCandidates)
    refusals: list[tuple[int, str, str, str]] = field(default_factory=list)
    read: int = 0
    refused: int = 0
    line: int = 0
    share: float = 0.0


def record_batches(path: Path, done: int, read_on: str, bodies: KnownOrganisations) -> Iterator[ImportBatch[RorRecord]]:
    """Records in batches, without those up to the line that is done; the identifiers seen are kept to tell doubles."""
    batch, seen, position, file_error = ImportBatch[RorRecord](), dict[str, int](), ReadPosition(), None
    size = min(_FIRST_BATCH_SIZE, BATCH_SIZE)
    try:
        for item in read_records(path, position):
            _add_item(item, batch, seen, read_on, fresh=item[0] > done)
            if batch.read >= size:
                yield _with_lookalikes(batch, bodies, position)
                batch, size = ImportBatch[RorRecord](), _next_size(size)
    except InvalidFileError as error:
        # What could be read before the damage is kept.
        file_error = error
    if batch.read:
        yield _with_lookalikes(batch, bodies, position)
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
    """Put an item in the batch, or on its list of refusals; one that an earlier reading has written is only seen."""
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
    """The record of an item; `None` for one that an earlier reading has written. Raises `RowError`."""
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
    """Relations in batches; a record without any, or refused at the first reading, has none to give."""
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


def _add_relations(line: int, values: dict[str, Any], batch: ImportBatch[tuple[int, str, RorRelation]]) -> None:
    batch.line = line
    try:
        ror = record_identifier(values)
    except RowError:
        # The first reading has told so.
        return
    relations, remarks = parse_relations(values)
    batch.items += [(line, ror, relation) for relation in relations]
    batch.refusals += [(line, ror, *remark) for remark in remarks]
