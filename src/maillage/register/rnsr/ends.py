"""What exports end, once one is read whole: structures that the latest no longer lists, ties that it no longer states.

It is computed from what the exports stated on which day, so that the order in which they are read does not matter.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from maillage.core.periods import OPEN, UNKNOWN
from maillage.register.bulk_rows import update_records
from maillage.register.models import ImportRun, Organisation, ResearchStructure, Tie
from maillage.register.rnsr.citing import structure_url
from maillage.register.rnsr.dated_names import attested_between
from maillage.register.rnsr.structures import NO_LONGER_LISTED, is_own
from maillage.register.rnsr.ties import PERIOD_FIELDS
from maillage.register.vocabulary import SUCCESSION_KINDS, TieKind

# An export that lacks more than this share of the structures which are active is taken to be only a part of the
# register: it ends none of them.
_MAX_ABSENT = 0.3
# Successions after which the earlier structure is no more; one that another was spun off from goes on.
_ENDING_KINDS = SUCCESSION_KINDS - {TieKind.SPUN_OFF}
# Ties that only pages of structures state. The array has the ends of those structures by whose latest export it is
# still stated.
_STATED_TIES = """
    SELECT t.id, t.period_end, t.attested, max(c.read_on), array_agg(s.closed) FILTER (WHERE c.read_on >= s.tied_on)
    FROM register_tie t
    JOIN core_citation c ON c.record_kind = 'register.tie' AND c.record_id = t.id
    JOIN core_source k ON k.id = c.source_id
    LEFT JOIN register_researchstructure s
        ON s.rnsr = substr(k.url, %(length)s + 1, 10) AND left(k.url, %(length)s) = %(page)s
    WHERE t.kind = ANY(%(kinds)s) AND t.period_start = '' AND t.attested <> ''
    GROUP BY t.id HAVING count(s.id) = count(*)"""


@dataclass(slots=True)
class SettledEnds:
    """How many structures and ties were ended; `is_partial` where the export lacks too many to end any structure."""

    structures: int = 0
    ties: int = 0
    is_partial: bool = False


def settle_ends(day: dt.date) -> SettledEnds:
    """End what the latest export that was read whole no longer lists or states; `day` is that of the one just read."""
    settled = SettledEnds(is_partial=_is_partial(day))
    whole = ImportRun.objects.exclude(finished_at=None).values_list("day", "counts")
    days = [of_run for of_run, counts in whole if of_run is not None and not counts.get("partial")]
    if not settled.is_partial:
        days.append(day)
    if days:
        settled.structures = _end_absent_structures(max(days))
    settled.ties = _settle_ties()
    return settled


def _is_partial(day: dt.date) -> bool:
    """Whether an export lacks so many active structures that an earlier one listed that it cannot be whole."""
    described = ResearchStructure.objects.filter(described_on=day).count()
    absent = ResearchStructure.objects.filter(closed=OPEN, described_on__lt=day).count()
    return absent > _MAX_ABSENT * (described + absent)


def _end_absent_structures(latest: dt.date) -> int:
    absent = list(ResearchStructure.objects.filter(closed=OPEN, described_on__lt=latest).select_related("organisation"))
    ends = _ends_by_succession([record.organisation_id for record in absent])
    ended = []
    for record in absent:
        organisation = record.organisation
        record.closed = ends.get(organisation.pk, UNKNOWN)
        if is_own(organisation) and organisation.period_end == OPEN:
            _end(organisation, record)
            ended.append(organisation)
    update_records(absent, ["closed"])
    update_records(ended, [*PERIOD_FIELDS, "note_en", "note_fr"])
    return len(absent)


def _ends_by_succession(ids: list[int]) -> dict[int, str]:
    """The ends (EDTF) of organisations that others followed: about the year before the one of the succession."""
    rows = Tie.objects.filter(object__in=ids, kind__in=_ENDING_KINDS).exclude(period_start="")
    years = rows.values("object").annotate(year=Max("period_start")).values_list("object", "year")
    return {pk: f"{int(year[:4]) - 1}~" for pk, year in years}


def _end(organisation: Organisation, record: ResearchStructure) -> None:
    if organisation.period_start > record.closed[:4] != UNKNOWN:
        record.closed = UNKNOWN
    organisation.period_end = record.closed
    if not record.closed:
        organisation.attested = attested_between(
            organisation.attested or record.described_on.isoformat(), record.described_on
        )
    if not organisation.note_en and not organisation.note_fr:
        organisation.note_en, organisation.note_fr = NO_LONGER_LISTED
    organisation.prepare()


def _settle_ties() -> int:
    """Give the ties that exports state their ends; return how many that changes."""
    page = structure_url("|").partition("|")[0]
    kinds = [TieKind.SUPERVISOR, TieKind.PARTICIPANT, TieKind.PART_OF]
    with connection.cursor() as cursor:
        # Planned for tables as they were before the import, the query would take minutes.
        cursor.execute("ANALYZE register_tie, register_researchstructure, core_citation, core_source")
        cursor.execute(_STATED_TIES, {"page": page, "length": len(page), "kinds": kinds})
        rows = cursor.fetchall()
    settled = {
        pk: new for pk, end, attested, *stated in rows if (new := _settled(attested, *stated)) != (end, attested)
    }
    changed = list(Tie.objects.filter(pk__in=settled))
    for tie in changed:
        tie.period_end, tie.attested = settled[tie.pk]
        tie.prepare()
    update_records(changed, PERIOD_FIELDS)
    return len(changed)


def _settled(attested: str, last: dt.date, ends: list[str] | None) -> tuple[str, str]:
    """The end of a tie, and what attests it: the first day on which it was stated, and the last if it ended since."""
    first, end = attested.partition("/")[0], _end_of_tie(ends)
    return end, attested_between(first, last) if end == UNKNOWN else first


def _end_of_tie(ends: list[str] | None) -> str:
    """The end of a tie: that of its structures while it is stated, else a day that is not known."""
    if not ends or UNKNOWN in ends:
        return UNKNOWN
    return min((end for end in ends if end != OPEN), default=OPEN)
