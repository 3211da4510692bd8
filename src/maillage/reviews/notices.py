"""Who is told of decisions and appeals."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.document import Outcome
from maillage.calls.models import Call, Part
from maillage.kernel.actors import LABEL_OFFICER, LEAD, MANAGER, PILOT
from maillage.kernel.notices.kinds import Kind, declare
from maillage.kernel.notices.writing import Words
from maillage.people.telling import tell_holders
from maillage.reviews.models import Appeal, Decision

DECISIONS = declare(
    Kind(
        "decisions",
        gettext_lazy("what is decided of dossiers, and appeals against it"),
        gettext_lazy("You act for a body of the dossier, or for one that runs its call."),
        must_reach=True,
    )
)


def tell_decision(decision: Decision, outcome: Outcome, *, at: dt.datetime) -> None:
    """Tell those who act for the bodies of a dossier what was decided of it."""

    def words() -> Words:
        told = {"dossier": decision.dossier.title, "outcome": outcome.title}
        subject = _("%(dossier)s: %(outcome)s") % told
        return Words(subject, _("The letter stands on the page of the dossier."), decision.dossier.get_absolute_url())

    _tell(_bodies_of(decision), (LEAD, MANAGER, PILOT), words, at)


def tell_not_published(call: Call, why: str, *, at: dt.datetime) -> None:
    """Tell the label officers of whoever runs the call that what was set could not be published, and why."""

    def words() -> Words:
        return Words(_("Not published as set: %s") % call, why, reverse("call-decisions", args=[call.key]))

    _tell(call.offices, (LABEL_OFFICER,), words, at)


def tell_appeal(appeal: Appeal, *, at: dt.datetime) -> None:
    """Tell the label officers of whoever runs the call that an appeal was filed."""
    call = appeal.decision.dossier.version.call

    def words() -> Words:
        subject = _("Appeal against the decision on %s") % appeal.decision.dossier.title
        return Words(subject, appeal.text[:2_000], reverse("call-decisions", args=[call.key]))

    _tell(call.offices, (LABEL_OFFICER,), words, at)


def tell_answer(appeal: Appeal, *, at: dt.datetime) -> None:
    """Tell those who act for the bodies of a dossier what came of its appeal."""

    def words() -> Words:
        said = _("Your appeal is upheld: %s") if appeal.upheld else _("Your appeal is dismissed: %s")
        dossier = appeal.decision.dossier
        return Words(said % dossier.title, appeal.answer, dossier.get_absolute_url())

    _tell(_bodies_of(appeal.decision), (LEAD, MANAGER, PILOT), words, at)


def _bodies_of(decision: Decision) -> list[int]:
    own = decision.dossier.parties.filter(part__in=(Part.LEAD, Part.HOST))
    return list(own.values_list("organisation_id", flat=True))


def _tell(bodies: Iterable[int], roles: tuple[str, ...], words: Callable[[], Words], at: dt.datetime) -> None:
    tell_holders(at=at, kind=DECISIONS, roles=roles, bodies=bodies, words=words)
