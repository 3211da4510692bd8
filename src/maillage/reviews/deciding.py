"""From the ranking to the decision: proposals, what the authority decides."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.calls.document import AwardedTo, CallDocument, Outcome
from maillage.calls.models import Call, CallVersion, Dossier, Part, Party
from maillage.calls.queries import offices_of_dossier
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.models import RUNNING, Decision, Panel, Phase, Review
from maillage.reviews.queries import judged


def authority_of_call(*, call_id: int, **_others: Any) -> Iterable[int]:
    """Only the authority decides and publishes, not who runs the call for it."""
    found = Call.objects.filter(pk=call_id).values_list("label__authority_id", flat=True)
    return [one for one in found if one]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Propose what is decided"), concerns=offices_of_dossier)
def propose_outcome(
    *, actor: Actor, at: dt.datetime, dossier_id: int, outcome: str, reason: str = "", base: str = ""
) -> Decision:
    """Propose an outcome for a dossier, on the one (`base`, empty for none) that was read.

    Raises `Impossible` for an outcome the call does not have or that is used up, for one without a label and without a
    reason, once it is decided, or where somebody has proposed another in the meantime.
    """
    # Proposals for one call are made one at a time, so that none is made on what another changes, or beyond a number.
    call = Call.objects.select_for_update(no_key=True).get(versions__dossiers=dossier_id)
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("version__call__label").get(pk=dossier_id)
    wanted = outcome_of(call.last.says, outcome)
    if dossier.sent_at is None or dossier.withdrawn_at:
        raise Impossible(_("This dossier is not sent."))
    held: Decision | None = Decision.objects.filter(dossier=dossier).first()
    if held and held.decided_at:
        raise Impossible(_("This dossier is decided."))
    if (held.outcome if held else "") != base:
        raise Impossible(_("Somebody has proposed something else in the meantime; read it again."))
    _refuse_beyond(dossier, wanted)
    refuse_twice(dossier, wanted)
    if not (wanted.label or reason.strip() or _feedback(dossier)):
        raise Impossible(_("Say why: nothing that reviewers wrote tells the applicant the reason."))
    values = {"outcome": outcome, "reason": reason.strip(), "proposed_at": at, "readers": call.offices}
    made: Decision = Decision.objects.update_or_create(dossier=dossier, defaults=values)[0]
    return made


def outcome_of(says: CallDocument, key: str) -> Outcome:
    """An outcome of a call by its key. Raises `Impossible` where it has none of that key."""
    found = next((one for one in says.outcomes if one.key == key), None)
    if found is None:
        raise Impossible(_("The call has no outcome “%s”.") % key[:60])
    return found


def _refuse_beyond(dossier: Dossier, wanted: Outcome) -> None:
    """No more of an outcome than the call has, dossiers that were withdrawn not counted."""
    standing = Decision.objects.filter(dossier__version__call=dossier.version.call_id, dossier__withdrawn_at=None)
    others = standing.filter(outcome=wanted.key)
    if wanted.most and others.exclude(dossier=dossier).count() >= wanted.most:
        told = _("The call has at most %(most)d of “%(title)s”, and all are proposed.")
        raise Impossible(told % {"most": wanted.most, "title": wanted.title})


def refuse_twice(dossier: Dossier, wanted: Outcome) -> None:
    """Raise `Impossible` where one body would be given one label by two dossiers of a call."""
    says = dossier.version.call.last.says
    if not wanted.label or says.awarded_to is AwardedTo.TITLE:
        return
    giving = [one.key for one in says.outcomes if one.label == wanted.label]
    lead = dossier.parties.get(part=Part.LEAD).organisation_id
    led = Party.objects.filter(organisation=lead, part=Part.LEAD).exclude(dossier=dossier).values("dossier")
    others = Decision.objects.filter(dossier__version__call=dossier.version.call_id, outcome__in=giving)
    if others.filter(dossier__in=led, dossier__withdrawn_at=None).exists():
        raise Impossible(_("Another dossier of the same body is proposed for this label."))


def _feedback(dossier: Dossier) -> str:
    """What the reviewers wrote to the applicant, without who they are."""
    sent = Review.objects.filter(assignment__dossier=dossier, assignment__state__in=RUNNING).exclude(sent_at=None)
    return "\n\n".join(text for text in sent.order_by("sent_at").values_list("to_applicant", flat=True) if text)


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Decide as proposed"), concerns=authority_of_call)
def decide(*, actor: Actor, at: dt.datetime, call_id: int) -> int:
    """The authority takes over every proposal, in the words of the call's last version; how many.

    The review is closed with it. Raises `Impossible` where a dossier has no proposal.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    refuse_undecided(call)
    Panel.objects.filter(call=call).exclude(phase=Phase.CLOSED).update(phase=Phase.CLOSED)
    open_ones = Decision.objects.filter(dossier__version__call=call, decided_at=None).select_related("dossier")
    version = call.last
    return sum(1 for one in open_ones if _decided(one, version, at))


def refuse_undecided(call: Call) -> None:
    """Raise `Impossible` where a dossier of the call has no proposal yet."""
    proposed = set(Decision.objects.filter(dossier__version__call=call).values_list("dossier_id", flat=True))
    if lacking := sum(1 for one in judged(call) if one.pk not in proposed):
        told = ngettext("%d dossier has no proposal yet.", "%d dossiers have no proposal yet.", lacking)
        raise Impossible(told % lacking)


def _authority_of_dossier(*, dossier_id: int, **_others: Any) -> Iterable[int]:
    path = "version__call__label__authority_id"
    return [one for one in Dossier.objects.filter(pk=dossier_id).values_list(path, flat=True) if one]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Take a decision back"), concerns=_authority_of_dossier)
def reopen_decision(*, actor: Actor, at: dt.datetime, dossier_id: int, reason: str) -> Decision:
    """Before it is published, the authority has a decision proposed anew; what was set to be published waits.

    Raises `Impossible` without a reason, before the decision, or once it is published.
    """
    Call.objects.select_for_update(no_key=True).get(versions__dossiers=dossier_id)
    decision = Decision.objects.select_for_update(of=("self",)).filter(dossier=dossier_id).first()
    if decision is None or decision.decided_at is None or decision.published_at:
        raise Impossible(_("Only what is decided and not published can be taken back; then there is the appeal."))
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    decision.decided_at = decision.version = None
    decision.save()
    Panel.objects.filter(call=decision.dossier.version.call_id).update(publish_at=None)
    return decision


def _decided(decision: Decision, version: CallVersion, at: dt.datetime) -> bool:
    decision.decided_at, decision.version, decision.feedback = at, version, _feedback(decision.dossier)
    decision.save()
    return True
