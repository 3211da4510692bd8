"""What the pages of a label and of an award show besides their facts."""

from typing import Any

from maillage.kernel.request import Request
from maillage.labels.models import Award, Label
from maillage.labels.terms import has_known_end
from maillage.web.acting import may
from maillage.web.badges.record import badges_of, holders_on
from maillage.web.charter import record as charter
from maillage.web.conventions import record as conventions
from maillage.web.labels.scheme import sections


def of_label(request: Request, label: Label) -> dict[str, Any]:
    """Its scheme, its waves, its charter, and who holds it on the day."""
    return {
        "template": "labels/label",
        **sections(request, label),
        **holders_on(request, label),
        **charter.on_label(request, label),
    }


def of_award(request: Request, award: Award) -> dict[str, Any]:
    """Its badge, told as it is today, its convention, its charter, and what the reader may do with its term."""
    return {
        "template": "labels/award",
        "has_badge": request.reading.known is None and award.pk in badges_of([award]),
        "end_known": has_known_end(award),
        "may_change": may(request, "labels.end_award", award_id=award.pk),
        **conventions.on_award(request, award),
        **charter.on_award(request, award),
    }
