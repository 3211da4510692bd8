"""What partnerships declare: notices, figures, personal data, and what follows each transition of a need or complaint.

What follows a transition runs whoever applies it: letters are sent, networks get the need, promised days are settled.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.action_registry import follows
from maillage.notifications.notice_kinds import register_notice_kind
from maillage.partnerships import desk_rows  # noqa: F401 - registers its rows
from maillage.partnerships.conversations import WAITING
from maillage.partnerships.figures import (
    mean_rating,
    open_complaints,
    share_answered_in_time,
    share_answered_or_redirected,
)
from maillage.partnerships.forwarding import accepting_networks, forward_need
from maillage.partnerships.mails import queue_requester_mail
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
    TEAM_REQUEST_NOTICES,
    UNREACHED_NOTICES,
    notify_of_message,
    notify_of_new_words,
    notify_requesting_organisations,
    notify_teams,
)
from maillage.people.personal_data import PersonalData, register_personal_data
from maillage.register.figure_provider import register_figure
from maillage.workflow.guards import TransitionContext, guard
from maillage.workflow.models import Case
from maillage.workflow.signals import before_transition, register_notice_subjects

register_notice_kind(TEAM_REQUEST_NOTICES)
register_notice_kind(MESSAGE_NOTICES)
register_notice_kind(REFUSED_MAIL_NOTICES)
register_notice_subjects(
    {
        "need-received": _("New need: %s"),
        "need-withdrawn": _("Need withdrawn: %s"),
        "need-escalated": _("Need before the network: %s"),
        "complaint-received": _("New complaint: %s"),
        "complaint-escalated": _("Complaint before the network: %s"),
    }
)
register_notice_kind(UNREACHED_NOTICES)
follows("partnerships.ask_teams")(notify_teams)
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

register_personal_data(
    PersonalData("needs", Requester, "person", ("organisation", "contact", "email", "need__key", "need__title"))
)


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
    """Send the drafted answer, and open a case with the other organisation for a redirected need."""
    need, answer = _need_of_case(situation.case), _draft_answer(situation.case)
    if need is None or answer is None:
        return
    answer.sent_at = situation.at
    answer.save(update_fields=["sent_at"])
    if answer.kind == NeedOutcome.REDIRECTED and answer.redirected_to_id:
        forward_need(need, answer.redirected_to_id, actor=situation.actor, at=situation.at)
    queue_requester_mail(need, answer.kind, answer)


@before_transition("need", "answer", "redirect", "decline", "withdraw")
def record_outcome(situation: TransitionContext) -> None:
    """Record when and how the need was dealt with; the first answer counts, later ones change nothing."""
    answer = Answer.objects.filter(need=situation.case.record_id, sent_at=situation.at).first()
    outcome = answer.kind if answer else NeedOutcome.WITHDRAWN
    NeedAddress.objects.filter(case=situation.case, dealt_at=None).update(dealt_at=situation.at, outcome=outcome)


@before_transition("need", "escalate")
@before_transition("complaint", "escalate")
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


@before_transition("need", "decline")
def forward_to_networks(situation: TransitionContext) -> None:
    """Pass a declined need on to the networks that were chosen; a confidential one waits for the requester's yes."""
    need = _need_of_case(situation.case)
    answer = Answer.objects.filter(need=need, sent_at=situation.at, kind=NeedOutcome.DECLINED).last()
    if need is None or answer is None or need.is_confidential:
        return
    for network in answer.pass_on_to:
        forward_need(need, network, actor=situation.actor, at=situation.at)
    answer.pass_on_to = []
    answer.save(update_fields=["pass_on_to"])


@before_transition("complaint", "answer", "decide")
def mail_complaint_answer(situation: TransitionContext) -> None:
    """Mail the requester that the answer to the complaint is on their page."""
    if need := _need_of_case(situation.case):
        queue_requester_mail(need, "complaint")
