"""The public laboratories nearest to a need, whether or not they offer anything, with the reasons in words."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from django.utils.translation import override
from numpy.typing import NDArray

from maillage.core import formats
from maillage.core.actors import Actor
from maillage.matching.laboratories import reasons as why
from maillage.matching.laboratories.evidence import NOBODY
from maillage.matching.laboratories.evidence import Asker as RankedAsker
from maillage.matching.laboratories.ranker import LaboratoryRanker, RankedLaboratory
from maillage.matching.laboratories.translation import as_french
from maillage.offers.queries import offers
from maillage.partnerships.laboratory_index import get_laboratory_loader
from maillage.partnerships.laboratory_reasons import project_keys, reason_text
from maillage.partnerships.requester_ties import Asker, provider_ties
from maillage.partnerships.sectors import Sector
from maillage.projects.models import Participation, Project
from maillage.projects.queries import parties_of
from maillage.register.label_provider import HeldLabel, label_filter, labels_held, list_known_labels
from maillage.register.models import Organisation

# The beginning of a longer need that is read, in characters.
_MAX_READ = 20_000
# Choices of filters are counted among so many of the nearest, and at most so many are shown.
_COUNTED, _MAX_CHOICES = 200, 60
_MAX_PARTNERS = 500
# What of a reason makes a laboratory near to the need itself.
_OF_THE_NEED = (why.WorksOn, why.NearProjects, why.NearNeeds)


@dataclass(frozen=True, slots=True)
class LaboratoryFilters:
    """A region (ISO 3166-2), a supervising body (key) and a label (key); each may be empty."""

    region: str = ""
    body: str = ""
    label: str = ""


NO_FILTERS = LaboratoryFilters()


@dataclass(frozen=True, slots=True)
class LaboratoryMatch:
    """A laboratory near a need: the reasons in words, its projects nearest to the need, what ties it to who asks.

    `offers` says whether it offers anything here.
    """

    organisation: Organisation
    reasons: tuple[str, ...]
    projects: tuple[Project, ...]
    ties: tuple[str, ...]
    labels: tuple[HeldLabel, ...]
    offers: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, its name, and how many of the nearest laboratories have it."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class LaboratoryMatches:
    """The laboratories near a need, nearest first, out of `compared`; `ready` is false while they are being read."""

    matches: tuple[LaboratoryMatch, ...] = ()
    compared: int = 0
    ready: bool = True
    choices: Mapping[str, list[Choice]] = field(default_factory=dict)


def match_laboratories(
    text: str,
    *,
    actor: Actor,
    on: dt.date,
    asker: Asker | None = None,
    filters: LaboratoryFilters = NO_FILTERS,
    limit: int = 10,
    wait: bool = False,
) -> LaboratoryMatches:
    """Rank the laboratories of the register for a need in French or English.

    Those that are closed are left out, and so are those to which nothing of the need itself leads. Without an `asker`
    it does not matter who asks. `wait` reads a large register now, if it has not been read.
    """
    ranker = get_laboratory_loader().ranker(wait=wait)
    if ranker is None:
        return LaboratoryMatches(ready=False)
    if not ranker.index.laboratories:
        return LaboratoryMatches()
    question = _Question.of(text, asker, actor)
    still_open = _open(ranker, on)
    among = still_open & _filtered(ranker, filters, actor, on)
    found = ranker.explain(question.text, question.asker, limit, use_asker=bool(asker), among=among)
    near = [one for one in found if any(isinstance(reason, _OF_THE_NEED) for reason in one.reasons)]
    return LaboratoryMatches(
        matches=tuple(_in_words(near, asker, actor, on)),
        compared=int(still_open.sum()),
        choices=_choices(ranker, question.nearest(ranker, _COUNTED, still_open), filters, actor, on),
    )


def nearest_laboratory_ids(text: str, *, actor: Actor, on: dt.date, asker: Asker | None, limit: int) -> list[int]:
    """The ids of the laboratories nearest to a need, without reasons; none while a large register is being read."""
    ranker = get_laboratory_loader().ranker()
    if ranker is None or not ranker.index.laboratories:
        return []
    return [int(key) for key in _Question.of(text, asker, actor).nearest(ranker, limit, _open(ranker, on))]


@dataclass(frozen=True, slots=True)
class _Question:
    """A need as the ranking reads it."""

    text: str
    asker: RankedAsker

    @classmethod
    def of(cls, text: str, asker: Asker | None, actor: Actor) -> Self:
        read = text[:_MAX_READ]
        read = as_french(read) if formats.language() == "fr" else read
        return cls(read, _ranked_asker(asker, actor) if asker else NOBODY)

    def nearest(self, ranker: LaboratoryRanker, limit: int, among: NDArray[np.bool_]) -> list[str]:
        """The keys of the nearest laboratories."""
        return [key for key, _score in ranker.rank(self.text, self.asker, limit, among, sharing=True)]


def _ranked_asker(asker: Asker, actor: Actor) -> RankedAsker:
    """Who asks, as the ranking knows them: region, sector in the words of past needs, laboratories of past projects."""
    with override("fr"):
        sector = str(Sector(asker.sector).label) if asker.sector not in ("", Sector.OTHER) else ""
    members = parties_of((), actor, name=asker.organisation, country=asker.country)
    own = Participation.objects.filter(party__in=members).order_by().values("project")
    shared = Project.objects.visible_to(actor).filter(pk__in=own) if members else Project.objects.none()
    others = Participation.objects.filter(project__in=shared).exclude(party__organisation=None).order_by()
    partners = others.values_list("party__organisation_id", flat=True).distinct()[:_MAX_PARTNERS]
    return RankedAsker(asker.locality(actor).region, sector, tuple(map(str, partners)))


def _open(ranker: LaboratoryRanker, on: dt.date) -> NDArray[np.bool_]:
    return np.array([one.closed is None or one.closed > on.year for one in ranker.index.laboratories], np.bool_)


def _filtered(ranker: LaboratoryRanker, filters: LaboratoryFilters, actor: Actor, on: dt.date) -> NDArray[np.bool_]:
    """Which laboratories pass the filters, by column."""
    index = ranker.index
    passing = np.ones(len(index.laboratories), np.bool_)
    if filters.region:
        passing &= index.regions == filters.region
    if filters.body:
        body = Organisation.objects.visible_to(actor).filter(key=filters.body).values_list("pk", flat=True).first()
        passing &= np.array([str(body) in one.supervisors for one in index.laboratories], np.bool_)
    if filters.label:
        holders = label_filter("pk").narrow(Organisation.objects.all(), filters.label, on)
        keys = {str(pk) for pk in holders.values_list("pk", flat=True)}
        passing &= np.array([one.key in keys for one in index.laboratories], np.bool_)
    return passing


def _choices(
    ranker: LaboratoryRanker, keys: Collection[str], filters: LaboratoryFilters, actor: Actor, on: dt.date
) -> dict[str, list[Choice]]:
    """The values of each filter that the nearest laboratories have, the most frequent first, and those in use."""
    nearest = [ranker.index.laboratories[ranker.index.columns_by_key[key]] for key in keys]
    held = labels_held([int(one.key) for one in nearest], on, actor)
    label_names = dict(list_known_labels(actor))
    counts = {
        "region": Counter(one.region for one in nearest if one.region),
        "body": _by_organisation_key(Counter(int(key) for one in nearest for key in one.supervisors), actor),
        "label": Counter(label.label for of_one in held.values() for label in of_one),
    }
    names: dict[str, Callable[[str], str | None]] = {
        "region": formats.region,
        "body": _organisation_names([*counts["body"], filters.body], actor).get,
        "label": label_names.get,
    }
    return {name: _named(counts[name], getattr(filters, name), names[name]) for name in counts}


def _named(counts: Counter[str], in_use: str, name_of: Callable[[str], str | None]) -> list[Choice]:
    counts[in_use] += 0
    named = [(value, name_of(value), count) for value, count in counts.most_common(_MAX_CHOICES) if value]
    return [Choice(value, name, count) for value, name, count in named if name]


def _by_organisation_key(counts: Counter[int], actor: Actor) -> Counter[str]:
    most = dict(counts.most_common(_MAX_CHOICES))
    known = Organisation.objects.visible_to(actor).filter(pk__in=most).values_list("pk", "key")
    return Counter({key: most[pk] for pk, key in known})


def _organisation_names(keys: Collection[str], actor: Actor) -> dict[str, str]:
    return {one.key: str(one.name) for one in Organisation.objects.visible_to(actor).filter(key__in=keys)}


def _in_words(
    near: Iterable[RankedLaboratory], asker: Asker | None, actor: Actor, on: dt.date
) -> Iterable[LaboratoryMatch]:
    """The laboratories that the actor may read, with what is said of each."""
    ranked = {int(one.laboratory.key): one for one in near}
    records = Organisation.objects.visible_to(actor).in_bulk(list(ranked))
    bodies = {int(key) for one in ranked.values() for key in one.laboratory.supervisors}
    names = {str(pk): body.short_name for pk, body in Organisation.objects.visible_to(actor).in_bulk(bodies).items()}
    keys = {key for one in ranked.values() for key in project_keys(one.reasons)}
    projects = {project.key: project for project in Project.objects.visible_to(actor).filter(key__in=keys)}
    ties = provider_ties(asker, records.values(), actor) if asker else {}
    labels = labels_held(list(records), on, actor)
    offered = offers(actor=actor).possible_on(on).filter(provider__in=records)
    offering = set(offered.order_by().values_list("provider_id", flat=True))
    for pk, one in ranked.items():
        if pk in records:
            yield LaboratoryMatch(
                organisation=records[pk],
                reasons=tuple(filter(None, (reason_text(reason, names) for reason in one.reasons))),
                projects=tuple(projects[key] for key in project_keys(one.reasons) if key in projects),
                ties=tuple(ties.get(pk, ())),
                labels=tuple(labels.get(pk, ())),
                offers=pk in offering,
            )
