"""What partnerships declare: notices, figures, personal data, and what follows each transition of a need or complaint.

What follows a transition runs whoever applies it: letters are sent, networks get the need, promised days are settled.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.action_registry import ActionError, follows
from maillage.notifications.notice_kinds import register_notice_kind
from maillage.partnerships.actions.erasures import erase_needs_of_person, list_erased_account
from maillage.partnerships.conversations import WAITING
from maillage.partnerships.figures import (
    mean_rating,
    open_complaints,
    share_answered_in_time,
    share_answered_or_redirected,
)
from maillage.partnerships.forwarding import forward_need
from maillage.partnerships.models import (
    Answer,
    Message,
    MessageThread,
    Need,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    Requester,
    TeamRequest,
)
from maillage.partnerships.need_access import grant_answering_access
from maillage.partnerships.notifications import (
    MESSAGE_NOTICES,
    REFUSED_MAIL_NOTICES,
    RETURNED_MAIL_NOTICES,
    TEAM_REQUEST_NOTICES,
    UNREACHED_NOTICES,
    notify_of_message,
    notify_of_new_words,
    notify_of_unattended_promise,
    notify_requesting_organisations,
)
from maillage.partnerships.queries import accepting_networks, next_networks
from maillage.partnerships.requester_mails import queue_agreement_reminder, queue_consent_reminder, queue_requester_mail
from maillage.partnerships.team_notices import notify_proposed_teams, notify_reminded_team, notify_teams
from maillage.people.personal_data import PersonalData, register_personal_data
from maillage.register.figure_provider import register_figure
from maillage.workflow.guards import TransitionContext, guard
from maillage.workflow.models import Case
from maillage.workflow.signals import before_transition, register_notice_subjects

register_notice_kind(TEAM_REQUEST_NOTICES)
register_notice_kind(MESSAGE_NOTICES)
register_notice_kind(REFUSED_MAIL_NOTICES)
register_notice_kind(RETURNED_MAIL_NOTICES)
register_notice_subjects(
    {
        "need-received": _("New need: %s"),
        "need-withdrawn": _("Need withdrawn: %s"),
        "need-escalated": _("Need before the network: %s"),
        "need-waits-for-agreement": _("The requester is asked whether it goes on: %s"),
        "need-kept": _("To be answered by you alone, without the network: %s"),
        "complaint-received": _("New complaint: %s"),
        "complaint-escalated": _("Complaint for others to decide: %s"),
    }
)
register_notice_kind(UNREACHED_NOTICES)
follows("partnerships.ask_teams")(notify_teams)
follows("partnerships.promise_delay")(notify_of_unattended_promise)
follows("partnerships.remind_team")(notify_reminded_team)
follows("partnerships.answer_need")(notify_proposed_teams)
follows("partnerships.reword_need")(notify_of_new_words)
follows("partnerships.reply_to_request")(notify_requesting_organisations)
follows(
    "partnerships.write_message",
    "partnerships.write_message_with_files",
    "partnerships.write_as_requester",
    "partnerships.ask_requester",
)(notify_of_message)

register_figure("needs-answered-in-time", _("Needs answered within the delay promised"))(share_answered_in_time)
register_figure("needs-answered-or-passed-on", _("Needs answered, or passed on to an organisation that can answer"))(
    share_answered_or_redirected
)
register_figure("complaints-open", _("Complaints not settled"))(open_complaints)
register_figure("needs-rated", _("Rating by requesters, from 1 to 5"))(mean_rating)

# Erased with the account, but not as rows: `erase_needs_of_person` keeps the figures of the needs.
register_personal_data(
    PersonalData("needs", Requester, "person", ("organisation", "contact", "email", "need__key", "need__title"), False)
)
follows("people.erase_account")(erase_needs_of_person)
follows("people.erase_account")(list_erased_account)


@guard(
    "answer-is-written",
    title=_("an answer is written"),
    remedy=_("Write the answer on the page of the need: the requester gets it as this is done."),
    on_record_page=True,
)
def _answer_is_written(situation: TransitionContext) -> bool:
    return _draft_answer(situation.case) is not None


@guard(
    "teams-are-asked",
    title=_("teams are asked"),
    remedy=_("Choose the teams to ask on the page of the need."),
    on_record_page=True,
)
def _teams_are_asked(situation: TransitionContext) -> bool:
    need = _need_of_case(situation.case)
    return need is not None and TeamRequest.objects.filter(need=need).exists()


@guard(
    "no-team-is-asked",
    title=_("no team is asked"),
    remedy=_("Start the clock on the page of the need: it goes back to its teams."),
    on_record_page=True,
)
def _no_team_is_asked(situation: TransitionContext) -> bool:
    return not _teams_are_asked(situation)


@guard(
    "requester-is-asked",
    title=_("a question is put to the requester"),
    remedy=_("Write the question on the page of the need: the requester gets it as this is done."),
    on_record_page=True,
)
def _requester_is_asked(situation: TransitionContext) -> bool:
    questions = Message.objects.filter(thread=MessageThread.REQUESTER, organisation__isnull=False)
    return questions.filter(need=situation.case.record_id, written_at=situation.at).exists()


@guard(
    "open-to-networks",
    title=_("networks may read it"),
    remedy=_("The need is confidential: ask the requester to agree; it goes on with their yes."),
)
def _is_open_to_networks(situation: TransitionContext) -> bool:
    need, day = _need_of_case(situation.case), timezone.localdate(situation.at)
    return need is None or not need.is_confidential or not next_networks(need, situation.case.organisation_id or 0, day)


@before_transition("need", "seek-agreement")
def ask_for_agreement(situation: TransitionContext) -> None:
    """Ask the requester of a confidential need whether the networks may have it, and once more before the day ends.

    Raises `ActionError` where there is nothing to ask. No guard can say so: the case comes here by itself too.
    """
    if need := _need_of_case(situation.case):
        if _is_open_to_networks(situation):
            raise ActionError(str(_("No agreement is needed: the need is not confidential, or no network takes it.")))
        queue_requester_mail(need, "agreement")
        queue_agreement_reminder(need)


@before_transition("need", "ask")
def stop_promise(situation: TransitionContext) -> None:
    """Note since when the promise of an answer stands still."""
    NeedAddress.objects.filter(case=situation.case, dealt_at=None).update(stopped_at=situation.at)


@before_transition("need", "resume", "rejoin", "answer", "redirect", "decline", "withdraw")
def restart_promise(situation: TransitionContext) -> None:
    """Move the promised day by the working days for which the clock stood still."""
    _restart_promises(situation.case, situation.at)


@follows("workflow.move_case_to_version")
def restart_promise_of_moved_case(*, at: dt.datetime, value: Case, **_others: object) -> None:
    """A case that an officer moves out of the state in which its clock stands still has its promise run again."""
    if value.state != WAITING:
        _restart_promises(value, at)


def _restart_promises(case: Case, at: dt.datetime) -> None:
    for address in NeedAddress.objects.filter(case=case, stopped_at__isnull=False):
        if address.stopped_at and address.promised_day:
            days = case.working_days_between(address.stopped_at, at)
            address.promised_day = case.calendar_under(case.definition.definition).add(address.promised_day, days)
        address.stopped_at = None
        address.save(update_fields=["promised_day", "stopped_at"])


def _need_of_case(case: Case) -> Need | None:
    if case.record_kind != Need.kind_name() or case.record_id is None:
        return None
    need: Need | None = Need.objects.filter(pk=case.record_id).first()
    return need


def _draft_answer(case: Case) -> Answer | None:
    answer: Answer | None = Answer.objects.filter(
        need=case.record_id, organisation__in=case.organisation_ids, sent_at=None
    ).first()
    return answer


@before_transition("need", "answer", "redirect", "decline")
def send_answer(situation: TransitionContext) -> None:
    """Send the drafted answer."""
    need, answer = _need_of_case(situation.case), _draft_answer(situation.case)
    if need is None or answer is None:
        return
    answer.sent_at = situation.at
    answer.save(update_fields=["sent_at"])
    queue_requester_mail(need, answer.kind, answer)
    if answer.pass_on_to and need.is_confidential:
        queue_consent_reminder(answer)


@before_transition("need", "answer", "redirect", "decline", "withdraw")
def record_outcome(situation: TransitionContext) -> None:
    """Record when and how the need was dealt with; the first answer counts, later ones change nothing."""
    answer = Answer.objects.filter(need=situation.case.record_id, sent_at=situation.at).first()
    outcome = answer.kind if answer else NeedOutcome.WITHDRAWN
    NeedAddress.objects.filter(case=situation.case, dealt_at=None).update(dealt_at=situation.at, outcome=outcome)


@before_transition("need", "escalate")
def refuse_without_agreement(situation: TransitionContext) -> None:
    """Raise `ActionError` for a confidential need, whatever guards the process of the site has."""
    if not _is_open_to_networks(situation):
        raise ActionError(str(_("The need is confidential: networks get it only with the requester’s yes.")))


@before_transition("need", "escalate", "agree")
@before_transition("complaint", "escalate", "pass-up")
def involve_networks(situation: TransitionContext) -> None:
    """Give the networks of the organisation that take needs access to the need and to who asks."""
    case, need = situation.case, _need_of_case(situation.case)
    if need is None or case.organisation_id is None:
        return
    day = timezone.localdate(situation.at)
    networks = accepting_networks(case.organisation_id, day)
    case.also_for = sorted({*case.also_for, *networks})
    for network in sorted(networks):
        defaults = {"role": NeedAddressRole.NETWORK, "since": situation.at}
        NeedAddress.objects.get_or_create(need=need, organisation_id=network, defaults=defaults)
    grant_answering_access(need, networks)


@before_transition("need", "redirect", "decline")
def forward_to_others(situation: TransitionContext) -> None:
    """Pass a need on to the organisations that were chosen; a confidential one waits for the requester's yes."""
    need = _need_of_case(situation.case)
    answer = Answer.objects.filter(need=need, sent_at=situation.at).last()
    if need is None or answer is None or need.is_confidential:
        return
    for organisation_id in answer.pass_on_to:
        forward_need(need, organisation_id, actor=situation.actor, at=situation.at)
    answer.pass_on_to = []
    answer.save(update_fields=["pass_on_to"])


@before_transition("complaint", "answer", "decide")
def mail_complaint_answer(situation: TransitionContext) -> None:
    """Mail the requester that the answer to the complaint is on their page."""
    if need := _need_of_case(situation.case):
        queue_requester_mail(need, "complaint")
