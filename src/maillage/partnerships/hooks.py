"""What partnerships declare: notices, figures, personal data, and what follows each transition of a need or complaint.

What follows a transition runs whoever applies it: letters are sent, networks get the need, promised days are settled.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.action_registry import follows
from maillage.core.actors import PILOT
from maillage.notifications.notice_kinds import register_notice_kind
from maillage.partnerships import desk_rows  # noqa: F401 - registers its rows
from maillage.partnerships.actions.needs import open_need_case
from maillage.partnerships.figures import (
    mean_rating,
    open_complaints,
    share_answered_in_time,
    share_answered_or_redirected,
)
from maillage.partnerships.mails import queue_requester_mail
from maillage.partnerships.models import (
    Answer,
    AnswerDelay,
    Need,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    Requester,
    TeamRequest,
)
from maillage.partnerships.need_access import grant_answering_access
from maillage.partnerships.notifications import (
    TEAM_REQUEST_NOTICES,
    UNREACHED_NOTICES,
    notify_of_new_words,
    notify_requesting_organisations,
    notify_teams,
)
from maillage.partnerships.queries import working_days_promised
from maillage.people.personal_data import PersonalData, register_personal_data
from maillage.people.queries import mandate_holder_ids
from maillage.register.figure_provider import register_figure
from maillage.register.queries import network_ids_of
from maillage.workflow.guards import TransitionContext, guard
from maillage.workflow.models import Case
from maillage.workflow.signals import before_transition, register_notice_subjects

register_notice_kind(TEAM_REQUEST_NOTICES)
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
        _forward_need(need, answer.redirected_to_id, situation)
    queue_requester_mail(need, answer.kind, answer)


def _forward_need(need: Need, organisation_id: int, situation: TransitionContext) -> None:
    delay = working_days_promised(organisation_id, timezone.localdate(situation.at))
    open_need_case(need, organisation_id, at=situation.at, actor=situation.actor, delay=delay)
    grant_answering_access(need, {organisation_id})


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
    networks = _accepting_networks(case.organisation_id, day)
    case.also_for = sorted({*case.also_for, *networks})
    for network in sorted(networks):
        defaults = {"role": NeedAddressRole.NETWORK, "since": situation.at}
        NeedAddress.objects.get_or_create(need=need, organisation_id=network, defaults=defaults)
    grant_answering_access(need, networks)


def _accepting_networks(organisation_id: int, day: dt.date) -> set[int]:
    """The networks of an organisation that take needs: those that promise a delay or have a pilot."""
    networks = network_ids_of(organisation_id, day)
    taking = set(AnswerDelay.objects.possible_on(day).values_list("organisation_id", flat=True))
    return {network for network in networks if network in taking or mandate_holder_ids((PILOT,), [network], day)}


@before_transition("need", "decline")
def forward_to_networks(situation: TransitionContext) -> None:
    """Pass a declined need on to the organisation's networks that take needs, each with its own delay."""
    case, need = situation.case, _need_of_case(situation.case)
    if need is None or case.organisation_id is None:
        return
    had = set(need.addresses.filter(role=NeedAddressRole.ADDRESSEE).values_list("organisation_id", flat=True))
    drawn_in = set(need.addresses.filter(role=NeedAddressRole.NETWORK).values_list("organisation_id", flat=True))
    for network in sorted(_accepting_networks(case.organisation_id, timezone.localdate(situation.at)) - had - drawn_in):
        _forward_need(need, network, situation)


@before_transition("complaint", "answer", "decide")
def mail_complaint_answer(situation: TransitionContext) -> None:
    """Mail the requester that the answer to the complaint is on their page."""
    if need := _need_of_case(situation.case):
        queue_requester_mail(need, "complaint")
