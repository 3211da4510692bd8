"""Mails to an organisation for which nobody acts: a need waits, and the link answers it without an account.

A first mail to an address that has not answered yet carries no text of the requester.
"""

import datetime as dt
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from maillage.core.actors import OFFICER
from maillage.notifications.notifier import NoticeText, notify
from maillage.partnerships.addressees import addressee_of
from maillage.partnerships.models import NeedAddress
from maillage.partnerships.notifications import UNREACHED_NOTICES
from maillage.people.queries import mandate_holder_ids
from maillage.site.queries import current_site, mail_sender, network_name

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
    addresses = current.filter(pk=pk).exclude(mailed_to="")
    address: NeedAddress | None = addresses.select_related("organisation", "need", "case").first()
    return address


def reach_addressee(address: NeedAddress, at: dt.datetime) -> None:
    """Where nobody acts for the addressee, mail the need to its contact and tell officers."""
    addressee = addressee_of(address.organisation, timezone.localdate(at))
    if addressee.somebody_acts:
        return
    if addressee.is_mailed:
        mail_address(address, at)
    tell_officers(address, at)


def mail_address(address: NeedAddress, at: dt.datetime) -> None:
    """Queue the mail to the contact of the addressee, sent once the transaction is committed."""
    address.mailed_to, address.mailed_at = address.organisation.contact_mail, at
    address.save(update_fields=["mailed_to", "mailed_at"])
    app.configure_task(ADDRESSEE_MAIL_TASK).defer(address_id=address.pk)


def tell_officers(address: NeedAddress, at: dt.datetime) -> None:
    """Tell officers that nobody acts for the addressee of a need, and whether its contact is mailed."""

    def words() -> NoticeText:
        names = {"organisation": address.organisation, "need": address.need.title, "mail": address.mailed_to}
        if address.mailed_to:
            text = _("Nobody holds a mandate for %(organisation)s. The need was mailed to %(mail)s with a link.")
        elif address.organisation.contact_mail:
            text = _("Nobody holds a mandate for %(organisation)s, and mail to its contact fails: record another one.")
        else:
            text = _("Nobody holds a mandate for %(organisation)s, which has no contact: record one and mail the need.")
        subject = _("New need, and nobody acts for %(organisation)s: %(need)s")
        return NoticeText(subject % names, text % names, address.need.get_absolute_url())

    officers = mandate_holder_ids((OFFICER,), [], timezone.localdate(at))
    notify(at=at, kind=UNREACHED_NOTICES, persons=officers, words=words)


def addressee_mail(address: NeedAddress) -> EmailMultiAlternatives:
    """The mail to the contact of the addressee, in the first language of the site."""
    language = current_site().values.languages[0]
    with translation.override(language):
        context = {
            "organisation": address.organisation,
            "day": address.promised_day,
            "network": network_name(),
            "link": urljoin(settings.SITE_URL, reverse("answer-by-link", args=[make_addressee_token(address)])),
            "language": language,
            "contact": current_site().values.contact_mail,
        }
        subject = _("A need for %s waits for your answer") % address.organisation
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
        text = render_to_string("partnerships/addressee_mail.txt", context)
        mail = EmailMultiAlternatives(subject, text, mail_sender(), [address.mailed_to], headers=headers)
        mail.attach_alternative(render_to_string("partnerships/addressee_mail.html", context), "text/html")
    return mail
