"""Writing of the ties that an export states: supervision, participation, parents and children, successions.

A tie is recorded once for two organisations, open and attested from the first day on which it was stated; what ends is
settled when the export is read whole (see `ends`). A tie with a structure that is not in the register waits for it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.core.models import Citation
from maillage.core.periods import OPEN, UNKNOWN
from maillage.register.bulk_rows import create_records, update_records
from maillage.register.import_runs import Refusal
from maillage.register.models import Identifier, PendingTie, ResearchStructure, Tie
from maillage.register.rnsr.citing import cite, sources_by_url, structure_url
from maillage.register.rnsr.records import BodyMention, StructureTies
from maillage.register.vocabulary import HIERARCHY_KINDS, SUCCESSION_KINDS, TieKind

STATED_KINDS = (TieKind.SUPERVISOR, TieKind.PARTICIPANT, TieKind.PART_OF, *sorted(SUCCESSION_KINDS))
PERIOD_FIELDS = ["period_start", "period_end", "attested", "certain", "possible", "days"]
_ABOVE = """
    WITH RECURSIVE above(id) AS (
        SELECT unnest(%(ids)s::bigint[])
        UNION SELECT CASE t.kind WHEN 'part-of' THEN t.object_id ELSE t.subject_id END FROM above JOIN register_tie t
            ON t.kind = %(kind)s AND above.id = CASE t.kind WHEN 'part-of' THEN t.subject_id ELSE t.object_id END)
    SELECT CASE t.kind WHEN 'part-of' THEN t.subject_id ELSE t.object_id END,
        CASE t.kind WHEN 'part-of' THEN t.object_id ELSE t.subject_id END
    FROM above JOIN register_tie t
        ON t.kind = %(kind)s AND above.id = CASE t.kind WHEN 'part-of' THEN t.subject_id ELSE t.object_id END"""

TieEnds = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class StatedTie:
    """A tie that the row of a structure states, with the ids of both organisations."""

    line: int
    rnsr: str
    subject: int
    object: int
    kind: str
    year: str = ""

    @property
    def ends(self) -> TieEnds:
        return self.subject, self.object, self.kind


@dataclass(slots=True)
class WrittenTies:
    created: int = 0
    changed: int = 0
    pending: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def write_ties(rows: list[StructureTies], bodies: dict[BodyMention, int], day: dt.date) -> WrittenTies:
    """Write the ties that rows of an export of `day` state; `bodies` are the organisations (ids) of their bodies."""
    written = WrittenTies()
    organisations = _organisations_of_numbers(rows)
    stated, pending = _resolved(rows, bodies, organisations)
    _write_stated(_without_own(stated, written), day, written)
    written.pending = _save_pending(pending, organisations, day)
    ResearchStructure.objects.filter(rnsr__in={row.rnsr for row in rows}).filter(
        Q(tied_on=None) | Q(tied_on__lt=day)
    ).update(tied_on=day)
    return written


def write_arrived_ties() -> WrittenTies:
    """Write the ties that waited for a structure which is in the register now."""
    written = WrittenTies()
    waiting = PendingTie.objects.filter(scheme="rnsr", stated_on__isnull=False)
    numbers = Identifier.objects.filter(scheme="rnsr", value__in=waiting.values("value"))
    arrived = dict(numbers.values_list("value", "organisation_id"))
    rows = list(waiting.filter(value__in=arrived).order_by("pk"))
    own_numbers = dict(
        ResearchStructure.objects.filter(organisation__in={row.subject_id for row in rows})
        .order_by("-pk")
        .values_list("organisation_id", "rnsr")
    )
    by_day: dict[dt.date, list[StatedTie]] = defaultdict(list)
    for row in rows:
        if row.stated_on and (rnsr := own_numbers.get(row.subject_id)):
            near, far = row.subject_id, arrived[row.value]
            ends = (far, near) if row.reversed else (near, far)
            by_day[row.stated_on].append(StatedTie(0, rnsr, *ends, row.kind, row.period_start))
    for day, stated in by_day.items():
        _write_stated(_without_own(stated, written), day, written)
    PendingTie.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return written


def _organisations_of_numbers(rows: Iterable[StructureTies]) -> dict[str, int]:
    numbers = {row.rnsr for row in rows} | {relation.rnsr for row in rows for relation in row.relations}
    found = Identifier.objects.filter(scheme="rnsr", value__in=numbers)
    return dict(found.values_list("value", "organisation_id"))


Pending = tuple[str, str, bool, str, str]


def _resolved(
    rows: list[StructureTies], bodies: dict[BodyMention, int], organisations: dict[str, int]
) -> tuple[list[StatedTie], list[Pending]]:
    """The stated ties whose two organisations are in the register, and those that wait for one."""
    stated, pending = [], []
    for row in rows:
        near = organisations[row.rnsr]
        stated += [StatedTie(row.line, row.rnsr, bodies[mention], near, kind) for kind, mention in row.bodies]
        for relation in row.relations:
            far = organisations.get(relation.rnsr)
            if far is None:
                pending.append((row.rnsr, relation.kind, relation.reversed, relation.rnsr, relation.year))
            else:
                ends = (far, near) if relation.reversed else (near, far)
                stated.append(StatedTie(row.line, row.rnsr, *ends, relation.kind, relation.year))
    return stated, pending


def _without_own(stated: list[StatedTie], written: WrittenTies) -> list[StatedTie]:
    """The ties that join two organisations; one of an organisation with itself is refused."""
    for tie in stated:
        if tie.subject == tie.object:
            reason = _("%s would have this tie with itself (“%s”); RNSR must correct it, or a merge be undone")
            written.refusals.append((tie.line, tie.rnsr, "tie", reason % (tie.rnsr, TieKind(tie.kind).label)))
    return [tie for tie in stated if tie.subject != tie.object]


def _write_stated(stated: list[StatedTie], day: dt.date, written: WrittenTies) -> None:
    existing = _existing(stated)
    new_ends = {tie.ends for tie in stated} - existing.keys()
    stated = _without_circles(stated, new_ends, written)
    by_ends: dict[TieEnds, list[StatedTie]] = defaultdict(list)
    for tie in stated:
        by_ends[tie.ends].append(tie)
    new = [_new_tie(ties[0], day) for ends, ties in by_ends.items() if ends in new_ends]
    create_records(new)
    written.created += len(new)
    held = existing | {(tie.subject_id, tie.object_id, tie.kind): [tie] for tie in new}
    sources = sources_by_url({structure_url(tie.rnsr) for tie in stated})
    own = _stated_before(existing)
    changed, cited = [], defaultdict[int, set[int]](set)
    for ends, ties in by_ends.items():
        held_tie = _matching(held[ends], ties[0])
        if held_tie.pk in own and _state_again(held_tie, ties[0], day, own[held_tie.pk]):
            changed.append(held_tie)
        if held_tie.pk not in own and ends not in new_ends and not _agrees(held_tie, day):
            written.refusals.append(_contradiction(ties[0], held_tie))
        else:
            cited[held_tie.pk] |= {sources[structure_url(each.rnsr)] for each in ties}
    update_records(changed, PERIOD_FIELDS)
    written.changed += len(changed)
    cite("register.tie", cited, day)


def _existing(stated: list[StatedTie]) -> dict[TieEnds, list[Tie]]:
    """The ties of the register with the same two organisations and kind as a stated one."""
    wanted = {tie.ends for tie in stated}
    subjects = {tie.subject for tie in stated if tie.kind in SUCCESSION_KINDS or tie.kind == TieKind.PART_OF}
    objects = {tie.object for tie in stated if tie.kind not in SUCCESSION_KINDS}
    found: dict[TieEnds, list[Tie]] = defaultdict(list)
    rows = Tie.objects.filter(kind__in=STATED_KINDS).filter(Q(subject__in=subjects) | Q(object__in=objects))
    for tie in rows.order_by("days", "pk"):
        if (ends := (tie.subject_id, tie.object_id, tie.kind)) in wanted:
            found[ends].append(tie)
    return dict(found)


def _matching(ties: list[Tie], stated: StatedTie) -> Tie:
    """Of several ties of one kind of two organisations, that of the stated year, else the open one, else the first."""
    return max(ties, key=lambda tie: (bool(stated.year) and tie.period_start == stated.year, tie.period_end == OPEN))


def _stated_before(existing: dict[TieEnds, list[Tie]]) -> dict[int, dt.date]:
    """The ties (ids) that exports stated before and no other source does, with the latest day."""
    ids = [tie.pk for ties in existing.values() for tie in ties]
    pages = structure_url("")[: structure_url("").index("?")]
    latest: dict[int, dt.date] = {}
    others = set()
    citations = Citation.objects.filter(record_kind="register.tie", record_id__in=ids)
    for pk, url, read_on in citations.values_list("record_id", "source__url", "read_on"):
        if url.startswith(pages):
            latest[pk] = max(read_on, latest.get(pk, read_on))
        else:
            others.add(pk)
    return {pk: day for pk, day in latest.items() if pk not in others}


def _new_tie(stated: StatedTie, day: dt.date) -> Tie:
    attested = "" if stated.year else day.isoformat()
    tie = Tie(
        subject_id=stated.subject,
        object_id=stated.object,
        kind=stated.kind,
        period_start=stated.year,
        attested=attested,
    )
    tie.prepare()
    return tie


def _state_again(tie: Tie, stated: StatedTie, day: dt.date, latest: dt.date) -> bool:
    """Note that a tie was stated on a day, `latest` being the last one before; return whether that changes it."""
    before = tie.period_start, tie.period_end, tie.attested
    if stated.kind in SUCCESSION_KINDS:
        if stated.year and day >= latest:
            tie.period_start, tie.attested = stated.year, ""
    elif tie.period_end == UNKNOWN and day > latest:
        # It was no longer stated for a while, and is again.
        tie.period_end, tie.attested = OPEN, day.isoformat()
    elif tie.attested:
        first, _slash, last = tie.attested.partition("/")
        tie.attested = "/".join(filter(None, (min(first, day.isoformat()), last)))
    tie.prepare()
    return before != (tie.period_start, tie.period_end, tie.attested)


def _agrees(tie: Tie, day: dt.date) -> bool:
    """Whether a tie that others stated may hold on a day; successions are events, and have no other day."""
    return tie.kind in SUCCESSION_KINDS or (tie.possible.lower or dt.date.min) <= day < (
        tie.possible.upper or dt.date.max
    )


def _contradiction(stated: StatedTie, tie: Tie) -> Refusal:
    reason = _("RNSR states “%(tie)s”, which the register has for another time (%(period)s); correct that tie there")
    return stated.line, stated.rnsr, "tie", reason % {"tie": tie, "period": tie.period}


def _without_circles(stated: list[StatedTie], new: set[TieEnds], written: WrittenTies) -> list[StatedTie]:
    """The stated ties without those new ones that would rank an organisation above itself."""
    refused: set[TieEnds] = set()
    for kind in sorted(HIERARCHY_KINDS):
        pairs = {tie.ends: tie for tie in stated if tie.kind == kind and tie.ends in new}
        above = _above(kind, {tie.object if kind == TieKind.PART_OF else tie.subject for tie in pairs.values()})
        for ends, tie in pairs.items():
            lower, upper = (tie.subject, tie.object) if kind == TieKind.PART_OF else (tie.object, tie.subject)
            if _is_above(above, upper, lower):
                refused.add(ends)
                reason = _("this tie of %s (“%s”) would rank an organisation above itself; RNSR must correct it")
                written.refusals.append((tie.line, tie.rnsr, "tie", reason % (tie.rnsr, TieKind(kind).label)))
            else:
                above[lower].add(upper)
    new -= refused
    return [tie for tie in stated if tie.ends not in refused]


def _above(kind: str, ids: set[int]) -> dict[int, set[int]]:
    above: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"ids": list(ids), "kind": kind})
        for lower, upper in cursor.fetchall():
            above[lower].add(upper)
    return above


def _is_above(above: dict[int, set[int]], start: int, end: int) -> bool:
    """Whether `end` is above `start`, or is `start`."""
    seen, waiting = {start}, [start]
    while waiting:
        current = waiting.pop()
        if current == end:
            return True
        unseen = above.get(current, set()) - seen
        seen |= unseen
        waiting += unseen
    return False


def _save_pending(pending: list[Pending], organisations: dict[str, int], day: dt.date) -> int:
    """Keep the ties that wait for a structure; return how many are new."""
    ids = {organisations[rnsr] for rnsr, *_rest in pending}
    existing = {
        (row.subject_id, row.kind, row.reversed, row.value): row
        for row in PendingTie.objects.filter(subject__in=ids, scheme="rnsr")
    }
    new, later = [], []
    for rnsr, kind, turned, value, year in pending:
        identity = (organisations[rnsr], kind, turned, value)
        row = existing.get(identity)
        if row is None:
            row = PendingTie(subject_id=identity[0], kind=kind, reversed=turned, scheme="rnsr", value=value,
                             period_start=year, stated_on=day)  # fmt: skip
            existing[identity] = row
            new.append(row)
        elif row.pk is not None and (row.stated_on is None or row.stated_on < day):
            row.stated_on, row.period_start = day, year or row.period_start
            later.append(row)
    create_records(new)
    update_records(later, ["stated_on", "period_start"])
    return len(new)
