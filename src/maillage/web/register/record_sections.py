"""Sections of the page of an organisation, composed from the records of several rooms."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.core.models import Fact
from maillage.core.periods import TruthOnDay
from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.labels.listing import award_link
from maillage.labels.models import Award
from maillage.listing.listing import LISTINGS, Listing, filter_records
from maillage.listing.values import LocalisedText, localised_text, organisation_link, period_value
from maillage.people.queries import manages
from maillage.presentation import cells, marks, record_links, timeline
from maillage.presentation.links import link_as_of
from maillage.register import queries
from maillage.register.identifier_list import IDENTIFIERS
from maillage.register.models import Name, Organisation, Tie
from maillage.register.name_list import NAMES
from maillage.register.vocabulary import SUCCESSION_KINDS, NameKind, TieKind
from maillage.web.facts.addresses import fact_links, facts_to_add, writing_links
from maillage.web.labels.record_sections import awards_with_badge
from maillage.web.laboratories.project_chart import past_work_section
from maillage.web.listing.page_parts import register_list_names, register_record_sections
from maillage.web.offers.record_sections import organisation_offer_section
from maillage.web.proposals.links import links_of
from maillage.web.register import neighbourhood

_TIES_READ = 300
_TIES_SHOWN = 24
_ROWS_SHOWN = 12
_SECTIONS = (
    "awards",
    "offers",
    "offices",
    "trials",
    "projects",
    "startups",
    "agreements",
    "funding",
    "events",
    "labels",
    "perimeters",
)


@dataclass(frozen=True, slots=True)
class TieRow:
    tie: Tie
    other: Organisation
    name: SafeString
    when: str
    force: SafeString
    holds: TruthOnDay


@dataclass(slots=True)
class TieGroup:
    """The ties of one kind in one direction: `has as member`."""

    title: str
    rows: list[TieRow] = field(default_factory=list)
    others: int = 0


@dataclass(frozen=True, slots=True)
class ListSectionRow:
    """A row of a section, with the page of its record; `badge` is the id of the award whose badge it links to, or 0."""

    name: SafeString
    detail: SafeString
    when: str
    force: SafeString
    url: str
    badge: int = 0


@dataclass(frozen=True, slots=True)
class ListSection:
    """The first records of one listing about the organisation; `all_url` is empty where there are no others."""

    name: str
    title: str
    rows: list[ListSectionRow]
    all_url: str


@register_list_names("organisations")
def organisation_names(request: Request, organisations: Iterable[Organisation]) -> dict[int, LocalisedText]:
    """The names of organisations that had another name on the day read."""
    if request.as_of.day is None:
        return {}
    rows = list(organisations)
    names = queries.names_on(rows, request.as_of.on, actor=request.actor)
    return {
        organisation.pk: LocalisedText(names[organisation.pk], organisation.get_absolute_url())
        for organisation in rows
        if names[organisation.pk] not in (organisation.name_fr, organisation.name_en)
    }


@register_record_sections("organisations")
def organisation_sections(request: Request, organisation: Organisation) -> dict[str, object]:
    """Ties, the rooms' lists, names over time, the timeline and the drawn neighbourhood."""
    ties, tie_counts = _ties(request, organisation)
    names = list(organisation.names.visible_to(request.actor).order_by("-days", "kind", "language", "id")[:40])
    records_by_listing = {name: _records(request, LISTINGS[name], organisation) for name in _SECTIONS}
    return {
        "template": "organisation",
        "successors": _successors(request, organisation, ties),
        "groups": _grouped(request, organisation, ties, tie_counts),
        "ties_url": _list_url(request, "ties", organisation),
        "sections": [
            _section(request, LISTINGS[name], organisation, rows) for name, rows in records_by_listing.items() if rows
        ],
        **_names_and_identifiers(request, organisation, names),
        **_name_on_that_day(request, organisation, names),
        "labels_held": _labels_held(request, records_by_listing["awards"]),
        "has_sentences": _has_sentences(request, organisation),
        "moments": _moments(request, organisation, ties, names, records_by_listing),
        "map": neighbourhood.neighbourhood_drawing(request, organisation, ties),
        "facts_to_add": list(facts_to_add(request, organisation)) if request.as_of.known is None else [],
        "may_manage": manages(request.actor, organisation),
        **organisation_offer_section(request, organisation),
        **(past_work_section(request, organisation) if records_by_listing["projects"] else {}),
    }


def _has_sentences(request: Request, organisation: Organisation) -> bool:
    """Whether the page of an organisation has sentences of its own; a draft that is made of the facts has none."""
    statements = LISTINGS["statements"].records(request.actor)
    return bool(statements.filter(section__organisation=organisation).exists())


def _names_and_identifiers(request: Request, organisation: Organisation, names: list[Name]) -> dict[str, object]:
    """The names and identifiers with the addresses by which this reader changes them, or proposes to, unless past."""
    is_now = request.as_of.known is None
    # Whoever may write the organisation may write its names and identifiers: asked once for all of them.
    may_write = is_now and fact_links(request, organisation) is not None
    make_links = writing_links if may_write else links_of
    rows = [
        (name, cells.render_text(period_value(name)), make_links(NAMES, name) if is_now else None) for name in names
    ]
    identifiers = sorted(organisation.identifiers.all(), key=lambda each: (each.scheme, each.value)) if is_now else []
    return {
        "names": rows,
        "may_write_names": may_write,
        "new_name_url": _new_part_address(NAMES, organisation, may_write=may_write) if is_now else "",
        "identifiers": [(identifier, make_links(IDENTIFIERS, identifier)) for identifier in identifiers],
        "new_identifier_url": _new_part_address(IDENTIFIERS, organisation, may_write=may_write),
    }


def _new_part_address(fact_list: AnyFactList, organisation: Organisation, *, may_write: bool) -> str:
    """The address at which a name or an identifier of an organisation is recorded, or proposed."""
    page = reverse("new-fact" if may_write else "propose-fact", args=[fact_list.name])
    return f"{page}?{urlencode({'of': organisation.key})}"


def _name_on_that_day(request: Request, organisation: Organisation, names: list[Name]) -> dict[str, object]:
    """On a day other than today, that day's official name as heading, and today's name; empty if they are the same."""
    active_language = (get_language() or "fr")[:2]
    day = request.as_of.on
    official = (name for name in names if name.kind == NameKind.OFFICIAL and name.language)
    names_on_day = [name for name in official if name.in_force(day) is TruthOnDay.YES]
    names_on_day.sort(key=lambda name: name.language != active_language)
    if request.as_of.day is None or not names_on_day or names_on_day[0].text == str(organisation):
        return {}
    language = "" if names_on_day[0].language == active_language else names_on_day[0].language
    return {
        "heading": LocalisedText(names_on_day[0].text, language=language),
        "called_today": localised_text(organisation, "name"),
    }


TieCounts = dict[tuple[str, bool], int]


def _ties(request: Request, organisation: Organisation) -> tuple[list[Tie], TieCounts]:
    """Ties of an organisation; of one with very many, some of each kind, and how many there are of each."""
    ties = list(queries.ties(organisation, actor=request.actor)[:_TIES_READ])
    if len(ties) < _TIES_READ:
        return ties, {}
    some = queries.ties_of_each_kind(organisation, actor=request.actor, limit=2 * _TIES_SHOWN)
    return some, queries.count_ties(organisation, actor=request.actor)


def _successors(request: Request, organisation: Organisation, ties: Iterable[Tie]) -> list[TieGroup]:
    """The organisations that followed this one by the day read, by kind of succession; not those it goes on beside."""
    kinds = SUCCESSION_KINDS - {TieKind.SPUN_OFF}
    followed = [tie for tie in ties if tie.kind in kinds and tie.object_id == organisation.pk]
    return _grouped(
        request, organisation, (tie for tie in followed if tie.in_force(request.as_of.on) is not TruthOnDay.NO)
    )


def _list_url(request: Request, name: str, organisation: Organisation) -> str:
    return link_as_of(f"{reverse(f'{name}:list')}?organisation={organisation.key}", request.as_of)


def _grouped(
    request: Request, organisation: Organisation, ties: Iterable[Tie], counts: TieCounts | None = None
) -> list[TieGroup]:
    """Ties by kind and direction, those true on the day read first; `counts` where there are more than these."""
    groups: dict[str, list[TieRow]] = defaultdict(list)
    for tie in ties:
        outwards = tie.subject_id == organisation.pk
        title = str(tie.get_kind_display()) if outwards else tie.inverse
        groups[title].append(_tie_row(request, tie, tie.object if outwards else tie.subject))
    order = {TruthOnDay.YES: 0, TruthOnDay.UNSURE: 1, TruthOnDay.NO: 2}
    tie_groups = []
    for title, rows in groups.items():
        rows.sort(key=lambda row: (order[row.holds], row.other.localised_sort_name))
        one = rows[0].tie
        number = (counts or {}).get((one.kind, one.subject_id == organisation.pk), len(rows))
        tie_groups.append(TieGroup(title, rows[:_TIES_SHOWN], max(0, number - _TIES_SHOWN)))
    return tie_groups


def _tie_row(request: Request, tie: Tie, other: Organisation) -> TieRow:
    day = request.as_of.on
    force = marks.fact_state_mark(marks.fact_state_on(tie, day))
    when = cells.render_text(period_value(tie)) or _("dates unknown")
    return TieRow(
        tie, other, cells.render_html(organisation_link(other), request.as_of), when, force, tie.in_force(day)
    )


def _records(request: Request, listing: Listing, organisation: Organisation) -> list[Fact]:
    """The first records of a listing about the organisation, and one more to know whether there are others."""
    about = filter_records(
        listing, listing.records(request.actor), {"organisation": organisation.key}, request.as_of.on
    )
    return list(about.order_by("-days", "-pk")[: _ROWS_SHOWN + 1])


def _section(request: Request, listing: Listing, organisation: Organisation, records: Sequence[Fact]) -> ListSection:
    has_more = len(records) > _ROWS_SHOWN
    badges = (
        awards_with_badge(record for record in records if isinstance(record, Award))
        if request.as_of.known is None
        else set()
    )
    rows = [_section_row(request, listing, organisation, record, badges) for record in records[:_ROWS_SHOWN]]
    all_url = _list_url(request, listing.name, organisation) if has_more else ""
    return ListSection(listing.name, str(listing.title), rows, all_url)


def _section_row(
    request: Request, listing: Listing, organisation: Organisation, record: Fact, badges: set[int]
) -> ListSectionRow:
    first, second = listing.columns[0].value(record), (listing.detail or listing.columns[1].value)(record)
    if isinstance(second, LocalisedText) and second.url == organisation.get_absolute_url():
        second = None
    return ListSectionRow(
        cells.render_html(first, request.as_of),
        cells.render_html(second, request.as_of),
        cells.render_text(period_value(record)) or _("dates unknown"),
        marks.fact_state_mark(marks.fact_state_on(record, request.as_of.on)),
        link_as_of(record_links.page_address(listing, record), request.as_of),
        record.pk if record.pk in badges else 0,
    )


def _labels_held(request: Request, awards: list[Fact]) -> list[tuple[SafeString, bool]]:
    """The labels held on the day, and whether that is sure."""
    day = request.as_of.on
    answers = ((award, award.in_force(day)) for award in awards if isinstance(award, Award))
    return [
        (cells.render_html(award_link(award), request.as_of), answer is TruthOnDay.YES)
        for award, answer in answers
        if answer is not TruthOnDay.NO
    ]


def _moments(
    request: Request,
    organisation: Organisation,
    ties: list[Tie],
    names: list[Name],
    records_by_listing: dict[str, list[Fact]],
) -> list[timeline.Moment]:
    on = request.as_of.on
    moments = [*timeline.record_moments(organisation, (), on)]
    for name in _one_name_per_period(names):
        localised_name = LocalisedText(name.text, language=name.language)
        moments += timeline.period_moments(name, _("takes the name"), _("leaves the name"), on, localised_name)
    for tie in ties:
        moments += _tie_moments(organisation, tie, on)
    for kind, rows in records_by_listing.items():
        for record in rows:
            subject = _subject(LISTINGS[kind], record, organisation)
            begins, ended = _("%(kind)s:"), _("%(kind)s, end:")
            kind_word = {"kind": LISTINGS[kind].singular}
            moments += timeline.period_moments(record, begins % kind_word, ended % kind_word, on, subject)
    return timeline.sorted_moments(moments)


def _one_name_per_period(names: list[Name]) -> list[Name]:
    """Of names in two languages for one period, only the one in the active language."""
    active_language = (get_language() or "fr")[:2]
    in_active_language = {(name.kind, name.period_start) for name in names if name.language == active_language}
    return [
        name
        for name in names
        if name.language == active_language or (name.kind, name.period_start) not in in_active_language
    ]


def _subject(listing: Listing, record: object, organisation: Organisation) -> LocalisedText:
    """The title of a record other than the organisation itself: an award has its label."""
    values = [column.value(record) for column in listing.columns[:2]]
    first = next((value for value in values if str(value) != str(organisation)), values[0])
    language = first.language if isinstance(first, LocalisedText) else ""
    return LocalisedText(str(first), record_links.page_address(listing, record), language)


def _tie_moments(organisation: Organisation, tie: Tie, on: dt.date) -> Iterator[timeline.Moment]:
    outwards = tie.subject_id == organisation.pk
    other = tie.object if outwards else tie.subject
    words = str(tie.get_kind_display()) if outwards else tie.inverse
    return timeline.period_moments(tie, words, _("no longer: %(tie)s") % {"tie": words}, on, organisation_link(other))
