"""A log-linear ranking: a weighted sum of logarithms of votes, fitted to who took part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from maillage.matching.conditional_logit import Choice
from maillage.matching.partners.members import MEMBER_FEATURE
from maillage.matching.partners.terms import Floats

if TYPE_CHECKING:
    from maillage.matching.partners.training import TrainingGroup

_LEAST_SHARE: Final = 0.003
_LEAST_SCORE: Final = -14.0
_PENALTY: Final = 0.01
_STEPS: Final = 80
_SHARES: Final = {
    "profile", "company", "programme", "scheme", "family", "company of votes", "votes in company", "votes",
    "best wide", "best plain", "best text", "best vector", MEMBER_FEATURE,
}  # fmt: skip
_AS_THEY_ARE: Final = (
    "popularity", "popularity in company", "coordinated", "recent share", "share in company", "share coordinated",
    "usual size", "single", "projects with members", "small projects with members", "country of members",
)  # fmt: skip
_KINDS: Final = 4


def fit_log_linear(groups: Sequence[TrainingGroup]) -> Floats:
    """The weights that make those who took part likeliest among the candidates of their group."""
    columns = np.concatenate([_columns(group.values, group.names) for group in groups])
    right = np.concatenate([group.right for group in groups]).astype(np.float32)
    sizes = np.array([len(group.right) for group in groups])
    others = np.repeat([group.others for group in groups], sizes).astype(np.float32)
    return Choice.of(columns, right, sizes, np.where(right > 0, 1, others)).fit(_PENALTY, _STEPS)


def log_linear_scores(weights: Floats, values: Floats, names: Sequence[str]) -> Floats:
    """The weighted sum for each candidate (row of `values`)."""
    scores: Floats = _columns(values, names) @ weights
    return scores


def _columns(values: Floats, names: Sequence[str]) -> Floats:
    """Logarithms of shares of the best, and other features as they are, all of similar spread."""
    features = {name: values[:, position] for position, name in enumerate(names)}
    shares = [feature for name, feature in features.items() if name.endswith(" votes") or name in _SHARES]
    columns = [np.log(np.maximum(share, 0) + _LEAST_SHARE) / 3 for share in shares]
    columns.append(np.maximum(features["score"], _LEAST_SCORE) / 4)
    columns += [features[name] / 2 for name in _AS_THEY_ARE if name in features]
    columns += [(features["kind"] == kind) / 2 for kind in range(_KINDS)]
    return np.stack(columns, 1).astype(np.float32)
