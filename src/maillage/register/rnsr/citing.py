"""The sources of what exports of RNSR state: the page of each structure, and that of the whole register."""

import datetime as dt
from collections.abc import Iterable

from maillage.core.models import Citation, Source
from maillage.register.bulk_rows import create_records
from maillage.register.vocabulary import IDENTIFIER_SCHEMES

REGISTER_URL = (
    "https://data.enseignementsup-recherche.gouv.fr/explore/dataset/fr-esr-repertoire-national-structures-recherche/"
)


def structure_url(rnsr: str) -> str:
    """The page of a structure in RNSR."""
    return IDENTIFIER_SCHEMES["rnsr"].address.format(rnsr)


def sources_by_url(urls: Iterable[str]) -> dict[str, int]:
    """The sources (ids) of these addresses; those that are not there are created."""
    wanted = set(urls)
    found = dict(Source.objects.filter(url__in=wanted).exclude(url="").values_list("url", "pk"))
    new = [Source(url=url) for url in sorted(wanted - found.keys())]
    for source in new:
        source.prepare()
    create_records(new)
    return found | {source.url: source.pk for source in new}


def cite(record_kind: str, stated: dict[int, set[int]], day: dt.date) -> set[tuple[int, int]]:
    """Cite sources (ids) for records by id as read on `day`; return the pairs that no later export had stated before.

    A citation keeps the latest day on which its source stated the record.
    """
    existing = {
        (row.record_id, row.source_id): row
        for row in Citation.objects.filter(record_kind=record_kind, record_id__in=stated, property="")
    }
    pairs = {(pk, source) for pk, sources in stated.items() for source in sources}
    new = [
        Citation(record_kind=record_kind, record_id=pk, source_id=source, read_on=day)
        for pk, source in sorted(pairs - existing.keys())
    ]
    older = [row.pk for pair, row in existing.items() if pair in pairs and row.read_on < day]
    create_records(new)
    if older:
        Citation.objects.filter(pk__in=older).update(read_on=day)
    return {pair for pair in pairs if pair not in existing or existing[pair].read_on < day}
