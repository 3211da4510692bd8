"""Mails to a requester or an addressee that did not arrive, and the remedy: another address."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import MANAGER, OFFICER, PILOT, SYSTEM, Actor
from maillage.notifications.bounces import handles_bounces
from maillage.notifications.notifier import NoticeText, notify
from maillage.partnerships.actions.addressee_mails import note_unreached as note_unreached_addressee
from maillage.partnerships.models import Message, Need, NeedAddress, NeedOutcome, Requester
from maillage.partnerships.notifications import RETURNED_MAIL_NOTICES, note_unreached
from maillage.partnerships.queries import addressed_organisation_ids, answering_organisation_ids
from maillage.partnerships.requester_mails import queue_requester_mail
from maillage.people.queries import mandate_holder_ids


def _answering_organisations(*, need_id: int, **_others: object) -> Iterable[int]:
    """Those who deal with the need: whoever is given the address reads what is written to them from then on."""
    all_ids = addressed_organisation_ids(need_id)
    passed_on = NeedAddress.objects.filter(need=need_id, outcome__in=(NeedOutcome.DECLINED, NeedOutcome.REDIRECTED))
    return set(all_ids) - set(passed_on.values_list("organisation_id", flat=True)) or all_ids


@action(title=gettext_lazy("Note that a requester cannot be reached"), over_api=False)
def note_undelivered(*, actor: Actor, at: dt.datetime, need_id: int, why: str, message_id: int | None = None) -> None:
    """Note on the need that a mail to its requester did not arrive; whoever wrote it, or answers the need, is told."""
    requester = Requester.objects.select_related("need").filter(need=need_id, erased_at=None).first()
    if requester is None:  # or erased since: the report names the address
        return
    is_new, requester.undelivered = not requester.undelivered, why
    requester.save(update_fields=["undelivered"])
    message = Message.objects.filter(pk=message_id or 0, organisation__isnull=False).select_related("need").first()
    if message and requester.email in message.undelivered:
        return  # Told already: whoever got the mail can send any number of reports.
    if message:
        note_unreached(message, f"{requester.email} ({why})", at)
    elif is_new:
        _tell_those_who_answer(requester.need, why, at)


def _tell_those_who_answer(need: Need, why: str, at: dt.datetime) -> None:
    def words() -> NoticeText:
        text = _("A mail to the requester came back; correct the address on the page of the need.")
        return NoticeText(
            _("The requester is not reached: %s") % need.title, f"{text}\n\n{why}", need.get_absolute_url()
        )

    persons = mandate_holder_ids((MANAGER, PILOT), answering_organisation_ids(need), timezone.localdate(at))
    notify(at=at, kind=RETURNED_MAIL_NOTICES, persons=persons, words=words)


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Correct the address of a requester"),
        concerns=_answering_organisations)  # fmt: skip
def correct_requester_address(*, actor: Actor, at: dt.datetime, need_id: int, email: str) -> Requester:
    """Replace the mail address of a requester whose mails came back; the link to the need is mailed to the new one.

    Raises `ActionError` for an invalid address, and for a requester who is reached: the address is theirs to change.
    """
    requesters = Requester.objects.select_for_update().select_related("need")
    requester = requesters.get(need=need_id, erased_at=None)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ActionError(_("This is no mail address; write it as name@example.org.")) from error
    if not requester.undelivered or address == requester.email.lower():
        raise ActionError(_("No mail to this address came back; there is nothing to correct."))
    requester.email, requester.undelivered, requester.confirmed_at = address, "", None
    requester.save(update_fields=["email", "undelivered", "confirmed_at"])
    queue_requester_mail(requester.need, "received")
    return requester


def _address_of_requester(need_id: int) -> str:
    return Requester.objects.filter(need=need_id).values_list("email", flat=True).first() or ""


def _address_of_message(message_id: int) -> str:
    need_id = Message.objects.filter(pk=message_id).values_list("need_id", flat=True).first()
    return _address_of_requester(need_id or 0)


def _address_of_addressee(address_id: int) -> str:
    return NeedAddress.objects.filter(pk=address_id).values_list("mailed_to", flat=True).first() or ""


@handles_bounces("r", _address_of_requester)
def _note_returned_mail(need_id: int, why: str, at: dt.datetime) -> None:
    note_undelivered(actor=SYSTEM, at=at, need_id=need_id, why=why)


@handles_bounces("m", _address_of_message)
def _note_returned_message(message_id: int, why: str, at: dt.datetime) -> None:
    if message := Message.objects.filter(pk=message_id).first():
        note_undelivered(actor=SYSTEM, at=at, need_id=message.need_id, why=why, message_id=message_id)


@handles_bounces("a", _address_of_addressee)
def _note_returned_need(address_id: int, why: str, at: dt.datetime) -> None:
    if NeedAddress.objects.filter(pk=address_id, dealt_at=None).exclude(mailed_to="").exists():
        note_unreached_addressee(actor=SYSTEM, at=at, address_id=address_id)
