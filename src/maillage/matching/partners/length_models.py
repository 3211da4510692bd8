"""What ranks candidates: for each length of a text, the sum of boosted trees and of a log-linear ranking.

What a line says and what a page says differ so much that one model of all does less for both. LightGBM has the
objective of Bruch, "An alternative cross entropy loss for learning-to-rank" (WWW 2021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from maillage.matching.partners.features import PartnerCandidates
from maillage.matching.partners.log_linear import fit_log_linear, log_linear_scores
from maillage.matching.partners.terms import Floats
from maillage.matching.partners.training import TrainingGroup

LOG_LINEAR_WEIGHT: Final = 0.5
_ROUNDS: Final = 200
Booster: TypeAlias = Any  # Any: the library of the trees comes without types
_LIGHTGBM_SETTINGS: Final[dict[str, object]] = {
    "objective": "rank_xendcg",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
    "seed": 1,
}


@dataclass(frozen=True, slots=True)
class LengthModel:
    """Boosted trees and the weights of a log-linear ranking, for texts of one length."""

    booster: Booster
    weights: Floats | None = None

    @classmethod
    def learn(cls, groups: Sequence[TrainingGroup]) -> LengthModel:
        """Learn from needs of this length; the log-linear ranking from those read with the latest index alone.

        Its weights suit an index of the size of that which they were learned with; the trees mind it less.
        """
        latest = max(group.period for group in groups)
        return cls(_booster(groups), fit_log_linear([group for group in groups if group.period == latest]))

    def scores(self, candidates: PartnerCandidates) -> Floats:
        """The score of each candidate."""
        trees: Floats = self.booster.predict(candidates.values, num_threads=1)
        if self.weights is None:
            return trees
        return trees + LOG_LINEAR_WEIGHT * log_linear_scores(self.weights, candidates.values, candidates.names)


LengthModels = Mapping[int, LengthModel]
"""Models by the class of length of a text (`PartnerCandidates.length`)."""


def learn_length_models(groups: Sequence[TrainingGroup]) -> LengthModels:
    """A model for each length of which there is a need to learn from."""
    useful = [group for group in groups if group.right.any()]
    lengths = sorted({group.length for group in useful})
    return {length: LengthModel.learn([group for group in useful if group.length == length]) for length in lengths}


def learn_one_model(groups: Sequence[TrainingGroup]) -> LengthModels:
    """Trees alone for all lengths: what known members tell does not depend on the length of the text."""
    useful = [group for group in groups if group.right.any()]
    return {0: LengthModel(_booster(useful))} if useful else {}


def model_for(models: LengthModels, length: int) -> LengthModel:
    """The model of the length, or of the nearest one that was learned."""
    return models[min(models, key=lambda learned: (abs(learned - length), learned))]


def _booster(groups: Sequence[TrainingGroup]) -> Booster:
    import lightgbm

    values = np.concatenate([group.values for group in groups])
    relevant = np.concatenate([group.right for group in groups]).astype(np.int8)
    names = [name.replace(" ", "_") for name in groups[0].names]
    sizes = [len(group.right) for group in groups]
    data = lightgbm.Dataset(values, relevant, group=sizes, feature_name=names, params={"verbose": -1})
    return lightgbm.train(_LIGHTGBM_SETTINGS, data, _ROUNDS)
