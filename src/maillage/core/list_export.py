"""Export of lists to YAML, which loads back to the same records."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import yaml

from maillage.core.actors import Actor
from maillage.core.list_loader import ListLoader
from maillage.core.models import Citation
from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.security.visibility import Visibility

CHUNK_SIZE = 500
ToRow = Callable[[Any], dict[str, Any]]


def export_texts(record: object, fields: Mapping[str, str]) -> dict[str, object]:
    """The non-empty texts of a record by key; the inverse of `row_writing.row_values`.

    `fields` maps model fields to keys.
    """
    return {key: getattr(record, name) for name, key in fields.items() if getattr(record, name)}


def export_period(record: Any, start: str = "from", end: str = "to", absent_end: str = OPEN) -> dict[str, str]:
    """The ends of a record's period by key, without an unknown start and without the end that the loader assumes."""
    start_value = {start: record.period_start} if record.period_start != UNKNOWN else {}
    return start_value if record.period_end == absent_end else {**start_value, end: record.period_end}


def export_organisation(record: object, name: str) -> str:
    """The key of an organisation, or the text of one that is not in the register."""
    organisation = getattr(record, name)
    return str(organisation.key if organisation else getattr(record, f"{name}_text"))


def write_lists(out: IO[str], loaders: Mapping[str, ListLoader], *, actor: Actor) -> dict[str, int]:
    """Write every list, with the records that this actor may read; returns the number of rows by list.

    A row has its sources and the latest day on which one of them was read.
    """
    counts = {}
    for loader in loaders.values():
        if loader.to_row is not None:
            rows = export_rows(loader, actor=actor)
            counts[loader.name] = _write_list(out, loader.name, rows)
    return counts


def _write_list(out: IO[str], name: str, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        if count == 1:
            out.write(f"{name}:\n")
        yaml.dump([row], out, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=118)
    return count


def export_rows(loader: ListLoader, *, actor: Actor) -> Iterator[dict[str, Any]]:
    """The rows of one list with their sources, by primary key; none for a loader without `to_row`."""
    if loader.to_row is None:
        return
    records = loader.model.objects.all()
    if hasattr(records, "visible_to"):
        records = records.visible_to(actor)
    chunk: list[Any] = []
    for record in records.order_by("pk").iterator(chunk_size=CHUNK_SIZE):
        chunk.append(record)
        if len(chunk) == CHUNK_SIZE:
            yield from _rows_with_sources(loader, loader.to_row, chunk)
            chunk = []
    yield from _rows_with_sources(loader, loader.to_row, chunk)


def _rows_with_sources(loader: ListLoader, to_row: ToRow, records: list[Any]) -> Iterator[dict[str, Any]]:
    kind, ids = loader.model.kind_name(), [record.pk for record in records]
    citations = Citation.objects.filter(record_kind=kind, record_id__in=ids, property="").select_related("source")
    citations_by_record: dict[int, list[Citation]] = {}
    for citation in citations.order_by("pk"):
        citations_by_record.setdefault(citation.record_id, []).append(citation)
    for record in records:
        yield to_row(record) | _export_visibility(record) | _export_sources(citations_by_record.get(record.pk, []))


def _export_visibility(record: object) -> dict[str, str]:
    visibility = getattr(record, "visibility", Visibility.PUBLIC)
    return {} if visibility == Visibility.PUBLIC else {"visibility": str(visibility)}


def _export_sources(citations: list[Citation]) -> dict[str, object]:
    if not citations:
        return {}
    days: set[dt.date] = {citation.read_on for citation in citations}
    return {"source": [citation.source.url for citation in citations], "read_on": max(days)}
