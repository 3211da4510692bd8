"""Evaluation of rankings: learned from projects signed up to a day, measured on those signed after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.language import N_
from maillage.matching.partners.baselines import BaselineRankings, RankingFunction
from maillage.matching.partners.evidence import EvidenceProject, KnownParty, PartnerEvidence
from maillage.matching.partners.features import MAX_CANDIDATES
from maillage.matching.partners.masked_texts import TEXT_FORMS, MaskedTexts
from maillage.matching.partners.metrics import METRIC_NAMES, Estimate, Ranking, bootstrap_interval, measure_rankings
from maillage.matching.partners.ranker import (
    LearningProgress,
    PartnerRanker,
    learn_ranker,
    load_or_learn_ranker,
    with_single_projects,
)
from maillage.matching.partners.training import answerable_projects

LEARNED_SYSTEM: Final = N_("learned")
UNAWARE_SYSTEM: Final = N_("learned, without the members")
COMPLETION_GROUP: Final = N_("completion from the coordinator")


@dataclass(frozen=True, slots=True)
class PartnerGroup:
    """A group of searches: the parties searched for, and the projects that count as such searches.

    `wants` is told the party and its number of projects. With `among_all` the wanted parties are to be found in the
    ranking of all, else in that of the wanted alone.
    """

    name: str
    wants: Callable[[KnownParty, float], bool] = lambda _party, _projects: True
    counts: Callable[[EvidenceProject], bool] = lambda _project: True
    among_all: bool = False


PARTNER_GROUPS: Final = (
    PartnerGroup(N_("all")),
    PartnerGroup(N_("companies"), wants=lambda party, _projects: party.kind == "PRC"),
    PartnerGroup(N_("laboratories"), wants=lambda party, _projects: party.kind in {"HES", "REC"}),
    PartnerGroup(N_("French organisations"), wants=lambda party, _projects: party.country == "FR"),
    PartnerGroup(N_("research and innovation actions"), counts=lambda project: "RIA" in project.scheme),
    PartnerGroup(N_("organisations with one past project"), wants=lambda _party, projects: projects == 1),
    PartnerGroup(
        N_("organisations with one past project, among all"),
        wants=lambda _party, projects: projects == 1,
        among_all=True,
    ),
)


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """The measures of one system for one group and one form of needs.

    `gains` of the learned ranking, in nDCG@10 and recall@100, are paired, each over the baseline that is best in it.
    """

    form: str
    masked: bool
    group: str
    system: str
    needs: int
    estimates: tuple[Estimate, ...]
    gains: tuple[Estimate, ...] = ()


def evaluate_rankings(
    evidence: PartnerEvidence,
    until: dt.date,
    tell: LearningProgress = lambda _what, _done, _all: None,
    *,
    plain: bool = False,
    kept: Path | None = None,
) -> Iterator[EvaluationRow]:
    """Measure every system for every form and every group that has a need.

    Names are masked; `plain` measures them unmasked too. What was learned is kept in the folder `kept`, if given, and
    read from there. Raises ValueError if no project was signed up to `until`, or none after it by parties known before.
    """
    known = evidence.until(until)
    projects = answerable_projects(evidence.between(until, dt.date.max), known) if known.projects else []
    if not projects:
        raise ValueError("There must be projects signed up to the day, and after it by parties known before.")
    ranker = load_or_learn_ranker(known, kept, tell) if kept else learn_ranker(known, tell)
    trial = _Trial(ranker, MaskedTexts(evidence), projects)
    variants = [(form, masked) for masked in (True, False)[: 1 + plain] for form in TEXT_FORMS]
    for number, (form, masked) in enumerate(variants):
        tell(N_("measuring"), number, len(variants))
        for row in trial.rows(form, masked=masked):
            yield EvaluationRow(form, masked, *row)


Rankings = dict[int, Ranking]
"""Rankings by the position of the project that is the need."""

_Row = tuple[str, str, int, tuple[Estimate, ...], tuple[Estimate, ...]]


@dataclass(frozen=True)
class _Trial:
    """Projects as test needs, with the ranker learned from earlier projects."""

    ranker: PartnerRanker
    statements: MaskedTexts
    projects: Sequence[EvidenceProject]

    @cached_property
    def _baselines(self) -> dict[str, RankingFunction]:
        return BaselineRankings.of(self.ranker.reader.index).systems()

    @cached_property
    def _relevant(self) -> Rankings:
        return {number: self.ranker.reader.index.columns(project) for number, project in enumerate(self.projects)}

    @cached_property
    def _coordinators(self) -> list[Ranking]:
        return [self.ranker.reader.index.columns_of(project.coordinators) for project in self.projects]

    def rows(self, form: str, *, masked: bool) -> Iterator[_Row]:
        texts = [self.statements.text(project, form, masked=masked) for project in self.projects]
        learned, completing = self._learned(texts)
        systems = {LEARNED_SYSTEM: learned} | {
            name: dict(enumerate(rank(texts, MAX_CANDIDATES))) for name, rank in self._baselines.items()
        }
        for group in PARTNER_GROUPS:
            yield from self._group_rows(group, systems)
        yield from self._completion_rows(completing, systems)

    def _learned(self, texts: Sequence[str]) -> tuple[Rankings, Rankings]:
        """The learned rankings of all needs, by likelihood, and of those whose coordinator is known as a member."""
        learned: Rankings = {}
        completing: Rankings = {}
        candidates = self.ranker.reader.candidates_and_completing(texts, self._coordinators)
        for number, (plain, beside) in enumerate(candidates):
            learned[number] = plain.columns[self.ranker.likeliest(plain)[0]]
            if len(self._coordinators[number]):
                completing[number] = beside.columns[self.ranker.order(beside)[0]]
        return learned, completing

    def _group_rows(self, group: PartnerGroup, systems: dict[str, Rankings]) -> Iterator[_Row]:
        index = self.ranker.reader.index
        parties = (
            (index.evidence.parties[key], count) for key, count in zip(index.parties, index.popularity, strict=True)
        )
        wanted = np.array([group.wants(party, count) for party, count in parties])
        relevant = {
            number: columns[wanted[columns]]
            for number, columns in self._relevant.items()
            if group.counts(self.projects[number])
        }
        ranked = np.ones_like(wanted) if group.among_all else wanted
        filtered = {
            name: {number: rankings[number][ranked[rankings[number]]] for number in relevant}
            for name, rankings in systems.items()
        }
        single = index.popularity == 1
        filtered[LEARNED_SYSTEM] = {
            number: with_single_projects(ranking, single) for number, ranking in filtered[LEARNED_SYSTEM].items()
        }
        yield from _measured_rows(group.name, filtered, relevant)

    def _completion_rows(self, completing: Rankings, systems: dict[str, Rankings]) -> Iterator[_Row]:
        """The others of a project ranked for its coordinator, beside rankings that know nothing of the coordinator."""
        others = {
            UNAWARE_SYSTEM if name == LEARNED_SYSTEM else name: {
                number: _without(rankings[number], self._coordinators[number]) for number in completing
            }
            for name, rankings in systems.items()
        }
        relevant = {number: _without(self._relevant[number], self._coordinators[number]) for number in completing}
        yield from _measured_rows(COMPLETION_GROUP, {LEARNED_SYSTEM: completing} | others, relevant)


def _measured_rows(group: str, systems: dict[str, Rankings], relevant: Rankings) -> Iterator[_Row]:
    """The measures of each system over the needs that have a relevant party."""
    numbers = [number for number, columns in relevant.items() if len(columns)]
    if not numbers:
        return
    values_by_system = {
        name: measure_rankings([rankings[number] for number in numbers], [relevant[number] for number in numbers])
        for name, rankings in systems.items()
    }
    for name, values in values_by_system.items():
        estimates = tuple(bootstrap_interval(values[:, metric]) for metric in range(len(METRIC_NAMES)))
        yield group, name, len(numbers), estimates, _gains(values_by_system) if name == LEARNED_SYSTEM else ()


def _gains(values_by_system: dict[str, NDArray[np.float64]]) -> tuple[Estimate, ...]:
    """The paired gains of the learned ranking in nDCG@10 and recall@100 over the strongest baseline in each."""
    learned = values_by_system[LEARNED_SYSTEM]
    baselines = [values for name, values in values_by_system.items() if name != LEARNED_SYSTEM]
    return tuple(
        bootstrap_interval(learned[:, metric] - max((values[:, metric] for values in baselines), key=np.mean))
        for metric in range(2)
    )


def _without(ranking: Ranking, members: Ranking) -> Ranking:
    others: Ranking = ranking[~np.isin(ranking, members)]
    return others
