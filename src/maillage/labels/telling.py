"""Who is told of what becomes of a label."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel import wording
from maillage.kernel.actors import LEAD, MANAGER, PILOT, Actor
from maillage.kernel.documents.words import Words as InBoth
from maillage.kernel.notices.kinds import Kind, declare
from maillage.kernel.notices.writing import Words
from maillage.labels.models import Award
from maillage.people.telling import tell_holders

AWARDS = declare(
    Kind(
        "awards",
        gettext_lazy("labels that are ended early, lengthened, or confirmed"),
        gettext_lazy("You act for the holder of a label."),
    )
)


def tell_term(award: Award, reason: str | InBoth, *, actor: Actor, at: dt.datetime) -> None:
    """Those who act for the holder are told until when the label is held now, and why."""
    bodies = [award.holder_id] if award.holder_id else []
    roles = (MANAGER, LEAD, PILOT)
    tell_holders(at=at, kind=AWARDS, roles=roles, bodies=bodies, words=lambda: _words(award, reason), by=actor)


def _words(award: Award, reason: str | InBoth) -> Words:
    term = wording.period(award.period_start, award.period_end)
    return Words(_("The term of a label has changed: %s") % award, f"{term}\n\n{reason}", award.get_absolute_url())
