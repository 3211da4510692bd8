"""Mails to an organisation for which nobody acts: a need waits, and the link answers it without an account.

No mail carries a text of the requester: it stands on the page of the link.
"""

import datetime as dt
import enum
from contextlib import suppress
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from maillage.core import formats
from maillage.notifications.bounces import set_return_address
from maillage.partnerships.addressees import somebody_acts
from maillage.partnerships.linked_mails import LinkedMail, build_mail
from maillage.partnerships.models import Need, NeedAddress
from maillage.register.models import Organisation
from maillage.register.noun_phrases import say
from maillage.site.queries import current_site, network_name

# The task is named, since its module needs this one.
ADDRESSEE_MAIL_TASK = "partnerships.mail_addressee"
_SALT = "maillage.need.addressee"


def make_addressee_token(address: NeedAddress) -> str:
    """The signed text of the link in the mail; it ends when the contact changes or the need is dealt with."""
    return signing.Signer(salt=_SALT).sign_object([address.pk, address.mailed_to])


def address_of_token(token: str) -> NeedAddress | None:
    """The address of a need that a link names; `None` for a wrong link, or where the contact has changed since."""
    try:
        pk, mailed_to = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    current = NeedAddress.objects.filter(mailed_to=mailed_to, organisation__contact_mail=mailed_to)
    addresses = current.filter(pk=pk, need__requester__erased_at=None).exclude(mailed_to="")
    address: NeedAddress | None = addresses.select_related("organisation", "need", "case").first()
    return address


def mail_address(address: NeedAddress, at: dt.datetime) -> None:
    """Queue the mail to the contact of the addressee, sent once the transaction is committed."""
    address.mailed_to, address.mailed_at = address.organisation.contact_mail, at
    address.save(update_fields=["mailed_to", "mailed_at"])
    app.configure_task(ADDRESSEE_MAIL_TASK).defer(address_id=address.pk)


class AddresseeMail(enum.StrEnum):
    """What a mail to the contact of an addressee is about."""

    NEED = "need"
    MESSAGE = "message"
    REWORDED = "reworded"
    WITHDRAWN = "withdrawn"


def queue_contact_mails(need: Need, at: dt.datetime, kind: AddresseeMail) -> None:
    """Tell each contact to which the need was mailed what its requester has done since; not where somebody acts.

    Changes of the words within an hour are told by one mail at its end.
    """
    is_of_now = Q(dealt_at=at) if kind == AddresseeMail.WITHDRAWN else Q(dealt_at=None)
    mailed = need.addresses.filter(is_of_now, organisation__contact_mail=F("mailed_to")).exclude(mailed_to="")
    for address in mailed.order_by("pk"):
        if not somebody_acts(address.organisation_id, timezone.localdate(at)):
            _queue_mail(address, kind)


def _queue_mail(address: NeedAddress, kind: AddresseeMail) -> None:
    if kind != AddresseeMail.REWORDED:
        app.configure_task(ADDRESSEE_MAIL_TASK).defer(address_id=address.pk, kind=kind.value)
        return
    once = f"{ADDRESSEE_MAIL_TASK}.{kind}.{address.pk}"
    # An address whose need is reworded again and again, by whoever has its link, would get a mail each time.
    with suppress(AlreadyEnqueued), transaction.atomic():
        task = app.configure_task(ADDRESSEE_MAIL_TASK, queueing_lock=once, schedule_in={"hours": 1})
        task.defer(address_id=address.pk, kind=kind.value)


def addressee_mail(address: NeedAddress, kind: AddresseeMail = AddresseeMail.NEED) -> EmailMultiAlternatives:
    """The mail to the contact of the addressee, in the first language of the site."""
    language = current_site().values.languages[0]
    with translation.override(language):
        organisation = address.organisation
        subject, paragraph = _words(address, kind)
        link_words, note = _link_words(kind)
        content = LinkedMail(
            _("Hello,"),
            [paragraph],
            urljoin(settings.SITE_URL, reverse("answer-by-link", args=[make_addressee_token(address)])),
            link_words,
            _reason(organisation),
            note,
        )
        mail = build_mail(address.mailed_to, say(subject, organisation, short=True), content, language=language)
        set_return_address(mail, "a", address.pk)
        return mail


def _link_words(kind: AddresseeMail) -> tuple[str, str]:
    """What the link of a mail leads to, and what to know of it."""
    if kind == AddresseeMail.WITHDRAWN:
        return _("The page of the need"), _("The need is closed: its page shows neither what was asked nor who asked.")
    note = _("The link is for this need alone and ends with it. Whoever has it can answer for your organisation: "
             "pass it on only to colleagues.")  # fmt: skip
    return _("Read the need, and answer or decline it without an account"), note


def _words(address: NeedAddress, kind: AddresseeMail) -> tuple[str, str]:
    """The subject of a mail, and what it says."""
    network = network_name()
    match kind:
        case AddresseeMail.MESSAGE:
            return _("Message about a need for %s"), _message_paragraph(address.organisation)
        case AddresseeMail.REWORDED:
            message = _("Whoever addressed a need to %(organisation)s through “%(network)s” has changed its words.")
            return _("A need for %s was changed"), say(message, address.organisation, network=network)
        case AddresseeMail.WITHDRAWN:
            message = _(
                "Whoever addressed a need to %(organisation)s through “%(network)s” has withdrawn it: no answer is "
                "expected any more."
            )
            return _("A need for %s is withdrawn"), say(message, address.organisation, network=network)
    return _("A need for %s waits for your answer"), _need_paragraph(address)


def _need_paragraph(address: NeedAddress) -> str:
    message = _("Through “%(network)s”, somebody addresses a need to %(organisation)s and hopes for an answer.")
    words = say(message, address.organisation, network=network_name())
    if address.promised_day is None or address.is_late:
        return words
    return f"{words} {_('An answer is expected by %(day)s.') % {'day': formats.day(address.promised_day)}}"


def _message_paragraph(organisation: Organisation) -> str:
    message = _("Whoever addressed a need to %(organisation)s through “%(network)s” has written to you.")
    return say(message, organisation, network=network_name())


def _reason(organisation: Organisation) -> str:
    message = _(
        "You get this because this address is the contact of %(organisation)s in the register of “%(network)s”."
    )
    words = say(message, organisation, network=network_name())
    contact = current_site().values.contact_mail
    return f"{words} {_('To have it changed, write to %(contact)s.') % {'contact': contact}}" if contact else words
