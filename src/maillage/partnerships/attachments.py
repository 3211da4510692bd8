"""What a requester attaches to a need: read by the bodies that answer it, not by the teams they ask."""

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import READER, Actor
from maillage.kernel.files.actions import keep
from maillage.kernel.files.intake import Incoming
from maillage.kernel.files.models import File
from maillage.kernel.visibility import Visibility
from maillage.partnerships.models import Need
from maillage.partnerships.queries import bodies_before

MOST_FILES = 10


@action(READER, title=gettext_lazy("Attach a file to one’s need"), over_api=False)
def attach_to_need(*, actor: Actor, at: dt.datetime, need_id: int, incoming: Incoming) -> File:
    """Keep a file for each body that has the need before it; the caller has checked the signed link.

    Raises `Impossible` for a type or a size that is not taken, or beyond ten files.
    """
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    if len(attached(need)) >= MOST_FILES:
        raise Impossible(_("A need has at most %d files; put several into one.") % MOST_FILES)
    first, *others = bodies_before(need.pk)
    file = keep(
        actor=actor,
        at=at,
        incoming=incoming,
        record=(Need.kind_name(), need.pk),
        organisation_id=first,
        visibility=Visibility.ORGANISATION,
    )
    hand_on(need, others)
    return file


def attached(need: Need) -> list[File]:
    """The files of a need, each once, in their order."""
    found = File.objects.filter(record_kind=Need.kind_name(), record_id=need.pk).select_related("content")
    return list({file.content_id: file for file in found.order_by("-pk")}.values())[::-1]


def hand_on(need: Need, bodies: Collection[int]) -> None:
    """Let other bodies read what is attached; the bytes are kept once all the same."""
    for file in attached(need):
        uses = File.objects.filter(record_kind=file.record_kind, record_id=file.record_id, content=file.content)
        for body in sorted(set(bodies) - set(uses.values_list("organisation_id", flat=True))):
            file.pk, file._state.adding, file.organisation_id = None, True, body
            file.save()
