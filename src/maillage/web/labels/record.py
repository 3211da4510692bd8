"""What the page of an award shows besides its facts."""

from typing import Any

from maillage.kernel.request import Request
from maillage.labels.models import Award
from maillage.web.acting import may


def of_award(request: Request, award: Award) -> dict[str, Any]:
    """What the reader may do with its term."""
    return {"template": "labels/award", "may_change": may(request, "labels.end_award", award_id=award.pk)}
