"""Means of marks corrected for the severity of reviewers, by a two-way additive model with random reviewers.

The mark of reviewer r for paper p is modelled as `m[p] - s[r] + e`: the quality of the paper, less the severity of the
reviewer, and chance. Papers are fixed effects, reviewers random ones; the best linear unbiased prediction of s
(BLUP; Henderson, "Best linear unbiased estimation and prediction under a selection model", 1975; Robinson, "That BLUP
is a good thing", 1991) minimises

    Σ (y[r, p] - m[p] + s[r])² + λ Σ s[r]²,        λ = variance of chance / variance of severity.

So λ counts in reviews: a reviewer with n reviews of papers that many others reviewed too is corrected by the share
n / (n + λ) of the difference. λ is estimated by restricted maximum likelihood (Patterson and Thompson,
"Recovery of inter-block information", 1971) but never below `MIN_SHRINKAGE`, since a single review shows no severity.

With C subtracting the mean of its paper from each mark, and Z the incidence of reviewers: (Zᵀ C Z + λ) s = -Zᵀ C y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from maillage.matching.panels.marks import CriterionMarks, ReviewMarks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIN_SHRINKAGE: Final = 1.0
"""The least λ that is estimated, in reviews."""

MAX_SHRINKAGE: Final = 1000.0
"""The highest λ that is estimated, for reviewers who do not differ in severity."""

MEAN_PRECISION: Final = Decimal("0.000001")
"""Normalised means are rounded to this, since the error of the arithmetic must not break ties."""


@dataclass(frozen=True, slots=True)
class NormalisedMeans:
    """The corrected mean of each paper; the severity of each reviewer, in marks less than others would give; λ."""

    means: Mapping[str, Decimal]
    severity: Mapping[str, float]
    shrinkage: float


def normalised_means(reviews: ReviewMarks, shrinkage: float | None = None) -> NormalisedMeans:
    """The normalised mean of each paper and the severity of each reviewer; λ is estimated unless given (above 0).

    The mean over all reviews is preserved. Severities sum to 0 over reviewers. Where every reviewer reviews every
    paper the means of papers differ as the raw ones do, whatever λ; where not, a constant added to all marks of one
    reviewer leaves the differences between papers as they are only in the limit of λ = 0, if reviewers and papers are
    connected. A reviewer who shares no paper has severity 0. Raises `ValueError` for a λ of 0 or less.
    """
    if shrinkage is not None and not shrinkage > 0:
        raise ValueError(f"A shrinkage of {shrinkage} cannot be; give a number above 0.")
    if not reviews:
        return NormalisedMeans({}, {}, shrinkage or MAX_SHRINKAGE)
    import numpy as np

    keys = sorted(reviews)
    who, reviewers = _key_codes([reviewer for reviewer, _paper in keys])
    what, papers = _key_codes([paper for _reviewer, paper in keys])
    marks = np.array([float(reviews[key]) for key in keys])
    model = _SeverityModel.of(who, what, marks)
    used_shrinkage = shrinkage or model.shrinkage()
    severity = model.severity(used_shrinkage)
    corrected = marks + severity[who]
    corrected += marks.mean() - corrected.mean()
    means = np.bincount(what, corrected) / np.bincount(what)
    rounded_means = {
        paper: Decimal(float(mean)).quantize(MEAN_PRECISION) for paper, mean in zip(papers, means, strict=True)
    }
    return NormalisedMeans(
        rounded_means,
        {reviewer: float(value) for reviewer, value in zip(reviewers, severity, strict=True)},
        used_shrinkage,
    )


def normalised_criterion_means(marks: CriterionMarks, shrinkage: float) -> dict[tuple[str, str], Fraction]:
    """The normalised mean of each paper on each criterion, by the keys of paper and criterion, with the λ of the whole.

    At one λ normalising is linear: weighted, these are the normalised means of weighted marks, but for rounding.
    """
    criterion_means = {}
    for criterion in sorted({key[2] for key in marks}):
        reviews = {key[:2]: mark for key, mark in marks.items() if key[2] == criterion}
        means = normalised_means(reviews, shrinkage).means
        criterion_means.update({(paper, criterion): Fraction(mean) for paper, mean in means.items()})
    return criterion_means


@dataclass(frozen=True, slots=True)
class _SeverityModel:
    """The eigenvectors (columns) and eigenvalues of Zᵀ C Z, -Zᵀ C y along them, yᵀ C y, and the degrees of freedom."""

    vectors: NDArray[np.float64]
    values: NDArray[np.float64]
    along: NDArray[np.float64]
    squares: float
    freedom: int

    @classmethod
    def of(cls, who: NDArray[np.int64], what: NDArray[np.int64], marks: NDArray[np.float64]) -> _SeverityModel:
        import numpy as np

        reviews = np.bincount(what)
        shared = np.zeros((len(reviews), who.max() + 1))
        shared[what, who] = 1.0
        within = shared.T @ (np.eye(len(reviews)) / reviews) @ shared
        values, vectors = np.linalg.eigh(np.diag(np.bincount(who)) - within)
        centred = marks - (np.bincount(what, marks) / reviews)[what]
        along = vectors.T @ -np.bincount(who, centred).astype(np.float64)
        return cls(vectors, values.clip(min=0.0), along, float(centred @ centred), len(marks) - len(reviews))

    def severity(self, shrinkage: float) -> NDArray[np.float64]:
        """The severity of each reviewer at a λ."""
        return self.vectors @ (self.along / (self.values + shrinkage))

    def shrinkage(self) -> float:
        """The λ of greatest restricted likelihood, `MIN_SHRINKAGE` to `MAX_SHRINKAGE`; the highest if marks agree."""
        from math import exp, log

        from scipy.optimize import minimize_scalar

        if self.squares < 1e-12:
            return MAX_SHRINKAGE
        minimum = minimize_scalar(
            lambda at: self._deviance(exp(at)), bounds=(log(MIN_SHRINKAGE), log(MAX_SHRINKAGE)), method="bounded"
        )
        return exp(float(minimum.x))

    def _deviance(self, shrinkage: float) -> float:
        """Twice the negative log of the restricted likelihood, at the best variance of chance; up to a constant."""
        import numpy as np

        residual = self.squares - float((self.along**2 / (self.values + shrinkage)).sum())
        return self.freedom * float(np.log(residual)) + float(np.log1p(self.values / shrinkage).sum())


def _key_codes(keys: list[str]) -> tuple[NDArray[np.intp], list[str]]:
    """The position of each key among the unique keys, and the unique keys."""
    import numpy as np

    unique_keys, codes = np.unique(np.array(keys), return_inverse=True)
    return codes, [str(key) for key in unique_keys]
