"""Figures of the needs that organisations received in a period, for those who deal with them.

One received need is one line; every figure is counted over lines, so that the sums of all tables agree.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from statistics import median

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.text import label_and_value
from maillage.partnerships.models import (
    DEALING_ROLES,
    SIZE_CHOICES,
    Answer,
    Message,
    MessageThread,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    Requester,
)
from maillage.partnerships.queries import requesters_of
from maillage.partnerships.sectors import Sector
from maillage.register.models import Organisation
from maillage.rules.company_size import SizeClass
from maillage.workflow.models import CaseStep

# The most lines that are read: beyond, only the latest.
MAX_LINES = 20_000
SOURCES: dict[str, str | Promise] = {
    "site": gettext_lazy("stated to the organisation on the site"),
    "offer": gettext_lazy("stated from the page of an offer"),
    "mailed": gettext_lazy("mailed to the contact, as nobody acted"),
    "passed-on": gettext_lazy("passed on by another organisation"),
}
# How many days passed before the first word: up to so many, in words.
_FIRST_WORD: tuple[tuple[float, str | Promise], ...] = (
    (1, gettext_lazy("within a day")),
    (3, gettext_lazy("within three days")),
    (7, gettext_lazy("within a week")),
    (14, gettext_lazy("within two weeks")),
    (float("inf"), gettext_lazy("later")),
)
_LOST = (NeedOutcome.DECLINED, NeedOutcome.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need as one organisation received it. `first_word_at` is its first message or answer to the requester.

    `in_time` is unknown while the promised day has not come, and for a need that was withdrawn by then. `lost` says in
    which state, and how, a need was lost.
    """

    key: str
    title: str
    organisation: Organisation
    received_at: dt.datetime
    promised_day: dt.date | None
    dealt_at: dt.datetime | None
    first_word_at: dt.datetime | None
    outcome: str
    source: str
    sector: str
    size: str
    country: str
    in_time: bool | None
    lost: str

    @property
    def received_day(self) -> dt.date:
        return timezone.localdate(self.received_at)

    @property
    def first_word_days(self) -> float | None:
        """The days that passed before the first word; `None` without any."""
        if self.first_word_at is None:
            return None
        return max((self.first_word_at - self.received_at) / dt.timedelta(days=1), 0.0)


@dataclass(frozen=True, slots=True)
class Count:
    """A category with the number of its needs and their share of all that are counted."""

    title: str
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class MonthCount:
    """The needs received in a month (its first day), by what became of them; `in_time` of those `judged`."""

    month: dt.date
    received: int
    answered: int
    redirected: int
    declined: int
    withdrawn: int
    open: int
    in_time: int
    judged: int


@dataclass(frozen=True, slots=True)
class NeedFigures:
    """The figures of some lines. `breakdowns` are the tables of counts by name, in order, with their titles."""

    received: int
    in_time: int
    judged: int
    median_days: float | None
    silent: int
    months: list[MonthCount]
    breakdowns: dict[str, tuple[str, list[Count]]]


def may_read_figures(actor: Actor) -> bool:
    """Whether an actor deals with needs of an organisation, or of all."""
    return actor.is_officer or bool(actor.acting and actor.acting.role in DEALING_ROLES)


def organisations_with_needs(*, actor: Actor) -> list[Organisation]:
    """The organisations within reach that have received a need, by name."""
    ids = _addresses(actor).values("organisation")
    return list(Organisation.objects.visible_to(actor).filter(pk__in=ids).order_by("sort_name")[:200])


def need_lines(
    since: dt.date, until: dt.date, *, actor: Actor, organisation_ids: Collection[int] = (), on: dt.date
) -> list[NeedLine]:
    """The needs received from a day to a day, the latest first; by these organisations (ids), or all within reach."""
    addresses = _addresses(actor).filter(since__date__range=(since, until))
    if organisation_ids:
        addresses = addresses.filter(organisation__in=organisation_ids)
    rows = list(
        addresses.select_related("need", "organisation", "case__definition").order_by("-since", "-pk")[:MAX_LINES]
    )
    need_ids = {row.need_id for row in rows}
    requesters = {requester.need_id: requester for requester in requesters_of(need_ids, actor=actor)}
    first_words, lost = _first_words(need_ids, actor), _lost_at(rows)
    return [
        _line(
            row,
            requesters.get(row.need_id),
            first_words.get((row.need_id, row.organisation_id)),
            lost.get(row.pk, ""),
            on,
        )
        for row in rows
    ]


def _addresses(actor: Actor) -> QuerySet[NeedAddress]:
    addresses: QuerySet[NeedAddress] = NeedAddress.objects.filter(role=NeedAddressRole.ADDRESSEE)
    if actor.is_officer:
        return addresses
    return addresses.filter(organisation__in=actor.reach if may_read_figures(actor) else ())


def _line(
    address: NeedAddress, requester: Requester | None, first_word_at: dt.datetime | None, lost: str, on: dt.date
) -> NeedLine:
    return NeedLine(
        address.need.key,
        address.need.title,
        address.organisation,
        address.since,
        address.promised_day,
        address.dealt_at,
        first_word_at,
        address.outcome,
        _source(address),
        requester.sector if requester else "",
        _size(requester),
        requester.country if requester else "",
        _in_time(address, on),
        lost or (_("%s: overdue, and nobody has answered") % _state(address) if _is_overdue(address, on) else ""),
    )


def _source(address: NeedAddress) -> str:
    if address.since > address.need.stated_at:
        return "passed-on"
    if address.mailed_to:
        return "mailed"
    return "offer" if address.need.about_offer_id else "site"


def _size(requester: Requester | None) -> str:
    if requester is None:
        return SizeClass.UNKNOWN.value
    return requester.size if requester.is_enterprise else ""


def _is_overdue(address: NeedAddress, on: dt.date) -> bool:
    waits = address.dealt_at is None and address.stopped_at is None
    return bool(waits and address.promised_day and address.promised_day < on)


def _in_time(address: NeedAddress, on: dt.date) -> bool | None:
    """As `queries.answer_punctuality` counts it."""
    if address.dealt_at is None or address.promised_day is None:
        return False if _is_overdue(address, on) else None
    in_time = timezone.localdate(address.dealt_at) <= address.promised_day
    return None if in_time and address.outcome == NeedOutcome.WITHDRAWN else in_time


def _state(address: NeedAddress) -> str:
    return str(address.case.current_state.title) if address.case else ""


def _first_words(need_ids: Collection[int], actor: Actor) -> dict[tuple[int, int], dt.datetime]:
    """When each organisation (id) first wrote to the requester of each need (id), in a message or an answer."""
    written = Message.objects.visible_to(actor).filter(
        need__in=need_ids, thread=MessageThread.REQUESTER, organisation__isnull=False
    )
    sent = Answer.objects.filter(need__in=need_ids).exclude(sent_at=None)
    first: dict[tuple[int, int], dt.datetime] = {}
    for need_id, organisation_id, at in chain(
        written.values_list("need", "organisation").annotate(at=Min("written_at")),
        sent.values_list("need", "organisation").annotate(at=Min("sent_at")),
    ):
        first[need_id, organisation_id] = min(at, first.get((need_id, organisation_id), at))
    return first


def _lost_at(rows: Iterable[NeedAddress]) -> dict[int, str]:
    """In which state each need (address id) that was declined or withdrawn was lost, and how."""
    lost = {row.case_id: row for row in rows if row.case and row.outcome in _LOST}
    steps = CaseStep.objects.filter(case__in=lost, after__in=_LOST).order_by("pk")
    words = {}
    for case_id, before in steps.values_list("case", "before"):
        row = lost[case_id]
        definition = row.case.definition.definition if row.case else None
        if definition and before in definition.states:
            words[row.pk] = label_and_value(definition.states[before].title, NeedOutcome(row.outcome).label)
    return words


def need_figures(lines: list[NeedLine]) -> NeedFigures:
    """Every figure of some lines."""
    days = [line.first_word_days for line in lines if line.first_word_days is not None]
    return NeedFigures(
        len(lines),
        sum(line.in_time is True for line in lines),
        sum(line.in_time is not None for line in lines),
        round(median(days), 1) if days else None,
        len(lines) - len(days),
        _months(lines),
        {
            "outcome": (_("Outcome"), _counts(lines, _outcome_words)),
            "lost": (_("Where needs are lost"), _counts([line for line in lines if line.lost], lambda line: line.lost)),
            "first-word": (_("Time to the first word"), _ordered(lines, _first_word_words, _first_word_titles())),
            "source": (_("How they came"), _counts(lines, lambda line: str(SOURCES[line.source]))),
            "sector": (_("Sector of the requester"), _counts(lines, sector_words)),
            "size": (_("Size of the requester"), _ordered(lines, size_words, _size_titles())),
        },
    )


def _outcome_words(line: NeedLine) -> str:
    return str(NeedOutcome(line.outcome).label) if line.outcome else _("not dealt with yet")


def sector_words(line: NeedLine) -> str:
    """The sector of whoever states the need, in words."""
    return str(Sector(line.sector).label) if line.sector else _("not said")


def size_words(line: NeedLine) -> str:
    """The size class of the enterprise that states the need, in words; that it is none."""
    return str(dict(SIZE_CHOICES)[line.size]) if line.size else _("no enterprise")


def _size_titles() -> list[str]:
    known = [str(title) for size, title in SIZE_CHOICES if size != SizeClass.UNKNOWN.value]
    return [*known, _("no enterprise"), str(dict(SIZE_CHOICES)[SizeClass.UNKNOWN.value])]


def _first_word_words(line: NeedLine) -> str:
    days = line.first_word_days
    if days is None:
        return _("no word yet")
    return next(str(title) for most, title in _FIRST_WORD if days <= most)


def _first_word_titles() -> list[str]:
    return [*(str(title) for _most, title in _FIRST_WORD), _("no word yet")]


def _counts(lines: list[NeedLine], words: Callable[[NeedLine], str]) -> list[Count]:
    """The categories with their numbers, the most frequent first."""
    counter = Counter(map(words, lines))
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return [Count(title, number, number / len(lines)) for title, number in ordered]


def _ordered(lines: list[NeedLine], words: Callable[[NeedLine], str], titles: list[str]) -> list[Count]:
    """The categories with their numbers, in the order of `titles`, without those that are empty."""
    counter = Counter(map(words, lines))
    return [Count(title, counter[title], counter[title] / len(lines)) for title in titles if counter[title]]


def _months(lines: list[NeedLine]) -> list[MonthCount]:
    """Every month from the first line to the last, those without needs too."""
    if not lines:
        return []
    by_month: dict[dt.date, list[NeedLine]] = {}
    for line in lines:
        by_month.setdefault(line.received_day.replace(day=1), []).append(line)
    month, last, months = min(by_month), max(by_month), []
    while month <= last:
        months.append(_month(month, by_month.get(month, [])))
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return months


def _month(month: dt.date, lines: list[NeedLine]) -> MonthCount:
    outcomes = Counter(line.outcome for line in lines)
    return MonthCount(
        month,
        len(lines),
        answered=outcomes[NeedOutcome.ANSWERED],
        redirected=outcomes[NeedOutcome.REDIRECTED],
        declined=outcomes[NeedOutcome.DECLINED],
        withdrawn=outcomes[NeedOutcome.WITHDRAWN],
        open=outcomes[""],
        in_time=sum(line.in_time is True for line in lines),
        judged=sum(line.in_time is not None for line in lines),
    )


def month_words(month: dt.date) -> str:
    """A month in words, by its first day."""
    return formats.partial_date(f"{month:%Y-%m}")
