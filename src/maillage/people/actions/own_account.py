"""Actions of persons on their own account."""

import datetime as dt

import pghistory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, action
from maillage.core.actors import FORMER_PERSON, READER, Actor
from maillage.core.partial_updates import UNSET, Unset, strip_text, value_or
from maillage.people.models import Invitation, Mandate, User
from maillage.people.personal_data import erase_personal_data


@action(READER, title=gettext_lazy("Change one’s own account"))
def revise_account(*, actor: Actor, at: dt.datetime, name: str | Unset = UNSET, language: str | Unset = UNSET) -> User:
    """Change the actor's own name and the language of their mails."""
    user = _own_account(actor)
    user.name = value_or(strip_text(name), user.name)
    user.language = value_or(language, user.language)
    user.full_clean()
    user.save()
    return user


@action(READER, title=gettext_lazy("End one’s own session"), over_api=False)
def end_session(*, actor: Actor, at: dt.datetime, session_id: int) -> None:
    """End a session of the actor on any device. Raises `ActionError` where it has ended already."""
    session = UserSession.objects.filter(user=_own_account(actor), pk=session_id).first()
    if session is None:
        raise ActionError(_("This session has ended already."))
    session.end()


@action(READER, title=gettext_lazy("Erase one’s own account"), over_api=False)
def erase_account(*, actor: Actor, at: dt.datetime) -> str:
    """Erase the actor's name, address, second factors and sessions; their actions remain, by "a former person".

    Mandates end on the day. Return the mark by which a list of erasures knows the account again (`account_mark`).
    Raises `ActionError` for the last officer of the site.
    """
    user = _own_account(actor)
    if user.is_officer and not User.objects.filter(is_officer=True, is_active=True).exclude(pk=user.pk).exists():
        raise ActionError(
            _("You are the last officer of the site. Open an account for another officer first; then erase yours.")
        )
    # The history entry of this action names no person either.
    pghistory.context(actor=FORMER_PERSON, user=None)
    mark = account_mark(user)
    erase_person(user, timezone.localdate(at))
    return mark


def account_mark(user: User) -> str:
    """What tells an account from another that got its number after a restore: its mail address, made unreadable."""
    return salted_hmac("maillage.erased.account", user.email.lower(), algorithm="sha256").hexdigest()[:12]


def erase_person(user: User, day: dt.date) -> None:
    """Erase an account from another action, without a permission check."""
    _end_mandates(user, day)
    _remove_sign_in_means(user)
    Invitation.objects.filter(email__iexact=user.email).delete()
    _erase_name(user)


def _own_account(actor: Actor) -> User:
    user: User | None = User.objects.select_for_update().filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise ActionForbiddenError(_("Sign in first: this concerns one’s own account."))
    return user


def _end_mandates(user: User, day: dt.date) -> None:
    mandates = Mandate.objects.filter(person=user)
    mandates.filter(first_day__gt=day).delete()
    mandates.on(day).update(last_day=day)


def _remove_sign_in_means(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
    for kind in (EmailAddress, Authenticator):
        kind.objects.filter(user=user).delete()


def _erase_name(user: User) -> None:
    """Remove the person's name from the account and the history; the row stays for the references to it."""
    erase_personal_data(user)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pghistory_context SET metadata = (metadata - 'user') || jsonb_build_object('actor', %s::text)"
            " WHERE metadata->>'user' = %s",
            [FORMER_PERSON, str(user.pk)],
        )
    user.name, user.email, user.last_login = FORMER_PERSON, f"former-{user.pk}@erased.invalid", None
    user.is_officer = user.is_active = False
    user.set_unusable_password()
    user.save()
