"""Which labels there are, and who holds them."""

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from maillage.kernel.actions import Impossible
from maillage.kernel.actors import Actor
from maillage.labels.models import Award, Label
from maillage.register.recognition import Held

_SHOWN = 500


def labels_held(bodies: Collection[int], day: dt.date, actor: Actor) -> dict[int, list[Held]]:
    """The labels of each of these bodies (ids) that holds any on `day`, surely or perhaps, by name.

    What was awarded to try something out is none.
    """
    awards = Award.objects.visible_to(actor).possible_on(day).filter(holder__in=bodies, simulated=False)
    found: dict[int, list[Held]] = {}
    for award in awards.select_related("label").order_by("label__name_fr", "pk"):
        held = Held(award.label.key, str(award.label), award.get_absolute_url(), award.in_force(day))
        found.setdefault(award.holder_id, []).append(held)
    return found


def labels(actor: Actor) -> list[tuple[str, str]]:
    """The labels that an actor reads: key and name."""
    return [(label.key, str(label)) for label in Label.objects.visible_to(actor).order_by("name_fr")[:_SHOWN]]


def label_named(key: str) -> Label:
    """The label of a key. Raises `Impossible` where the register has none."""
    found: Label | None = Label.objects.filter(key=key).first()
    if found is None:
        raise Impossible(_("“%s” is not the key of a label of the register.") % key)
    return found
