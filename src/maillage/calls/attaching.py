"""Files that a dossier is asked for: kept once, read by every body that takes part and by who runs the call."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.applying import WRITERS, Place, kept_reply, question_at, writable, writers_of
from maillage.calls.document import Kind
from maillage.calls.models import Dossier, Party, Reply
from maillage.kernel.actions import Impossible, action, follows
from maillage.kernel.actors import Actor
from maillage.kernel.files.actions import hand_on, keep
from maillage.kernel.files.intake import MEGABYTE, Incoming
from maillage.kernel.visibility import Visibility


@action(*WRITERS, title=gettext_lazy("Attach a file to a dossier"), concerns=writers_of, over_api=False)
def attach_to_dossier(
    *, actor: Actor, at: dt.datetime, dossier_id: int, section: str, question: str, incoming: Incoming, number: int = 1
) -> Reply:
    """Keep the file that a question asks for; a later one takes its place.

    Raises `Impossible` where no file is asked, or for one whose type is not taken or that is larger than the call says.
    """
    dossier = writable(dossier_id)
    place = Place(section, question, number)
    asked = question_at(dossier, place, Kind.FILE)
    if incoming.size > asked.most * MEGABYTE:
        told = _("“%(title)s” takes a file of %(most)d MB at most.")
        raise Impossible(told % {"title": asked.title, "most": asked.most})
    bodies = [*dossier.parties.order_by("pk").values_list("organisation_id", flat=True)]
    record = (Dossier.kind_name(), dossier.pk)
    file = keep(actor=actor, at=at, incoming=incoming, record=record, organisation_id=bodies[0],
                visibility=Visibility.ORGANISATION)  # fmt: skip
    hand_on(*record, bodies)
    value = {"file": file.content.digest, "name": file.name, "size": file.content.size}
    return kept_reply(dossier, place, value, actor=actor, at=at)


@follows("calls.add_party", "calls.send_dossier")
def _hand_on(*, value: Dossier | Party, **_others: object) -> None:
    """Who joins, or runs the call, reads what was attached before."""
    dossier = value if isinstance(value, Dossier) else value.dossier
    hand_on(Dossier.kind_name(), dossier.pk, dossier.parties.values_list("organisation_id", flat=True))
