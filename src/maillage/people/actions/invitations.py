"""Actions on invitations: invite, accept, withdraw, note a failed delivery."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Arguments, action
from maillage.core.actors import MANAGER, OFFICER, READER, SYSTEM, Actor
from maillage.notifications.bounces import handles_bounces
from maillage.people.actions.mandates import save_mandate
from maillage.people.checks import (
    check_days,
    check_not_merged,
    check_role_may_be_given,
    check_valid,
    check_within_own_mandate,
)
from maillage.people.invitation_mail import get_invitation, queue_invitation_mail
from maillage.people.models import Invitation, Mandate, User
from maillage.people.queries import invitation_closed_reason, inviter_last_days

INVITED_FOR = dt.timedelta(days=14)


def _organisation_id(*, organisation_id: int, **_others: object) -> list[int]:
    return [organisation_id]


def _organisation_of_invitation(*, invitation_id: int, **_others: object) -> list[int]:
    return list(Invitation.objects.filter(pk=invitation_id).values_list("organisation_id", flat=True))


@action(OFFICER, MANAGER, title=gettext_lazy("Invite somebody to hold a mandate"), concerns=_organisation_id)
def invite(
    *,
    actor: Actor,
    at: dt.datetime,
    email: str,
    name: str,
    organisation_id: int,
    role: str,
    first_day: dt.date,
    last_day: dt.date | None = None,
    language: str = "fr",
) -> Invitation:
    """Offer a mandate by mail; the link is sent to that address only, so that following it proves the address.

    Raises what `give_mandate` raises; `ActionError` where the same invitation is still pending, or where `last_day` is
    after the end of the manager's own mandate; `ActionForbiddenError` for a role that only an officer gives, and for an
    actor with a delegated mandate.
    """
    check_role_may_be_given(actor, role)
    check_days(first_day, last_day, at)
    check_within_own_mandate(actor, last_day)
    check_not_merged(organisation_id)
    pending = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    if pending.filter(email__iexact=email, organisation=organisation_id, role=role).exists():
        raise ActionError(_("This person was invited already; withdraw that invitation to send another."))
    invitation = Invitation(
        email=email.strip().lower(),
        name=name.strip(),
        language=language,
        organisation_id=organisation_id,
        role=role,
        first_day=first_day,
        last_day=last_day,
        invited_by_id=actor.user_id,
        invited_at=at,
        expires_at=at + INVITED_FOR,
    )
    check_valid(invitation)
    invitation.save()
    queue_invitation_mail(invitation)
    return invitation


@action(title=gettext_lazy("Note that an invitation did not arrive"), over_api=False)
def note_invitation_undelivered(*, actor: Actor, at: dt.datetime, invitation_id: int, why: str) -> None:
    """Record why the mail of an invitation could not be delivered."""
    Invitation.objects.filter(pk=invitation_id).update(undelivered=why)


def _address_of_invitation(invitation_id: int) -> str:
    return Invitation.objects.filter(pk=invitation_id).values_list("email", flat=True).first() or ""


@handles_bounces("i", _address_of_invitation)
def _note_returned_invitation(invitation_id: int, why: str, at: dt.datetime) -> None:
    note_invitation_undelivered(actor=SYSTEM, at=at, invitation_id=invitation_id, why=why)


@action(READER, title=gettext_lazy("Accept an invitation"), over_api=False)
def accept_invitation(*, actor: Actor, at: dt.datetime, secret: str, name: str = "", password: str = "") -> Mandate:
    """Accept the mandate of an invitation; a person without an account gets one with this name and password.

    Holding the link proves the mail address. Raises `ActionError` where the link is unknown, used, withdrawn or too
    old, where the password is too weak, or where somebody else is signed in.
    """
    invitation = get_invitation(secret)
    if invitation:
        Invitation.objects.select_for_update().get(pk=invitation.pk)
        invitation.refresh_from_db()
    if invitation is None or (why := invitation_closed_reason(invitation, at)):
        raise ActionError(why if invitation else _("This link leads to no invitation; copy it whole from the mail."))
    person = User.objects.filter(email__iexact=invitation.email).first()
    if actor.user_id and (person is None or person.pk != actor.user_id):
        raise ActionError(_("This invitation is for another mail address; sign out first."))
    if person is None:
        person = _create_person(invitation, name, password)
    elif actor.user_id is None:
        raise ActionError(_("You have an account already: sign in, then follow the link again."))
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    first_day = max(invitation.first_day, timezone.localdate(at))
    terms: Arguments = {
        "role": invitation.role,
        "first_day": first_day,
        "last_day": _last_day_offered(invitation, at),
    }
    mandate = Mandate(
        person=person, organisation_id=invitation.organisation_id, given_by_id=invitation.invited_by_id, **terms
    )
    return save_mandate(mandate)


def _last_day_offered(invitation: Invitation, at: dt.datetime) -> dt.date | None:
    """The last day offered, or the end of the inviter's own right if that is earlier."""
    inviter_days = inviter_last_days(invitation, timezone.localdate(at))
    latest = None if None in inviter_days else max(filter(None, inviter_days))
    return min(filter(None, [invitation.last_day, latest]), default=None)


@action(OFFICER, MANAGER, title=gettext_lazy("Withdraw an invitation"), concerns=_organisation_of_invitation)
def withdraw_invitation(*, actor: Actor, at: dt.datetime, invitation_id: int) -> Invitation:
    """Invalidate the link of an invitation. Raises `ActionError` where it was accepted."""
    invitation: Invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if invitation.accepted_at:
        raise ActionError(_("This invitation was accepted already; end the mandate instead."))
    invitation.withdrawn_at = invitation.withdrawn_at or at
    invitation.save(update_fields=["withdrawn_at"])
    return invitation


def _create_person(invitation: Invitation, name: str, password: str) -> User:
    person = User(email=invitation.email, name=name.strip() or invitation.name, language=invitation.language)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from error
    person.set_password(password)
    check_valid(person)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person
