"""What a requester does by the signed link: withdraw, rate, complain. The caller has checked the link."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import READER, SYSTEM, Actor, without_name
from maillage.core.partial_updates import UNSET, Unset, present_values
from maillage.core.text import normalise_lines
from maillage.partnerships.addressee_mails import AddresseeMail, queue_contact_mails
from maillage.partnerships.checks import check_need_text
from maillage.partnerships.forwarding import forward_need
from maillage.partnerships.models import Need, NeedAddressRole, Rating, RequestedCapability, Requester
from maillage.partnerships.need_inputs import MAX_CAPABILITIES
from maillage.partnerships.queries import (
    answers_waiting_for_consent,
    cases_waiting_for_agreement,
    past_answering_organisation_ids,
    running_need_cases,
)
from maillage.partnerships.requester_mails import queue_requester_mail
from maillage.partnerships.team_matching import find_requested
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.engine import CaseSubject, create_case
from maillage.workflow.models import Case

MAX_REASON_LENGTH = 5_000
COMPLAINT_PROCESS = "complaint"


@action(READER, title=gettext_lazy("Withdraw one’s need"), over_api=False)
def withdraw_need(*, actor: Actor, at: dt.datetime, need_id: int, reason: str = "") -> None:
    """Withdraw a need from every organisation that has it. Raises `ActionError` where none has."""
    running = running_need_cases(need_id)
    if not running:
        raise ActionError(_("This need has been dealt with already."))
    for case in running:
        apply_transition(
            actor=SYSTEM, at=at, case_id=case.pk, transition="withdraw", reason=reason.strip()[:MAX_REASON_LENGTH]
        )
    need = Need.objects.get(pk=need_id)
    need.answers.exclude(pass_on_to=[]).update(pass_on_to=[])
    queue_requester_mail(need, "withdrawn")
    queue_contact_mails(need, at, AddresseeMail.WITHDRAWN)


@action(READER, title=gettext_lazy("Change the words of one’s need"), over_api=False)
def reword_need(*, actor: Actor, at: dt.datetime, need_id: int, text: str, title: str) -> Need:
    """Change the text and the title of a need that nobody has answered; what is asked follows the new text.

    Capabilities that the old text asked for and the new one does not are dropped, those that are new are added; what
    was added by hand stays. Raises `ActionError` for a need that is answered, or a text that is empty or too long.
    """
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    if not need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).exists() or need.answers.exists():
        raise ActionError(_("This need has been answered; write to whoever answered, or state a new one."))
    text = normalise_lines(text)
    check_need_text(text)
    before, after = find_requested(need.text, at), find_requested(text, at)
    need.asked.filter(concept__in=before.keys() - after.keys()).delete()
    kept = set(need.asked.values_list("concept", flat=True))
    added = [concept for concept in after if concept not in kept and concept not in before]
    RequestedCapability.objects.bulk_create(
        RequestedCapability(need=need, concept=concept, essential=after[concept])
        for concept in added[: max(0, MAX_CAPABILITIES - len(kept))]
    )
    need.text, need.title = text, " ".join(title.split())[:200] or need.title
    need.save(update_fields=["text", "title"])
    return need


@action(READER, title=gettext_lazy("Rate the answer to one’s need"), over_api=False)
def rate_need(*, actor: Actor, at: dt.datetime, need_id: int, score: int, comment: str | Unset = UNSET) -> Rating:
    """Rate the answer, 1 to 5; can be repeated. Raises `ActionError` before there is an answer."""
    need = Need.objects.get(pk=need_id)
    if not 1 <= score <= 5:
        raise ActionError(_("Choose from 1 (badly) to 5 (very well)."))
    if not need.answers.exclude(sent_at=None).exists():
        raise ActionError(_("There is no answer to rate yet."))
    words = UNSET if comment is UNSET else normalise_lines(comment)[:MAX_REASON_LENGTH]
    readers = past_answering_organisation_ids(need)
    values = present_values(score=score, comment=words, rated_at=at, readers=readers)
    rating: Rating = Rating.objects.update_or_create(need=need, defaults=values)[0]
    return rating


@action(READER, title=gettext_lazy("Put one’s complaint before the network"), over_api=False)
def escalate_complaint(*, actor: Actor, at: dt.datetime, need_id: int, reason: str = "") -> None:
    """Pass a complaint on to the network. Raises `ActionError` where no answered complaint is open."""
    running = Case.objects.running().filter(definition__name=COMPLAINT_PROCESS, record_kind=Need.kind_name())
    case = running.filter(record_id=need_id, state="answered").first()
    if case is None:
        raise ActionError(_("No complaint of yours was answered and is still open."))
    apply_transition(
        actor=SYSTEM, at=at, case_id=case.pk, transition="escalate", reason=reason.strip()[:MAX_REASON_LENGTH]
    )


@action(READER, title=gettext_lazy("Complain about how one’s need was dealt with"), over_api=False)
def complain(*, actor: Actor, at: dt.datetime, need_id: int, text: str) -> Case:
    """Open a complaint with the latest addressee of the need.

    Raises `ActionError` for an empty text, or while another complaint is open.
    """
    need = Need.objects.get(pk=need_id)
    if len(text.strip()) < 10:
        raise ActionError(_("Say what is wrong."))
    record = (Need.kind_name(), need.pk)
    known = Case.objects.running().filter(
        definition__name=COMPLAINT_PROCESS, record_kind=record[0], record_id=record[1]
    )
    if known.exists():
        raise ActionError(_("Your complaint is being dealt with; its answer will stand here."))
    last = need.addresses.filter(role=NeedAddressRole.ADDRESSEE).order_by("since", "pk").last()
    about = CaseSubject(need.title, record, last.organisation_id if last else None)
    reason = text.strip()[:MAX_REASON_LENGTH]
    return create_case(actor=without_name(actor), at=at, process=COMPLAINT_PROCESS, about=about, reason=reason)


@action(READER, title=gettext_lazy("Confirm one’s mail address"), over_api=False)
def confirm_address(*, actor: Actor, at: dt.datetime, need_id: int) -> None:
    """Note that the requester's address was reached: a link sent to it was opened, or a mail came from it."""
    Requester.objects.filter(need=need_id, confirmed_at=None).update(confirmed_at=at)


@action(READER, title=gettext_lazy("Have a new link to one’s need mailed"), over_api=False)
def mail_new_link(*, actor: Actor, at: dt.datetime, need_id: int) -> None:
    """Mail a new link to the requester of a need, at the address that they gave; to nobody once they are erased."""
    if need := Need.objects.filter(pk=need_id, requester__erased_at=None).exclude(requester=None).first():
        queue_requester_mail(need, "link")


@action(READER, title=gettext_lazy("Agree that one’s need goes on to others"), over_api=False)
def agree_to_pass_on(*, actor: Actor, at: dt.datetime, need_id: int, agrees: bool) -> None:
    """Say whether a confidential need may go on to the organisations proposed, or overdue, to the networks.

    Raises `ActionError` where nothing is proposed, or the time to say so has passed.
    """
    need = Need.objects.select_for_update().get(pk=need_id)
    waiting, overdue = answers_waiting_for_consent(at).filter(need=need), cases_waiting_for_agreement(need_id)
    organisation_ids = {pk for answer in waiting for pk in answer.pass_on_to}
    if not organisation_ids and not overdue:
        raise ActionError(_("Nothing waits for your word here; reload the page."))
    waiting.update(pass_on_to=[])
    for organisation_id in sorted(organisation_ids) if agrees else ():
        forward_need(need, organisation_id, actor=without_name(actor), at=at)
    for case in overdue:
        apply_transition(actor=SYSTEM, at=at, case_id=case.pk, transition="agree" if agrees else "keep")
