"""Export of lists to YAML, which loads back to the same records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, TypeVar

import yaml
from django.db.models import Model

from maillage.core.actors import Actor
from maillage.core.models import Citation
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.outcomes import find_records
from maillage.core.rows.prefetch import load_related
from maillage.core.rows.sources import citation_row, source_value
from maillage.core.rows.values import Values
from maillage.core.rows.write_batch import read_batch
from maillage.core.security.visibility import Visibility

CHUNK_SIZE = 500

T = TypeVar("T")


def write_lists(out: IO[str], lists: Mapping[str, AnyFactList], *, actor: Actor) -> dict[str, int]:
    """Write every list, with the records that this actor may read; returns the number of rows by list.

    A row has its sources and the latest day on which one of them was read.
    """
    return {name: _write_list(out, name, export_rows(fact_list, actor=actor)) for name, fact_list in lists.items()}


def _write_list(out: IO[str], name: str, rows: Iterator[Values]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        if count == 1:
            out.write(f"{name}:\n")
        yaml.dump([row], out, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=118)
    return count


def export_rows(fact_list: AnyFactList, *, actor: Actor) -> Iterator[Values]:
    """The rows of one list with their sources, in the order of the list."""
    records = fact_list.model.objects.all()
    if hasattr(records, "visible_to"):
        records = records.visible_to(actor)
    for chunk in batched(records.order_by(*fact_list.export_order).iterator(chunk_size=CHUNK_SIZE), CHUNK_SIZE):
        with read_batch():
            rows = rows_of(fact_list, chunk)
        yield from rows


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def rows_of(fact_list: AnyFactList, records: Sequence[Model]) -> list[Values]:
    """The rows of these records, each with its visibility and its sources."""
    load_related(fact_list, records)
    return [row_of(fact_list, record) for record in records]


def row_of(fact_list: AnyFactList, record: Model) -> Values:
    """The row of a record with its visibility and its sources."""
    cited = find_records(Citation, {"record_kind": record._meta.label_lower, "record_id": record.pk})
    return fact_list.to_row(record) | _export_visibility(record) | _export_sources(fact_list, record, cited)


def _export_visibility(record: Model) -> dict[str, str]:
    visibility = getattr(record, "visibility", Visibility.PUBLIC)
    return {} if visibility == Visibility.PUBLIC else {"visibility": str(visibility)}


def _export_sources(fact_list: AnyFactList, record: Model, citations: list[Citation]) -> Values:
    """The sources that only support the record and were read on one day, the latest, and the other citations whole."""
    plain = [citation for citation in citations if fact_list.is_plain_citation(record, citation)]
    if not citations:
        return {}
    read_on = max((citation.read_on for citation in plain), default=None)
    plain = [citation for citation in plain if citation.read_on == read_on]
    row: Values = {
        key: [source_value(citation.source) for citation in plain if citation.property == property_]
        for property_, key in fact_list.cited_in
    }
    row["read_on"] = read_on.isoformat() if read_on else ""
    row["citations"] = [citation_row(citation) for citation in citations if citation not in plain]
    return {key: value for key, value in row.items() if value}
