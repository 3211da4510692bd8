"""Panels: who reviews which application to a call, and from their marks to a ranking.

>>> from maillage.matching.panels import Panel, PanelReviewer, Paper, assign_reviewers
>>> panel = Panel(
...     reviewers=(
...         PanelReviewer("chemist", most=2), PanelReviewer("physicist", most=2), PanelReviewer("clinician", most=1),
...     ),
...     papers=(Paper("leukaemia", wanted=2), Paper("optics", wanted=2)),
...     competence={("chemist", "leukaemia"): 0.9, ("chemist", "optics"): 0.2, ("physicist", "leukaemia"): 0.4,
...                 ("physicist", "optics"): 0.8, ("clinician", "leukaemia"): 0.7, ("clinician", "optics"): 0.7},
...     conflicts={("chemist", "leukaemia")},
... )
>>> assigned = assign_reviewers(panel)
>>> assigned.pairs
(('chemist', 'optics'), ('clinician', 'leukaemia'), ('physicist', 'leukaemia'), ('physicist', 'optics'))
>>> assigned.proven, assigned.loads, assigned.lacks
(True, {'chemist': 1, 'physicist': 2, 'clinician': 1}, ())

Marks are decimal, weights sum to 1. The ranking by normalised means leaves out how severe each reviewer is:

>>> from decimal import Decimal as D
>>> from maillage.matching.panels import MarkScale, WeightedCriterion, weighted_marks
>>> from maillage.matching.panels import normalised_means, ranking, raw_means
>>> criteria = (WeightedCriterion("science", D("0.6")), WeightedCriterion("team", D("0.4")))
>>> marks = {("physicist", "leukaemia", "science"): D(4), ("physicist", "leukaemia", "team"): D(3),
...          ("physicist", "optics", "science"): D(3), ("physicist", "optics", "team"): D(5),
...          ("clinician", "leukaemia", "science"): D(2), ("clinician", "leukaemia", "team"): D(3),
...          ("chemist", "optics", "science"): D(3), ("chemist", "optics", "team"): D(4)}
>>> reviews = weighted_marks(criteria, MarkScale(D(0), D(5)), marks)
>>> raw_means(reviews)
{'optics': Decimal('3.6'), 'leukaemia': Decimal('3.0')}
>>> ranking(normalised_means(reviews).means)
{'optics': 1, 'leukaemia': 2}

`disagreements` says on which papers reviewers diverge; `rank_ranges` and `tipping_point` how a ranking depends on
weights.
"""

from maillage.matching.panels.assignment import (
    AssignmentValue,
    PanelAssignment,
    ReviewShortage,
    ShortageReason,
    assign_reviewers,
)
from maillage.matching.panels.marks import (
    DISAGREEMENT_FACTOR,
    CriterionMarks,
    Disagreement,
    InvalidMarksError,
    MarkScale,
    ReviewMarks,
    WeightedCriterion,
    criterion_means,
    disagreements,
    ranking,
    raw_means,
    weighted_marks,
)
from maillage.matching.panels.panel import InvalidPanelError, Pair, Panel, PanelReviewer, Paper
from maillage.matching.panels.sensitivity import RankRange, TippingPoint, rank_ranges, tipping_point
from maillage.matching.panels.severity import NormalisedMeans, normalised_criterion_means, normalised_means

__all__ = [
    "DISAGREEMENT_FACTOR",
    "AssignmentValue",
    "CriterionMarks",
    "Disagreement",
    "InvalidMarksError",
    "InvalidPanelError",
    "MarkScale",
    "NormalisedMeans",
    "Pair",
    "Panel",
    "PanelAssignment",
    "PanelReviewer",
    "Paper",
    "RankRange",
    "ReviewMarks",
    "ReviewShortage",
    "ShortageReason",
    "TippingPoint",
    "WeightedCriterion",
    "assign_reviewers",
    "criterion_means",
    "disagreements",
    "normalised_criterion_means",
    "normalised_means",
    "rank_ranges",
    "ranking",
    "raw_means",
    "tipping_point",
    "weighted_marks",
]
