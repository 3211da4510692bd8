"""Evaluation of rankings: learned from projects signed up to a day, measured on those signed after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.language import N_
from maillage.matching.partners.baselines import VOTE_SYSTEM, BaselineRankings
from maillage.matching.partners.evidence import EvidenceProject, KnownParty, PartnerEvidence
from maillage.matching.partners.features import MAX_CANDIDATES
from maillage.matching.partners.masked_texts import TEXT_FORMS, MaskedTexts
from maillage.matching.partners.metrics import METRIC_NAMES, Estimate, Ranking, bootstrap_interval, measure_rankings
from maillage.matching.partners.ranker import LearningProgress, PartnerRanker, answerable_projects, learn_ranker

LEARNED_SYSTEM: Final = N_("learned")


@dataclass(frozen=True, slots=True)
class PartnerGroup:
    """A group of searches: the parties searched for, and the projects that count as such searches."""

    name: str
    wants: Callable[[KnownParty], bool] = lambda _party: True
    counts: Callable[[EvidenceProject], bool] = lambda _project: True


PARTNER_GROUPS: Final = (
    PartnerGroup(N_("all")),
    PartnerGroup(N_("companies"), wants=lambda party: party.kind == "PRC"),
    PartnerGroup(N_("laboratories"), wants=lambda party: party.kind in {"HES", "REC"}),
    PartnerGroup(N_("French organisations"), wants=lambda party: party.country == "FR"),
    PartnerGroup(N_("research and innovation actions"), counts=lambda project: "RIA" in project.scheme),
)


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """The measures of one system for one group and one form of needs; `gain` is over BM25 with a vote, paired."""

    form: str
    masked: bool
    group: str
    system: str
    needs: int
    estimates: tuple[Estimate, ...]
    gain: Estimate | None


def evaluate_rankings(
    evidence: PartnerEvidence, until: dt.date, tell: LearningProgress = lambda _what, _done, _all: None
) -> Iterator[EvaluationRow]:
    """Measure every system for every form, masked and plain, and every group that has a need.

    Raises ValueError if no project was signed up to `until`, or none after it by parties known before.
    """
    known = evidence.until(until)
    projects = answerable_projects(evidence.between(until, dt.date.max), known) if known.projects else []
    if not projects:
        raise ValueError("There must be projects signed up to the day, and after it by parties known before.")
    trial = _Trial(learn_ranker(known, tell), MaskedTexts(evidence), projects)
    variants = [(form, masked) for masked in (True, False) for form in TEXT_FORMS]
    for number, (form, masked) in enumerate(variants):
        tell(N_("measuring"), number, len(variants))
        yield from trial.rows(form, masked=masked)


@dataclass(frozen=True)
class _Trial:
    """Projects as test needs, with the ranker learned from earlier projects."""

    ranker: PartnerRanker
    statements: MaskedTexts
    projects: Sequence[EvidenceProject]

    def rows(self, form: str, *, masked: bool) -> Iterator[EvaluationRow]:
        texts = [self.statements.text(project, form, masked=masked) for project in self.projects]
        index = self.ranker.reader.index
        systems = {
            LEARNED_SYSTEM: list(self._learned(texts)),
            **{name: list(rank(texts, MAX_CANDIDATES)) for name, rank in BaselineRankings.of(index).systems().items()},
        }
        parties = [index.evidence.parties[key] for key in index.parties]
        for group in PARTNER_GROUPS:
            wanted = np.array([group.wants(party) for party in parties])
            for row in self._group(group, wanted, systems):
                yield EvaluationRow(form, masked, group.name, *row)

    def _learned(self, texts: Sequence[str]) -> Iterator[Ranking]:
        for candidates in self.ranker.reader.candidates(texts):
            order, _scores = self.ranker.order(candidates)
            yield candidates.columns[order]

    def _group(
        self, group: PartnerGroup, wanted: NDArray[np.bool_], systems: dict[str, list[Ranking]]
    ) -> Iterator[tuple[str, int, tuple[Estimate, ...], Estimate | None]]:
        columns = [self.ranker.reader.index.columns(project) for project in self.projects]
        relevant = {
            number: relevant_columns
            for number, (project, known) in enumerate(zip(self.projects, columns, strict=True))
            if group.counts(project) and len(relevant_columns := known[wanted[known]])
        }
        if not relevant:
            return
        values_by_system = {
            name: measure_rankings(
                [_filtered_ranking(rankings[number], wanted) for number in relevant], list(relevant.values())
            )
            for name, rankings in systems.items()
        }
        for name, values in values_by_system.items():
            differences = values - values_by_system[VOTE_SYSTEM]
            gain = bootstrap_interval(differences[:, 0]) if name == LEARNED_SYSTEM else None
            estimates = tuple(bootstrap_interval(values[:, metric]) for metric in range(len(METRIC_NAMES)))
            yield name, len(relevant), estimates, gain


def _filtered_ranking(ranking: Ranking, wanted: NDArray[np.bool_]) -> Ranking:
    filtered: Ranking = ranking[wanted[ranking]]
    return filtered
