"""The panel's order: that of the marks, in which the panel moves dossiers one by one, each with its reason."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Call, Dossier
from maillage.calls.queries import offices_of_dossier
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.models import Decision, Place
from maillage.reviews.standing import Line, standings


def order_of(lines: Sequence[Line]) -> str:
    """A word that stands for an order of dossiers: the same as long as none of them moves."""
    ids = ",".join(str(line.dossier.pk) for line in lines)
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Place a dossier in the ranking"), concerns=offices_of_dossier)
def place_dossier(*, actor: Actor, at: dt.datetime, dossier_id: int, place: int, reason: str, base: str = "") -> Place:
    """The panel puts a dossier elsewhere than it stands, in the order (`base`, empty for any) that was read.

    A dossier that ties may be put where it stands: that breaks the tie. Raises `Impossible` without a reason, for a
    place that is not in the list or where the dossier stands, once the call is decided, or where somebody has moved a
    dossier in the meantime.
    """
    if not reason.strip():
        raise Impossible(_("Say why: the panel’s reason stands beside the place."))
    dossier = Dossier.objects.select_related("version__call__label").get(pk=dossier_id)
    # Dossiers of one call are moved one at a time.
    call = Call.objects.select_for_update(of=("self",)).select_related("label").get(pk=dossier.version.call_id)
    lines = standings(call)
    _refuse_move(call, lines, dossier_id, place, base)
    stood = next(line for line in lines if line.dossier.pk == dossier_id)
    return Place.objects.create(
        dossier=dossier, place=place, was=stood.position, reason=reason.strip(), at=at, by=actor.name,
        offices=call.offices,
    )  # fmt: skip


def _refuse_move(call: Call, lines: Sequence[Line], dossier_id: int, place: int, base: str) -> None:
    if base and base != order_of(lines):
        raise Impossible(
            _("Somebody has moved a dossier in the meantime: read the order as it is now, then move again.")
        )
    stood = next((line for line in lines if line.dossier.pk == dossier_id), None)
    if stood is None:
        raise Impossible(_("This dossier is not sent."))
    if not 1 <= place <= len(lines):
        raise Impossible(_("Give a place from 1 to %d.") % len(lines))
    if place == stood.position and not stood.tied:
        raise Impossible(_("The dossier stands in this place already."))
    if Decision.objects.filter(dossier__version__call=call).exclude(decided_at=None).exists():
        raise Impossible(_("The call is decided; its ranking stays as it is."))


def moves_of(call: Call) -> list[Place]:
    """What the panel has moved, in the order in which it did."""
    found: Iterable[Place] = Place.objects.filter(dossier__version__call=call).select_related("dossier")
    return sorted(found, key=lambda one: one.pk)
