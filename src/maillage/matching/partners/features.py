"""Features of parties for a need, computed from an index of past projects alone.

By three similarities of each past project to the need (BM25 of all texts, BM25 of titles and topics, learned vectors),
the nearest projects vote for their parties. Other features are the learned score of the party itself, its profile, its
usual partners, and participations in the same family of calls.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.matching.partners.encoder import PartnerEncoder
from maillage.matching.partners.index import PastProjectIndex, one_hot
from maillage.matching.partners.members import MEMBER_FEATURE, Columns, MemberFeatures
from maillage.matching.partners.terms import Floats, Matrix, softened

MAX_CANDIDATES: Final = 1_000
MAX_VOTE_CANDIDATES: Final = 250
MAX_NEAREST_PROJECTS: Final = 200
NEEDS_PER_BATCH: Final = 50
PARTY_KINDS: Final = ("PRC", "HES", "REC", "PUB", "OTH")
_LENGTHS: Final = (10, 45)
"""The least number of different known words of a text of a few lines, and of a page."""

_UNLEARNED: Final = -20.0
_LEAST_SCORE: Final = -9.0
"""The learned score, below the best, of parties that the encoder does not know, when candidates are chosen."""

_LEAST_SHARE: Final = 0.003
_FIRST: Final = {
    "votes": 1.0, "text votes": 0.5, "vector votes": 0.5, "cosine votes": 0.5, "company of votes": 0.3,
}  # fmt: skip
"""Weights of the logarithms of votes in the first score, which chooses candidates; chosen by hand on 2023."""

_YEAR: Final = 365.0
_FEEDBACK_PROJECTS: Final = 5
_VOTES: Final = {
    "text votes": ("text", 3),
    "steep text votes": ("text", 4),
    "steepest text votes": ("text", 8),
    "title votes": ("title", 3),
    "cosine votes": ("cosine", 3),
    "vector votes": ("vector", 8),
    "steep vector votes": ("vector", 14),
    "votes": ("all", 4),
    "steep votes": ("all", 8),
    "steepest votes": ("all", 16),
    "feedback votes": ("feedback", 4),
    "plain votes": ("plain", 4),
    "steep plain votes": ("plain", 8),
    "wide votes": ("wide", 4),
    "steep wide votes": ("wide", 8),
}
"""Similarity, and the power of it, of each vote."""

_BEST: Final = ("wide", "plain", "text", "title", "vector")
"""The similarities of which a party's nearest project counts by itself."""

_COMPANY: Final = 3
_WIDE_CIRCLE: Final = 1_000
_COMPANY_CIRCLE: Final = 400
_RANKED: Final = ("first", "text votes", "vector votes", "votes")
_VOTE_CANDIDATES: Final = ("votes", "steep votes", "feedback votes", MEMBER_FEATURE)
_NOBODY: Final = np.array([], np.int64)


@dataclass(frozen=True, slots=True)
class PartnerCandidates:
    """Candidates for one need as columns of the index, best first by the feature `first`, and their features."""

    columns: Columns
    values: Floats
    names: tuple[str, ...]

    @property
    def completes(self) -> bool:
        """Whether they complete a consortium of which members are known."""
        return MEMBER_FEATURE in self.names

    @property
    def length(self) -> int:
        """The class of length of the need: 0 for a line, 1 for a few, 2 for a page."""
        words = self.values[0, self.names.index("words")] if len(self.values) else 0
        return bisect_right(_LENGTHS, float(words))

    @property
    def single(self) -> NDArray[np.bool_]:
        """Which candidates have taken part in a single project."""
        is_single: NDArray[np.bool_] = self.values[:, self.names.index("single")] > 0
        return is_single


@dataclass(frozen=True, slots=True)
class _ScoredNeed:
    """The features of every party for one need, of the need itself, and of parties whatever the need."""

    by_party: dict[str, Floats]
    by_need: dict[str, float]
    party_features: dict[str, Floats]

    def candidates(self) -> PartnerCandidates:
        return self._candidates(self.by_party, _NOBODY)

    def completing(self, companions: MemberFeatures, members: Columns) -> PartnerCandidates:
        """Candidates beside the members, with the features of members."""
        return self._candidates(self.by_party | companions.of_members(members), members)

    def _candidates(self, by_party: dict[str, Floats], members: Columns) -> PartnerCandidates:
        columns = _candidate_columns(by_party, members)
        features = {name: _scaled(name, values, columns) for name, values in by_party.items()}
        for name in _RANKED:
            rank = np.empty(len(columns), np.float32)
            rank[np.argsort(-by_party[name][columns], kind="stable")] = np.log1p(np.arange(len(columns)))
            features[f"place by {name}"] = rank
        features["below the best"] = by_party["score"][columns] - by_party["score"].max()
        features |= {name: values[columns] for name, values in self.party_features.items()}
        features |= {name: np.full(len(columns), value, np.float32) for name, value in self.by_need.items()}
        return PartnerCandidates(columns, np.stack(list(features.values()), 1).astype(np.float32), tuple(features))


@dataclass(frozen=True)
class EncodedIndex:
    """An index with the encoders learned from it, and the vectors of its projects by each."""

    index: PastProjectIndex
    towers: tuple[PartnerEncoder, ...]
    vectors: tuple[Floats, ...]
    weights: Matrix
    recency: Matrix
    classes: dict[str, Matrix]

    @classmethod
    def of(cls, index: PastProjectIndex, towers: Sequence[PartnerEncoder]) -> EncodedIndex:
        """Encode the projects of the index."""
        weights = index.tfidf(index.counts)
        vectors = tuple(_unit(tower.encode(weights)) for tower in towers)
        days = np.array([project.signed_on.toordinal() for project in index.evidence.projects], np.float32)
        recency = sparse.diags(np.exp((days - days.max(initial=0)) / _YEAR)).tocsr().astype(np.float32)
        parties = [index.evidence.parties[key] for key in index.parties]
        classes = {
            "country": one_hot([party.country for party in parties]),
            "kind": one_hot([party.kind for party in parties]),
        }
        return cls(index, tuple(towers), vectors, weights, recency, classes)

    def candidates(self, texts: Sequence[str], members: Sequence[Columns] | None = None) -> Iterator[PartnerCandidates]:
        """The candidates for each need, in the order of `texts`.

        `members` are the columns, for each need, of those who take part already: they are no candidates, and features
        say how near the others are to them. A need without members has those features too, but only if others have.
        """
        for number, need in enumerate(self._needs(texts)):
            yield need.candidates() if members is None else need.completing(self.companions, members[number])

    def candidates_and_completing(
        self, texts: Sequence[str], members: Sequence[Columns]
    ) -> Iterator[tuple[PartnerCandidates, PartnerCandidates]]:
        """The candidates for each need without and with the known members, at little more than the cost of one."""
        for need, known in zip(self._needs(texts), members, strict=True):
            yield need.candidates(), need.completing(self.companions, known)

    def _needs(self, texts: Sequence[str]) -> Iterator[_ScoredNeed]:
        for first in range(0, len(texts), NEEDS_PER_BATCH):
            counts = self.index.terms.count(texts[first : first + NEEDS_PER_BATCH])
            by_party, by_need = self._scores(counts)
            for row in range(counts.shape[0]):
                scores = {name: values[row] for name, values in by_party.items()}
                need = {name: float(values[row]) for name, values in by_need.items()}
                yield _ScoredNeed(scores, need, self.party_features)

    def _scores(self, counts: Matrix) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Features of every party for each need of a batch, and features of the needs themselves."""
        index = self.index
        words, weights = softened(counts), index.tfidf(counts)
        similarity, score = self._learned(weights)
        shares = {
            "text": _share_of_best(_products(words, index.texts)),
            "title": _share_of_best(_products(words, index.titles)),
            "cosine": _share_of_best(_products(weights, self.weights)),
            "vector": _share_of_best(similarity),
        }
        shares["all"] = _share_of_best(sum(shares.values()) + shares["vector"])
        shares["plain"] = _share_of_best(_products(words, index.plain))
        shares["wide"] = _share_of_best(5 * shares["all"] + shares["plain"])
        shares["feedback"] = _share_of_best(shares["all"] + 0.5 * self._feedback(shares["all"]))
        scores = {"score": score, **self._votes(shares), "profile": _products(words, index.profiles)}
        scores |= self._surroundings(shares["all"], np.exp(score)) | self._other_votes(shares)
        known = np.maximum(score, score.max(1, keepdims=True) + _LEAST_SCORE)
        scores["first"] = known + sum(
            weight * np.log(_share_of_best(scores[name]) + _LEAST_SHARE) for name, weight in _FIRST.items()
        )
        return scores, self._need_features(counts, shares, score)

    def _feedback(self, shares: Floats) -> Floats:
        """The similarity of each project to the words of the nearest ones (pseudo-relevance feedback)."""
        nearest = nearest_projects(shares, _FEEDBACK_PROJECTS, 4)
        return _share_of_best(_products((nearest @ self.weights).tocsr(), self.weights))

    def _votes(self, shares: dict[str, Floats]) -> dict[str, Floats]:
        """Votes of the nearest projects for their parties, by several similarities and powers of them."""
        return {
            name: _dense(nearest_projects(shares[similarity], MAX_NEAREST_PROJECTS, power) @ self.index.taken)
            for name, (similarity, power) in _VOTES.items()
        }

    def _other_votes(self, shares: dict[str, Floats]) -> dict[str, Floats]:
        """Votes of distant projects too, votes in which large ones count less, and each party's nearest project."""
        taken, sizes, wide = self.index.taken, self.index.sizes, shares["wide"]
        damped, shared = (
            sparse.diags(weights.astype(np.float32)) for weights in (np.maximum(sizes, 1) ** -0.5, sizes >= _COMPANY)
        )
        return {
            "flat votes": _dense(nearest_projects(wide, _WIDE_CIRCLE, 2) @ taken),
            "damped votes": _dense(nearest_projects(wide, MAX_NEAREST_PROJECTS, 4) @ damped @ taken),
            "votes in company": _dense(nearest_projects(wide, _COMPANY_CIRCLE, 4) @ shared @ taken),
            **{f"best {name}": self._best_by_party(shares[name]) for name in _BEST},
        }

    def _best_by_party(self, shares: Floats) -> Floats:
        """For each need (row) and party, the share of the nearest of its projects."""
        cells = self.participants
        best: Floats = np.maximum.reduceat(shares[:, cells.indices], cells.indptr[:-1], axis=1)
        return best

    def _label_features(self, nearest: Matrix, name: str) -> Floats:
        """For each party, its share of the projects with the labels of the nearest projects, as a weighted mean."""
        totals = np.maximum(np.asarray(nearest.sum(1)).ravel(), 1e-9)
        shares = sparse.diags((1 / totals).astype(np.float32)) @ (nearest @ self.index.labels[name])
        return _dense(shares @ self.label_shares[name])

    @cached_property
    def label_shares(self) -> dict[str, Matrix]:
        """For each property of calls, the parties' shares of the projects with each label."""
        return {name: _label_shares(labels, self.index.taken) for name, labels in self.index.labels.items()}

    @cached_property
    def companions(self) -> MemberFeatures:
        """The look-ups by party for features of members."""
        return MemberFeatures.of(self.index)

    @cached_property
    def party_features(self) -> dict[str, Floats]:
        """Features of parties that do not depend on the need."""
        return _party_features(self.index)

    @cached_property
    def participants(self) -> Matrix:
        """Projects by party, as columns."""
        return self.index.taken.tocsc()

    def _surroundings(self, shares: Floats, probabilities: Floats) -> dict[str, Floats]:
        """Features from the nearest projects other than plain votes: roles, recency, company, country, kind, calls."""
        index = self.index
        nearest, near = (nearest_projects(shares, MAX_NEAREST_PROJECTS, power) for power in (6, 4))
        votes = near @ index.taken
        sums = {name: _dense(votes @ classes) for name, classes in self.classes.items()}
        return {
            "role votes": _dense(nearest @ index.roles),
            "recent votes": _dense(nearest @ self.recency @ index.taken),
            "company": np.ascontiguousarray((index.together.T @ probabilities.T).T),
            "company of votes": _dense(votes @ index.together),
            **{f"{name} votes": sums[name] @ _dense(classes.T) for name, classes in self.classes.items()},
            **{name: self._label_features(nearest, name) for name in index.labels},
        }

    def _learned(self, weights: Matrix) -> tuple[Floats, Floats]:
        """The similarity of each project, 0 to 1, and the log probability of each party; means over the encoders."""
        similarity: Floats = np.zeros((weights.shape[0], len(self.index.evidence.projects)), np.float32)
        score: Floats = np.zeros((weights.shape[0], len(self.index.parties)), np.float32)
        for tower, projects in zip(self.towers, self.vectors, strict=True):
            vectors = tower.encode(weights)
            similarity += _unit(vectors) @ projects.T / len(self.towers)
            tower_score: Floats = np.full(score.shape, _UNLEARNED, np.float32)
            tower_score[:, tower.columns] = tower.scores(vectors)
            score += tower_score / len(self.towers)
        score -= score.max(1, keepdims=True)
        score -= np.log(np.exp(score).sum(1, keepdims=True))
        return np.maximum(similarity, 0), score

    def _need_features(self, counts: Matrix, shares: dict[str, Floats], score: Floats) -> dict[str, Floats]:
        nearest = nearest_projects(shares["all"], 100, 6)
        sizes = self.index.sizes
        totals = np.maximum(np.asarray(nearest.sum(1)).ravel(), 1e-9)
        return {
            "words": np.diff(counts.indptr).astype(np.float32),
            "steepness": np.log(np.maximum(totals, 1)),
            "agreement": (shares["text"] * shares["vector"]).max(1),
            "size of projects": nearest @ np.log(np.maximum(sizes, 1)) / totals,
            "alone": nearest @ (sizes < 2).astype(np.float32) / totals,
            "surprise": -(np.exp(score) * score).sum(1),
        }


def nearest_projects(scores: Floats, number: int, exponent: float) -> Matrix:
    """The `number` best projects for each need, with their share of the best score, to the power `exponent`."""
    number = min(number, scores.shape[1])
    chosen = np.argpartition(-scores, number - 1, axis=1)[:, :number]
    weights = np.take_along_axis(_share_of_best(scores), chosen, 1) ** exponent
    pointers = np.arange(0, chosen.size + 1, number)
    return sparse.csr_matrix((weights.ravel(), chosen.ravel(), pointers), shape=scores.shape)


def _label_shares(labels: Matrix, taken: Matrix) -> Matrix:
    """For each label, the log number of projects of each party with it, as a share of all."""
    log_counts = (labels.T @ taken).tocsr().log1p()
    totals = np.maximum(np.asarray(log_counts.sum(1)).ravel(), 1e-9)
    return (sparse.diags((1 / totals).astype(np.float32)) @ log_counts).tocsr()


def _party_features(index: PastProjectIndex) -> dict[str, Floats]:
    """Features of parties that do not depend on the need.

    Numbers of projects are relative to those of the index: what is learned with a small one holds for a larger one.
    """
    counts = index.popularity
    is_large, days = index.sizes > 2, _days_before_the_last(index)
    parties = [index.evidence.parties[key] for key in index.parties]
    in_company = _sums(index.taken[is_large])
    coordinated = _sums((index.roles > 1).astype(np.float32))
    sizes = np.asarray(index.taken.T @ np.log(np.maximum(index.sizes, 1))).ravel() / np.maximum(counts, 1)
    return {
        "popularity": _log_rate(counts, len(days)),
        "popularity in company": _log_rate(in_company, int(is_large.sum())),
        "coordinated": _log_rate(coordinated, len(days)),
        "share in company": in_company / np.maximum(counts, 1),
        "share coordinated": coordinated / np.maximum(counts, 1),
        "recent share": _sums(index.taken[days < _YEAR]) / np.maximum(counts, 1),
        "days since the last": _least_by_party(index, days),
        "single": (counts == 1).astype(np.float32),
        "usual size": sizes.astype(np.float32),
        "kind": np.array([PARTY_KINDS.index(party.kind) for party in parties], np.float32),
        "small": np.array([-1 if party.small is None else party.small for party in parties], np.float32),
    }


def _days_before_the_last(index: PastProjectIndex) -> Floats:
    days = np.array([project.signed_on.toordinal() for project in index.evidence.projects], np.float32)
    before: Floats = days.max(initial=0) - days
    return before


def _least_by_party(index: PastProjectIndex, days: Floats) -> Floats:
    cells = index.taken.tocoo()
    least: Floats = np.full(len(index.parties), np.inf, np.float32)
    np.minimum.at(least, cells.col, days[cells.row])
    return least


def _sums(participations: Matrix) -> Floats:
    sums: Floats = np.asarray(participations.sum(0), np.float32).ravel()
    return sums


def _log_rate(counts: Floats, projects: int) -> Floats:
    """The logarithm of the number of projects in ten thousand."""
    rate: Floats = np.log((counts + 0.5) / max(projects, 1) * 1e4).astype(np.float32)
    return rate


def _candidate_columns(by_party: dict[str, Floats], members: Columns) -> Columns:
    """The best parties by the first score and those by votes, which know parties of a single project too."""
    best = [top_positions(by_party["first"], MAX_CANDIDATES)]
    best += [top_positions(by_party[name], MAX_VOTE_CANDIDATES) for name in _VOTE_CANDIDATES if name in by_party]
    columns = np.setdiff1d(np.concatenate(best), members)
    return columns[np.argsort(-by_party["first"][columns], kind="stable")]


def _scaled(name: str, values: Floats, columns: Columns) -> Floats:
    """Values of the columns: logarithms unchanged, others as a share of the best for the need."""
    scaled: Floats = values[columns]
    return scaled if name in {"score", "first"} else scaled / max(float(values.max()), 1e-9)


def top_positions(scores: Floats, number: int) -> Columns:
    """The positions of the `number` highest scores, highest first; of equal scores the first position first."""
    number = min(number, len(scores))
    lowest = np.partition(-scores, number - 1)[number - 1]
    chosen = np.flatnonzero(-scores <= lowest)
    return chosen[np.argsort(-scores[chosen], kind="stable")][:number]


def _share_of_best(scores: Floats) -> Floats:
    shares: Floats = np.maximum(scores, 0) / np.maximum(scores.max(1, keepdims=True), 1e-9)
    return shares


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def _dense(matrix: Matrix) -> Floats:
    dense: Floats = matrix.toarray()
    return dense


def _products(needs: Matrix, documents: Matrix) -> Floats:
    """The product of each need (row) with each document, without turning the documents over."""
    products: Floats = np.ascontiguousarray((documents @ needs.T.tocsr()).toarray().T)
    return products
