"""Features of parties for a need, computed from an index of past projects alone.

By three similarities of each past project to the need (BM25 of all texts, BM25 of titles and topics, learned vectors),
the nearest projects vote for their parties. Other features are the learned score of the party itself, its profile, its
usual partners, and participations in the same family of calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.matching.partners.encoder import PartnerEncoder
from maillage.matching.partners.index import PastProjectIndex
from maillage.matching.partners.terms import Floats, Matrix, softened

MAX_CANDIDATES: Final = 1_000
MAX_NEAREST_PROJECTS: Final = 200
NEEDS_PER_BATCH: Final = 50
PARTY_KINDS: Final = ("PRC", "HES", "REC", "PUB", "OTH")
_UNLEARNED: Final = -20.0
_RANKED: Final = ("first", "text votes", "vector votes")


@dataclass(frozen=True, slots=True)
class PartnerCandidates:
    """Candidates for one need as columns of the index, best first by the feature `first`, and their features."""

    columns: NDArray[np.int64]
    values: Floats
    names: tuple[str, ...]


@dataclass(frozen=True)
class EncodedIndex:
    """An index with the encoders learned from it, and the vectors of its projects by each."""

    index: PastProjectIndex
    towers: tuple[PartnerEncoder, ...]
    vectors: tuple[Floats, ...]

    @classmethod
    def of(cls, index: PastProjectIndex, towers: Sequence[PartnerEncoder]) -> EncodedIndex:
        """Encode the projects of the index."""
        weights = index.tfidf(index.counts)
        return cls(index, tuple(towers), tuple(_unit(tower.encode(weights)) for tower in towers))

    def candidates(self, texts: Sequence[str]) -> Iterator[PartnerCandidates]:
        """The candidates for each need, in the order of `texts`."""
        party_features = _party_features(self.index)
        for first in range(0, len(texts), NEEDS_PER_BATCH):
            counts = self.index.terms.count(texts[first : first + NEEDS_PER_BATCH])
            by_party, by_need = self._scores(counts)
            for row in range(counts.shape[0]):
                scores = {name: values[row] for name, values in by_party.items()}
                need = {name: float(values[row]) for name, values in by_need.items()}
                yield _candidates(scores, need, party_features)

    def _scores(self, counts: Matrix) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Features of every party for each need of a batch, and features of the needs themselves."""
        index = self.index
        words, weights = softened(counts), index.tfidf(counts)
        text, titles = (_dense(words @ weights_of_projects.T) for weights_of_projects in (index.texts, index.titles))
        similarity, score = self._learned(weights)
        probabilities = np.exp(score)
        nearest = nearest_projects(similarity, 100, 6)
        vector_neighbours = nearest_projects(similarity, MAX_NEAREST_PROJECTS, 8)
        scores = {
            "score": score,
            "text votes": _dense(nearest_projects(text, MAX_NEAREST_PROJECTS, 3) @ index.taken),
            "title votes": _dense(nearest_projects(titles, MAX_NEAREST_PROJECTS, 3) @ index.taken),
            "vector votes": _dense(vector_neighbours @ index.taken),
            "role votes": _dense(vector_neighbours @ index.roles),
            "company": np.ascontiguousarray((index.together.T @ probabilities.T).T),
            "profile": _dense(words @ index.profiles.T),
            **{name: _label_features(nearest, labels, index.taken) for name, labels in index.labels.items()},
        }
        scores["first"] = (
            score + 0.2 * np.log(_share_of_best(scores["text votes"]) + 0.003)
            + 0.2 * np.log(_share_of_best(scores["vector votes"]) + 0.003)
        )  # fmt: skip
        return scores, self._needs(counts, text, similarity, score)

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

    def _needs(self, counts: Matrix, text: Floats, similarity: Floats, score: Floats) -> dict[str, Floats]:
        nearest = nearest_projects(similarity, 100, 6)
        sizes = self.index.sizes
        totals = np.maximum(np.asarray(nearest.sum(1)).ravel(), 1e-9)
        return {
            "words": np.diff(counts.indptr).astype(np.float32),
            "best text": text.max(1),
            "best vector": similarity.max(1),
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


def _label_features(nearest: Matrix, labels: Matrix, taken: Matrix) -> Floats:
    """For each party, its log number of projects with the labels of the nearest projects, as a weighted mean."""
    totals = np.maximum(np.asarray(nearest.sum(1)), 1e-9)
    log_counts = np.log1p(_dense(labels.T @ taken))
    shares: Floats = (nearest @ labels).toarray() / totals
    features: Floats = (shares @ (log_counts / np.maximum(log_counts.sum(1, keepdims=True), 1e-9))).astype(np.float32)
    return features


def _party_features(index: PastProjectIndex) -> dict[str, Floats]:
    """Features of parties that do not depend on the need."""
    is_large = index.sizes > 2
    parties = [index.evidence.parties[key] for key in index.parties]
    coordinated = np.asarray((index.roles > 1).sum(0)).ravel().astype(np.float32)
    sizes = np.asarray(index.taken.T @ np.log(np.maximum(index.sizes, 1))).ravel() / np.maximum(index.popularity, 1)
    return {
        "popularity": np.log1p(index.popularity),
        "popularity in company": np.log1p(np.asarray(index.taken[is_large].sum(0)).ravel()),
        "coordinated": np.log1p(coordinated),
        "usual size": sizes.astype(np.float32),
        "kind": np.array([PARTY_KINDS.index(party.kind) for party in parties], np.float32),
        "small": np.array([-1 if party.small is None else party.small for party in parties], np.float32),
    }


def _candidates(
    by_party: dict[str, Floats], by_need: dict[str, float], party_features: dict[str, Floats]
) -> PartnerCandidates:
    columns = top_positions(by_party["first"], MAX_CANDIDATES)
    features = {name: _scaled(name, values, columns) for name, values in by_party.items()}
    for name in _RANKED:
        rank = np.empty(len(columns), np.float32)
        rank[np.argsort(-by_party[name][columns], kind="stable")] = np.log1p(np.arange(len(columns)))
        features[f"place by {name}"] = rank
    features["below the best"] = by_party["score"][columns] - by_party["score"].max()
    features |= {name: values[columns] for name, values in party_features.items()}
    features |= {name: np.full(len(columns), value, np.float32) for name, value in by_need.items()}
    return PartnerCandidates(columns, np.stack(list(features.values()), 1).astype(np.float32), tuple(features))


def _scaled(name: str, values: Floats, columns: NDArray[np.int64]) -> Floats:
    """Values of the columns: logarithms unchanged, others as a share of the best for the need."""
    scaled: Floats = values[columns]
    return scaled if name in {"score", "first"} else scaled / max(float(values.max()), 1e-9)


def top_positions(scores: Floats, number: int) -> NDArray[np.int64]:
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
