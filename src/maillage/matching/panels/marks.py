"""Marks of reviews: weighted by criterion, averaged by paper, ranked; and papers on which reviewers disagree.

Everything here is exact: marks and weights are decimal numbers, and a mean is rounded only by the precision of
`decimal` (28 digits), so that equal means tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from maillage.language import gettext as _

CriterionMarks = Mapping[tuple[str, str, str], Decimal]
"""The mark given by a reviewer to a paper on a criterion, by the keys of the three."""

ReviewMarks = Mapping[tuple[str, str], Decimal]
"""The weighted mark of each review, by the keys of its reviewer and paper."""

DISAGREEMENT_FACTOR: Final = Decimal("1.5")
"""Reviewers disagree if their marks deviate this many times as much as usual.

With three reviews of normal marks that is about one paper in ten by chance alone: a chi-squared of two degrees of
freedom exceeds 2 × 1.5² with a probability of 0.105.
"""


class InvalidMarksError(ValueError):
    """Invalid criteria or marks; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class WeightedCriterion:
    """A criterion, and its share of the mark (0 to 1; those of all sum to 1)."""

    key: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class MarkScale:
    """The least and the highest mark that may be given on any criterion."""

    low: Decimal
    high: Decimal


def check_criteria(criteria: Sequence[WeightedCriterion]) -> None:
    """Raise `InvalidMarksError` unless keys of criteria are unique and weights are not negative and sum to 1."""
    for key, count in Counter(criterion.key for criterion in criteria).items():
        if count > 1:
            raise InvalidMarksError(_("The criterion %(key)s is given twice; keep one.") % {"key": key})
    for criterion in criteria:
        if not criterion.weight >= 0:
            names = {"key": criterion.key, "weight": str(criterion.weight)}
            raise InvalidMarksError(_("The criterion %(key)s weighs %(weight)s; give 0 or more.") % names)
    total = sum((criterion.weight for criterion in criteria), Decimal(0))
    if total != 1:
        raise InvalidMarksError(
            _("The weights of the criteria sum to %(sum)s; make them sum to 1.") % {"sum": str(total)}
        )


def weighted_marks(
    criteria: Sequence[WeightedCriterion], scale: MarkScale, marks: CriterionMarks
) -> dict[tuple[str, str], Decimal]:
    """The mark of each review on the scale: its marks times the weights of their criteria.

    Raises `InvalidMarksError` on a mark off the scale or of an unknown criterion, and on a review that lacks one.
    """
    check_criteria(criteria)
    weights = {criterion.key: criterion.weight for criterion in criteria}
    for (reviewer, paper, criterion), mark in marks.items():
        names = {"reviewer": reviewer, "paper": paper, "criterion": criterion, "mark": str(mark)}
        if criterion not in weights:
            raise InvalidMarksError(
                _("%(reviewer)s marks %(paper)s on %(criterion)s, which is no criterion; add it, or drop the mark.")
                % names
            )
        if not scale.low <= mark <= scale.high:
            names |= {"low": str(scale.low), "high": str(scale.high)}
            raise InvalidMarksError(
                _("%(reviewer)s gives %(paper)s %(mark)s on %(criterion)s; marks are from %(low)s to %(high)s.") % names
            )
    reviews = sorted({(reviewer, paper) for reviewer, paper, _criterion in marks})
    return {review: _weighted_mark(weights, marks, review) for review in reviews}


def _weighted_mark(weights: Mapping[str, Decimal], marks: CriterionMarks, review: tuple[str, str]) -> Decimal:
    total = Decimal(0)
    for criterion, weight in weights.items():
        mark = marks.get((*review, criterion))
        if mark is None:
            names = {"reviewer": review[0], "paper": review[1], "criterion": criterion}
            raise InvalidMarksError(
                _("%(reviewer)s has not marked %(paper)s on %(criterion)s; wait for that mark.") % names
            )
        total += weight * mark
    return total


def raw_means(reviews: ReviewMarks) -> dict[str, Decimal]:
    """The mean mark of each paper, with equal weight of its reviews."""
    return {paper: sum(marks, Decimal(0)) / len(marks) for paper, marks in _by_paper(reviews).items()}


def criterion_means(marks: CriterionMarks) -> dict[tuple[str, str], Fraction]:
    """The mean mark of each paper on each criterion, by the keys of paper and criterion; exact."""
    marks_by_key: dict[tuple[str, str], list[Fraction]] = {}
    for (_reviewer, paper, criterion), mark in sorted(marks.items()):
        marks_by_key.setdefault((paper, criterion), []).append(Fraction(mark))
    return {key: sum(values, Fraction(0)) / len(values) for key, values in marks_by_key.items()}


def ranking(means: Mapping[str, Decimal]) -> dict[str, int]:
    """The rank of each paper, the highest mean first, by standard competition ranking (1, 2, 2, 4).

    In the order of ranks, then of keys.
    """
    ordered = sorted(means, key=lambda paper: (-means[paper], paper))
    ranks: dict[str, int] = {}
    for position, paper in enumerate(ordered, 1):
        previous = ordered[position - 2] if position > 1 else paper
        ranks[paper] = ranks[previous] if position > 1 and means[previous] == means[paper] else position
    return ranks


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How the reviews of one paper deviate (standard deviation, in marks), and how many times as much as usual."""

    deviation: Decimal
    ratio: Decimal
    flagged: bool


def disagreements(reviews: ReviewMarks, factor: Decimal = DISAGREEMENT_FACTOR) -> dict[str, Disagreement]:
    """For each paper of two reviews or more, whether its reviewers disagree.

    The standard deviation s of its n marks (with n - 1) is compared with the pooled one within papers, the root of
    Σ (n - 1) s² / Σ (n - 1) over all papers; a paper is flagged where s exceeds `factor` times that.
    """
    squares = {paper: _squares(marks) for paper, marks in _by_paper(reviews).items() if len(marks) > 1}
    freedom = sum(degrees for _square, degrees in squares.values())
    pooled = (sum((square for square, _degrees in squares.values()), Decimal(0)) / max(1, freedom)).sqrt()
    result = {}
    for paper, (square, degrees) in squares.items():
        deviation = (square / degrees).sqrt()
        result[paper] = Disagreement(
            deviation, deviation / pooled if pooled else Decimal(0), deviation > factor * pooled
        )
    return result


def _squares(marks: Sequence[Decimal]) -> tuple[Decimal, int]:
    """The sum of squares about the mean, and its degrees of freedom."""
    mean = sum(marks, Decimal(0)) / len(marks)
    return sum(((mark - mean) ** 2 for mark in marks), Decimal(0)), len(marks) - 1


def _by_paper(reviews: ReviewMarks) -> dict[str, list[Decimal]]:
    marks_by_paper: dict[str, list[Decimal]] = {}
    for (_reviewer, paper), mark in sorted(reviews.items()):
        marks_by_paper.setdefault(paper, []).append(mark)
    return marks_by_paper
