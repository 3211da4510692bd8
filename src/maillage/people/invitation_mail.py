"""The access token of an invitation, and the mail that sends it to the invited address."""

from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from maillage.notifications.bounces import set_return_address
from maillage.people.models import Invitation
from maillage.register.noun_phrases import Form, organisation_phrase, say
from maillage.site.queries import mail_sender

_SALT = "maillage.invitation"
# The task is referred to by name, since its module imports this one.
MAIL_TASK = "people.mail_invitation"


def invitation_token(invitation: Invitation) -> str:
    """The signed access token of an invitation; its holder is taken to read the invited mail address."""
    return signing.dumps(invitation.pk, salt=_SALT)


def get_invitation(word: str) -> Invitation | None:
    """The invitation of an access token; `None` if this site did not sign the token."""
    try:
        pk = int(signing.loads(word, salt=_SALT))
    except signing.BadSignature:
        return None
    invitation: Invitation | None = (
        Invitation.objects.filter(pk=pk).select_related("organisation", "invited_by").first()
    )
    return invitation


def queue_invitation_mail(invitation: Invitation) -> None:
    """Queue the mail of an invitation; it is sent only if the transaction is committed."""
    app.configure_task(MAIL_TASK).defer(invitation_id=invitation.pk)


def render_invitation_mail(invitation: Invitation) -> EmailMultiAlternatives:
    """The mail of an invitation, in the language chosen for it."""
    with override(invitation.language):
        context = {
            "invitation": invitation,
            "organisation": organisation_phrase(invitation.organisation, Form.THE),
            "link": urljoin(settings.SITE_URL, reverse("invitation", args=[invitation_token(invitation)])),
            "inviter": invitation.invited_by or invitation.organisation,
        }
        subject = " ".join(say(_("Invitation to act for %s"), invitation.organisation).split())
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": invitation.language}
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("people/invitation.txt", context),
            mail_sender(),
            [invitation.email],
            headers=headers,
        )
        mail.attach_alternative(render_to_string("people/invitation.html", context), "text/html")
        set_return_address(mail, "i", invitation.pk)
    return mail
