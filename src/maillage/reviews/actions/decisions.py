"""Decisions on applications: proposed, decided by the authority, reopened."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import Outcome
from maillage.calls.models import Application, Call, CallVersion
from maillage.calls.queries import operators_of_application
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.models import ACTIVE_STATES, Decision, Panel, Review, ReviewPhase
from maillage.reviews.outcomes import get_outcome, refuse_second_award, refuse_undecided
from maillage.reviews.queries import authority_of_call


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Propose what is decided"), concerns=operators_of_application)
def propose_outcome(
    *, actor: Actor, at: dt.datetime, application_id: int, outcome: str, reason: str = "", base: str = ""
) -> Decision:
    """Propose an outcome for an application, replacing the proposal that was read (`base`, empty for none).

    Raises `ActionError` for an outcome that the call does not have or that is used up, for one without a label and
    without a reason, once it is decided, or where somebody has proposed another in the meantime.
    """
    # Lock the call: proposals are made one at a time, so that none exceeds the number of an outcome.
    call = Call.objects.select_for_update(no_key=True).get(versions__applications=application_id)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("version__call__label")
        .get(pk=application_id)
    )
    wanted = get_outcome(call.last.document, outcome)
    if application.sent_at is None or application.withdrawn_at:
        raise ActionError(_("This application has not been sent."))
    existing: Decision | None = Decision.objects.filter(application=application).first()
    if existing and existing.decided_at:
        raise ActionError(_("This application has been decided."))
    if (existing.outcome if existing else "") != base:
        raise ActionError(_("Somebody has proposed something else in the meantime; read it again."))
    _refuse_above_limit(application, wanted)
    refuse_second_award(application, wanted)
    if not (wanted.label or reason.strip() or _applicant_feedback(application)):
        raise ActionError(_("Say why: nothing that reviewers wrote tells the applicant the reason."))
    values = {"outcome": outcome, "reason": reason.strip(), "proposed_at": at, "readers": call.operator_ids}
    decision: Decision = Decision.objects.update_or_create(application=application, defaults=values)[0]
    return decision


def _refuse_above_limit(application: Application, wanted: Outcome) -> None:
    """Raise `ActionError` beyond the number of an outcome, withdrawn applications not counted."""
    standing = Decision.objects.filter(
        application__version__call=application.version.call_id, application__withdrawn_at=None
    )
    others = standing.filter(outcome=wanted.key)
    if wanted.most and others.exclude(application=application).count() >= wanted.most:
        message = _("The call has at most %(most)d of “%(title)s”, and all are proposed.")
        raise ActionError(message % {"most": wanted.most, "title": wanted.title})


def _applicant_feedback(application: Application) -> str:
    """What the reviewers wrote to the applicant, without their names."""
    sent = Review.objects.filter(assignment__application=application, assignment__state__in=ACTIVE_STATES).exclude(
        sent_at=None
    )
    return "\n\n".join(text for text in sent.order_by("sent_at").values_list("to_applicant", flat=True) if text)


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Decide as proposed"), concerns=authority_of_call)
def decide(*, actor: Actor, at: dt.datetime, call_id: int) -> int:
    """The authority decides every proposal as it stands, by the call's last version; returns how many.

    This closes the review. Raises `ActionError` where an application has no proposal.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    refuse_undecided(call)
    Panel.objects.filter(call=call).exclude(phase=ReviewPhase.CLOSED).update(phase=ReviewPhase.CLOSED)
    open_ones = Decision.objects.filter(application__version__call=call, decided_at=None).select_related("application")
    version = call.last
    return sum(1 for decision in open_ones if _save_decision(decision, version, at))


def _authority_of_application(*, application_id: int, **_others: object) -> Iterable[int]:
    path = "version__call__label__authority_id"
    return [
        authority_id
        for authority_id in Application.objects.filter(pk=application_id).values_list(path, flat=True)
        if authority_id
    ]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Take a decision back"), concerns=_authority_of_application)
def reopen_decision(*, actor: Actor, at: dt.datetime, application_id: int, reason: Reason) -> Decision:
    """Return a decision that is not published to a proposal; a planned publication is cancelled.

    Raises `ActionError` without a reason, before the decision, or once it is published.
    """
    Call.objects.select_for_update(no_key=True).get(versions__applications=application_id)
    decision = Decision.objects.select_for_update(of=("self",)).filter(application=application_id).first()
    if decision is None or decision.decided_at is None or decision.published_at:
        raise ActionError(
            _("Only a decision that is not published can be taken back; after publication there is the appeal.")
        )
    decision.decided_at = decision.version = None
    decision.save()
    Panel.objects.filter(call=decision.application.version.call_id).update(publish_at=None)
    return decision


def _save_decision(decision: Decision, version: CallVersion, at: dt.datetime) -> bool:
    decision.decided_at, decision.version, decision.feedback = at, version, _applicant_feedback(decision.application)
    decision.save()
    return True
