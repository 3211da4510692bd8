"""Learn the weights: from needs of the past, each read with the index of its year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.matching.conditional_logit import Choice
from maillage.matching.laboratories.evidence import AnsweredNeed, LaboratoryEvidence
from maillage.matching.laboratories.features import NeedFeatures
from maillage.matching.laboratories.index import LaboratoryIndex, Translate
from maillage.matching.laboratories.weights import LEARNED_FEATURES, Weights
from maillage.matching.partners.terms import Floats

FIRST_YEAR: Final = 2005
"""Needs of the first years are not learned from: too little is known before them."""

_OTHERS: Final = 400
_PENALTY: Final = 0.0008
_STEPS: Final = 300

Progress = Callable[[int, int], None]
Group = tuple[Floats, NDArray[np.bool_], float]
"""Features of the right laboratories and a sample of others, which are right, how many each other stands for."""


def needs_by_year(evidence: LaboratoryEvidence, years: Iterable[int]) -> dict[int, list[AnsweredNeed]]:
    """The needs of some years."""
    needs: dict[int, list[AnsweredNeed]] = defaultdict(list)
    wanted = set(years)
    for need in evidence.needs:
        if need.year in wanted:
            needs[need.year].append(need)
    return dict(sorted(needs.items()))


def learn_weights(
    evidence: LaboratoryEvidence,
    until: int,
    translate: Translate,
    tell: Progress = lambda _done, _all: None,
    *,
    past_needs: bool = True,
) -> Weights:
    """The weights of `LEARNED_FEATURES` from needs up to a year, of which those before are known, or none.

    Raises ValueError if there is none to learn from.
    """
    read = evidence if past_needs else replace(evidence, needs=())
    needs = needs_by_year(evidence, range(FIRST_YEAR, until + 1))
    groups: list[Group] = []
    for number, (year, of_year) in enumerate(needs.items()):
        tell(number, len(needs))
        groups += _groups(LaboratoryIndex.of(read, year, translate), of_year, translate)
    if not groups:
        raise ValueError("There must be needs of earlier years with a laboratory of the register.")
    return dict(zip(LEARNED_FEATURES, _fit(groups).tolist(), strict=True))


def _groups(index: LaboratoryIndex, needs: Iterable[AnsweredNeed], translate: Translate) -> Iterator[Group]:
    random = np.random.default_rng(index.year)
    for need in needs:
        right = index.columns_of(need.laboratories)
        if not len(right):
            continue
        features = NeedFeatures.of(index, need.text, need.asker, translate).all()
        others = np.setdiff1d(np.arange(len(index.laboratories)), right)
        sample = random.choice(others, min(_OTHERS, len(others)), replace=False)
        rows = np.concatenate([right, sample])
        values = np.stack([features[name][rows] for name in LEARNED_FEATURES], 1)
        yield values, np.arange(len(rows)) < len(right), len(others) / max(len(sample), 1)


def _fit(groups: list[Group]) -> Floats:
    right = np.concatenate([is_right for _values, is_right, _others in groups]).astype(np.float32)
    sizes = np.array([len(is_right) for _values, is_right, _others in groups])
    others = np.repeat([number for _values, _is_right, number in groups], sizes).astype(np.float32)
    columns = np.concatenate([values for values, _is_right, _others in groups])
    return Choice.of(columns, right, sizes, np.where(right > 0, 1, others)).fit(_PENALTY, _STEPS)
