"""What other pages show of badges, and of who holds a label on a day."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from maillage.kernel.actors import PUBLIC
from maillage.kernel.request import Request
from maillage.labels.models import Award, Label


def badges_of(awards: Iterable[Award]) -> set[int]:
    """Those of these awards (ids) that have a badge."""
    public = Award.objects.visible_to(PUBLIC).filter(pk__in=[award.pk for award in awards])
    return set(public.exclude(holder=None).values_list("pk", flat=True))


def holders_on(request: Request, label: Label) -> dict[str, Any]:
    """How many hold it on the day, surely and perhaps; what was awarded to try something out does not count."""
    day = request.reading.on
    held = Award.objects.visible_to(request.actor).filter(label=label, simulated=False, possible__holds=day)
    sure = held.filter(Q(certain__holds=day)).count()
    return {"surely": sure, "perhaps": held.count() - sure, "day": day}
