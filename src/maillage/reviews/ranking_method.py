"""How a ranking is computed, in plain words: for its page and for the minutes."""

from django.utils.translation import gettext as _

from maillage.calls.models import Call
from maillage.core import formats
from maillage.matching.panels import DISAGREEMENT_FACTOR, normalised_means
from maillage.reviews.ranking import weighted_marks

_TYPICAL_REVIEWS = 5


def ranking_method(call: Call) -> list[str]:
    """The method, a paragraph each: the weighted mark, the raw and the normalised mean, disagreement, ties, moves."""
    return [_weights_paragraph(call), _severity_paragraph(call), _ties_paragraph()]


def _weights_paragraph(call: Call) -> str:
    share = _("%(title)s %(weight)s%%")
    shares = ", ".join(
        share % {"title": criterion.title, "weight": formats.number(criterion.weight * 100)}
        for criterion in call.last.document.criteria
    )
    message = _(
        "Each review gives a mark on each criterion; together they count as the criteria weigh: %(shares)s. The "
        "raw mean of an application is the mean of what its reviews then give."
    )
    return message % {"shares": shares}


def _severity_paragraph(call: Call) -> str:
    shrinkage = normalised_means(weighted_marks(call)).shrinkage
    message = _(
        "Some reviewers give less than others to the same applications. The normalised mean makes up for it: each"
        " reviewer’s marks are compared with those of the others on the applications they share, and the "
        "difference is taken out, in part only, since a few reviews may differ by chance: in this call, of a "
        "reviewer with %(number)d reviews, about %(share)s of the difference. Who shares no application is left "
        "as is."
    )
    return message % {
        "number": _TYPICAL_REVIEWS,
        "share": formats.percent(_TYPICAL_REVIEWS / (_TYPICAL_REVIEWS + shrinkage)),
    }


def _ties_paragraph() -> str:
    message = _(
        "Reviewers disagree where their marks of an application differ %(factor)s times as much as is usual in "
        "this call. Applications of the same normalised mean tie, and stand in the order in which they were sent "
        "until the panel breaks the tie. The panel moves an application, or breaks a tie, with a reason that "
        "stays."
    )
    return message % {"factor": formats.number(DISAGREEMENT_FACTOR)}
