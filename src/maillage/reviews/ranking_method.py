"""How a ranking is made, in plain words: for its page and for the minutes."""

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
        share % {"title": one.title, "weight": formats.number(one.weight * 100)} for one in call.last.says.criteria
    )
    told = _("Each review gives a mark on each criterion; together they count as the criteria weigh: %(shares)s. The "
             "raw mean of a dossier is the mean of what its reviews then give.")  # fmt: skip
    return told % {"shares": shares}


def _severity_paragraph(call: Call) -> str:
    shrinkage = normalised_means(weighted_marks(call)).shrinkage
    told = _("Some reviewers give less than others to the same dossiers. The normalised mean makes up for it: each "
             "reviewer’s marks are compared with those of the others on the dossiers they share, and the difference is "
             "taken out, in part only, since a few reviews may differ by chance: in this call, of a reviewer with "
             "%(number)d reviews, about %(share)s of the difference. Who shares no dossier is left as is.")  # fmt: skip
    return told % {
        "number": _TYPICAL_REVIEWS,
        "share": formats.percent(_TYPICAL_REVIEWS / (_TYPICAL_REVIEWS + shrinkage)),
    }


def _ties_paragraph() -> str:
    told = _("Reviewers disagree where their marks of a dossier differ %(factor)s times as much as is usual in this "
             "call. Dossiers of the same normalised mean tie, and stand in the order in which they were sent until the "
             "panel breaks the tie. The panel moves a dossier, or breaks a tie, with a reason that stays.")  # fmt: skip
    return told % {"factor": formats.number(DISAGREEMENT_FACTOR)}
