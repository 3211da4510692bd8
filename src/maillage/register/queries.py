"""Queries of the register. They return what the actor may see; the caller limits the number of rows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language, gettext_lazy

from maillage.core.actors import Actor
from maillage.core.models import FactQuerySet
from maillage.core.periods import range_contains
from maillage.register.models import Lookalike, Merge, Name, Office, Organisation, ShownOrganisation, Tie
from maillage.register.vocabulary import MEMBERSHIP_KINDS, SUCCESSION_KINDS, NameKind


def organisations(*, actor: Actor, on: dt.date | None = None) -> FactQuerySet[Organisation]:
    """Organisations this actor may see, by name; with a day, those that exist then, surely or perhaps."""
    visible: FactQuerySet[Organisation] = Organisation.objects.visible_to(actor).filter(merged_into=None)
    return (visible.possible_on(on) if on else visible).order_by("sort_name", "id")


def get_organisation(*, actor: Actor, key: str) -> Organisation:
    """The organisation of a key; the key of a merged record leads to the record it was merged into.

    Raises `Organisation.DoesNotExist` where there is none that the actor may see.
    """
    organisation: Organisation = Organisation.objects.visible_to(actor).select_related("merged_into").get(key=key)
    seen = {organisation.pk}
    while organisation.merged_into_id and organisation.merged_into_id not in seen:
        seen.add(organisation.merged_into_id)
        organisation = Organisation.objects.visible_to(actor).get(pk=organisation.merged_into_id)
    return organisation


def shown_organisations(*, actor: Actor) -> list[Organisation]:
    """The organisations whose ecosystem the site shows, in their order, as far as the actor may see them.

    Those that the environment names by key take precedence over those that officers have chosen.
    """
    visible: FactQuerySet[Organisation] = Organisation.objects.visible_to(actor)
    if settings.SHOWN_ORGANISATIONS:
        places = {key: place for place, key in enumerate(settings.SHOWN_ORGANISATIONS)}
        records = visible.filter(key__in=places, merged_into=None)
        return sorted(records, key=lambda organisation: places[organisation.key])
    rows = ShownOrganisation.objects.filter(organisation__in=visible).select_related("organisation")
    return [row.organisation for row in rows.order_by("position", "pk")]


def short_names(organisation_ids: Iterable[int], *, actor: Actor) -> dict[int, str]:
    """The short names of those of the organisations (ids) that the actor may read, by id."""
    found = Organisation.objects.visible_to(actor).filter(pk__in=set(organisation_ids))
    return {organisation.pk: organisation.short_name for organisation in found}


def name_on(organisation: Organisation, day: dt.date, *, actor: Actor) -> str:
    """The official name of an organisation on a day, in the active language if it has one."""
    return names_on([organisation], day, actor=actor)[organisation.pk]


def names_on(organisations: Collection[Organisation], day: dt.date, *, actor: Actor) -> dict[int, str]:
    """Official names on a day by organisation id, in one query; today's name where no name is dated."""
    names_by_organisation: dict[int, list[Name]] = defaultdict(list)
    names = Name.objects.visible_to(actor).filter(organisation__in=organisations, kind=NameKind.OFFICIAL)
    names_on_day = names.possible_on(day)
    for name in names_on_day.order_by("id"):
        names_by_organisation[name.organisation_id].append(name)
    return {
        organisation.pk: _best_name(organisation, names_by_organisation[organisation.pk], day)
        for organisation in organisations
    }


def _best_name(organisation: Organisation, names: list[Name], day: dt.date) -> str:
    """The name in the active language, then the certain one, then the current one, then the latest."""
    language = (get_language() or "fr")[:2]
    current_names = (organisation.name_fr, organisation.name_en)

    def rank(name: Name) -> tuple[bool, bool, bool, dt.date]:
        start = name.days.lower or dt.date.min
        return (name.language == language, range_contains(name.certain, day), name.text in current_names, start)

    # A name of unknown dates does not replace the current name.
    dated = [name for name in names if name.period_start or name.text in current_names]
    return max(dated, key=rank).text if dated else str(organisation.name)


def ties(organisation: Organisation, *, actor: Actor, on: dt.date | None = None) -> FactQuerySet[Tie]:
    """Ties of an organisation in both directions; with a day, those true then, surely or perhaps.

    A tie cannot outlive the organisations it joins, so it is left out on a day when one of them did not exist; but
    successions join organisations that need not have existed at the same time.
    """
    matching: FactQuerySet[Tie] = Tie.objects.visible_to(actor).filter(Q(subject=organisation) | Q(object=organisation))
    visible_organisations = Organisation.objects.visible_to(actor).filter(merged_into=None)
    matching = matching.filter(subject__in=visible_organisations, object__in=visible_organisations)
    if on:
        both_exist = Q(subject__possible__holds=on, object__possible__holds=on)
        matching = matching.possible_on(on).filter(both_exist | Q(kind__in=SUCCESSION_KINDS))
    return matching.select_related("subject", "object").order_by("kind", "id")


def ties_of_each_kind(organisation: Organisation, *, actor: Actor, limit: int) -> list[Tie]:
    """Ties of an organisation that has very many: at most `limit` of each kind and direction, the open ones first."""
    direction = Case(When(subject=organisation, then=Value(1)), default=Value(0))
    place = Window(RowNumber(), partition_by=[F("kind"), direction], order_by=[F("possible").desc(), F("id").asc()])
    ranked = ties(organisation, actor=actor).annotate(place=place)
    return list(ranked.filter(place__lte=limit).order_by("kind", "id"))


def count_ties(organisation: Organisation, *, actor: Actor) -> dict[tuple[str, bool], int]:
    """How many ties an organisation has of each kind, as their subject (true) and as their object."""
    direction = Case(When(subject=organisation, then=Value(value=True)), default=Value(value=False))
    rows = ties(organisation, actor=actor).annotate(outwards=direction).order_by().values("kind", "outwards")
    return {(row["kind"], row["outwards"]): row["number"] for row in rows.annotate(number=Count("pk"))}


def ties_out(organisation: Organisation, *, actor: Actor, on: dt.date | None = None) -> FactQuerySet[Tie]:
    """Ties whose subject is this organisation: what it is member of, hosts, is part of …"""
    return ties(organisation, actor=actor, on=on).filter(subject=organisation)


def ties_in(organisation: Organisation, *, actor: Actor, on: dt.date | None = None) -> FactQuerySet[Tie]:
    """Ties whose object is this organisation: its members, its parts …"""
    return ties(organisation, actor=actor, on=on).filter(object=organisation)


# At most so many members of a network are read; a larger network is as good as public.
NETWORK_LIMIT = 5_000


def network_ids_of(organisation_id: int, day: dt.date) -> set[int]:
    """The organisations (ids) that an organisation (id) surely belongs to on `day`."""
    return set(
        Tie.objects.certain_on(day)
        .filter(subject=organisation_id, kind__in=MEMBERSHIP_KINDS)
        .values_list("object_id", flat=True)
    )


def member_ids_of(network: int, day: dt.date) -> set[int]:
    """The members (ids) that surely belong to a network (id) on `day`."""
    return member_ids_of_any({network}, day)


def member_ids_of_any(networks: Collection[int], day: dt.date) -> set[int]:
    """The ids of those that surely belong to one of these networks (ids) on `day`, at most `NETWORK_LIMIT`."""
    memberships = Tie.objects.certain_on(day).filter(object__in=networks, kind__in=MEMBERSHIP_KINDS)
    return set(memberships.values_list("subject_id", flat=True)[:NETWORK_LIMIT])


def offices(organisation: Organisation, *, actor: Actor, on: dt.date | None = None) -> FactQuerySet[Office]:
    """The offices of an organisation, by name of the person; with a day, those held then, surely or perhaps."""
    matching: FactQuerySet[Office] = Office.objects.visible_to(actor).filter(organisation=organisation)
    return (matching.possible_on(on) if on else matching).order_by("person_name", "id")


@dataclass(frozen=True, slots=True)
class LookalikePair:
    """Two records that may be one organisation, with the reasons in the active language."""

    pk: int
    organisation: Organisation
    incoming: Organisation
    decision: str
    reasons: list[str]


def undecided_lookalikes(*, actor: Actor) -> QuerySet[Lookalike]:
    """Pairs still to decide; for officers, since they may hold records that others do not see."""
    undecided = Lookalike.objects.filter(decision="").filter(organisation__merged_into=None, incoming__merged_into=None)
    return undecided if actor.is_officer else undecided.none()


def merges(*, actor: Actor) -> QuerySet[Merge]:
    """Merges of two records of one organisation, undone or not; for officers."""
    return Merge.objects.all() if actor.is_officer else Merge.objects.none()


def list_lookalikes(*, actor: Actor, limit: int = 50) -> list[LookalikePair]:
    """Pairs still to decide, the oldest first; for officers."""
    rows = undecided_lookalikes(actor=actor).select_related("organisation", "incoming").order_by("id")[:limit]
    return [
        LookalikePair(
            lookalike.pk,
            lookalike.organisation,
            lookalike.incoming,
            lookalike.decision,
            [lookalike_reason_text(reason) for reason in lookalike.reasons],
        )
        for lookalike in rows
    ]


_REASON_TEXTS = {
    "name": gettext_lazy("Near names (%(score)s of 100): “%(incoming)s” and “%(here)s”."),
    "identifier": gettext_lazy("Both have the identifier %(value)s of %(scheme)s."),
    "town": gettext_lazy("Both are in the same town."),
    "acronym": gettext_lazy("Both have the acronym “%(value)s”."),
    "link": gettext_lazy("A published link between RNSR and ROR, on the ground of %(ground)s."),
    "other-town": gettext_lazy("Doubtful: they are not in the same town."),
    "several": gettext_lazy("Doubtful: %(count)s structures are linked to this record of ROR."),
}
_LINK_GROUNDS = {
    "grid": gettext_lazy("the same GRID identifier"),
    "exact label": gettext_lazy("exactly the same name"),
    "acronym and town": gettext_lazy("the same acronym and town"),
}


def lookalike_reason_text(reason: Mapping[str, object]) -> str:
    """A reason why two records look alike, in the active language; `reason` is an item of `Lookalike.reasons`."""
    ground = str(reason.get("ground", ""))
    return str(_REASON_TEXTS[str(reason["reason"])]) % {**reason, "ground": _LINK_GROUNDS.get(ground, ground)}


@dataclass(slots=True)
class Neighbourhood:
    """An organisation, those one or two ties away with that distance, and the ties between all of them."""

    centre: Organisation
    distance: dict[int, int] = field(default_factory=dict)
    organisations: dict[int, Organisation] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    # Whether ties beyond the limit were left out.
    cut: bool = False


def neighbourhood(
    organisation: Organisation, *, actor: Actor, on: dt.date, depth: int = 2, limit: int = 60
) -> Neighbourhood:
    """The organisations within `depth` ties of one on a day, at most `limit`, the nearest first, and their ties."""
    result = Neighbourhood(organisation, {organisation.pk: 0}, {organisation.pk: organisation})
    frontier: set[int] = {organisation.pk}
    for distance in range(1, depth + 1):
        # One more than the limit, to notice that some are left out.
        ring_ties = list(_visible_ties_of(frontier, actor, on)[: 4 * limit + 1])
        result.cut |= len(ring_ties) > 4 * limit
        frontier = _add_ring(result, ring_ties[: 4 * limit], distance, limit)
    return result


def _visible_ties_of(ids: Iterable[int], actor: Actor, on: dt.date) -> FactQuerySet[Tie]:
    visible_organisations = Organisation.objects.visible_to(actor).filter(merged_into=None).possible_on(on)
    matching: FactQuerySet[Tie] = Tie.objects.visible_to(actor).possible_on(on)
    matching = matching.filter(Q(subject__in=ids) | Q(object__in=ids)).filter(
        subject__in=visible_organisations, object__in=visible_organisations
    )
    return matching.select_related("subject", "object").order_by("id")


def _add_ring(result: Neighbourhood, ring_ties: list[Tie], distance: int, limit: int) -> set[int]:
    """Add the organisations that the ties reach and the ties between those present; return the ids of the new ones."""
    new_ids: set[int] = set()
    known_tie_ids = {tie.pk for tie in result.ties}
    for tie in ring_ties:
        for organisation in (tie.subject, tie.object):
            if organisation.pk not in result.organisations and len(result.organisations) <= limit:
                result.organisations[organisation.pk], result.distance[organisation.pk] = organisation, distance
                new_ids.add(organisation.pk)
        is_inside = tie.subject_id in result.organisations and tie.object_id in result.organisations
        result.cut |= not is_inside
        if is_inside and tie.pk not in known_tie_ids:
            result.ties.append(tie)
    return new_ids
