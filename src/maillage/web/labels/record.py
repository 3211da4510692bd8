"""What the pages of a label and of an award show besides their facts."""

from typing import Any

from maillage.kernel.request import Request
from maillage.labels.models import Award, Label
from maillage.web.acting import may
from maillage.web.badges.record import badges_of, holders_on
from maillage.web.conventions.record import on_award
from maillage.web.labels.scheme import sections


def of_label(request: Request, label: Label) -> dict[str, Any]:
    """Its scheme, its waves, and who holds it on the day."""
    return {"template": "labels/label", **sections(request, label), **holders_on(request, label)}


def of_award(request: Request, award: Award) -> dict[str, Any]:
    """Its badge, told as it is today, its convention, and what the reader may do with its term."""
    return {
        "template": "labels/award",
        "has_badge": request.reading.known is None and award.pk in badges_of([award]),
        "may_change": may(request, "labels.end_award", award_id=award.pk),
        **on_award(request, award),
    }
