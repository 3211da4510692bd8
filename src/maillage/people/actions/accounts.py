"""Actions of officers on accounts: create, shut, reopen, appoint officers, reset second factors."""

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import OFFICER, Actor
from maillage.people.models import Mandate, User


@action(OFFICER, title=gettext_lazy("Shut an account"))
def shut_account(*, actor: Actor, at: dt.datetime, person_id: int, reason: Reason) -> User:
    """Shut an account: sessions end at once, access tokens become invalid, mandates end on the day of `at`.

    Raises `ActionError` without a reason, and for the last officer of the site.
    """
    person = _person_for_update(person_id)
    _check_not_last_officer(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _end_sessions(person)
    today = timezone.localdate(at)
    Mandate.objects.filter(person=person, first_day__gt=today).delete()
    Mandate.objects.on(today).filter(person=person).update(last_day=today)
    return person


@action(OFFICER, title=gettext_lazy("Open a shut account again"))
def reopen_account(*, actor: Actor, at: dt.datetime, person_id: int, reason: Reason) -> User:
    """Let a person sign in again, without former mandates. Raises `ActionError` without a reason, or once erased."""
    person = _person_for_update(person_id)
    if person.email.endswith(".invalid"):
        raise ActionError(_("This account was erased by its person; open a new one."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


@action(OFFICER, title=gettext_lazy("Say who is an officer of the site"))
def say_who_is_officer(*, actor: Actor, at: dt.datetime, person_id: int, is_officer: bool, reason: Reason) -> User:
    """Make a person an officer of the site, or no longer. Raises `ActionError` without a reason or for the last one."""
    person = _person_for_update(person_id)
    if not is_officer:
        _check_not_last_officer(person)
    person.is_officer = is_officer
    person.save(update_fields=["is_officer"])
    return person


@action(OFFICER, title=gettext_lazy("Take away a lost second factor"))
def reset_second_factor(*, actor: Actor, at: dt.datetime, person_id: int, reason: Reason) -> User:
    """Remove all second factors of a person who has lost them, and end their sessions; the person is notified.

    Raises `ActionError` without a reason, or for one's own account, since a stolen session could do it.
    """
    person = _person_for_update(person_id)
    if person.pk == actor.user_id:
        raise ActionError(_("Have another officer do this for you."))
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    return person


def _person_for_update(person_id: int) -> User:
    person: User = User.objects.select_for_update().get(pk=person_id)
    return person


def _check_not_last_officer(person: User) -> None:
    others = User.objects.filter(is_officer=True, is_active=True).exclude(pk=person.pk)
    if person.is_officer and person.is_active and not others.exists():
        raise ActionError(_("This is the last officer of the site; name another one first."))


def _end_sessions(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()


@action(OFFICER, title=gettext_lazy("Open an account"), over_api=False)
def open_account(*, actor: Actor, at: dt.datetime, email: str, name: str, language: str, is_officer: bool) -> User:
    """Create an account without a password; the person chooses one by the link of a mail.

    Raises `ActionError` where the address has an account already.
    """
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise ActionError(_("Somebody has an account with this mail address already."))
    user = User(email=email.strip().lower(), name=name.strip(), language=language, is_officer=is_officer)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@action(OFFICER, title=gettext_lazy("Create an account"), over_api=False)
def create_account(
    *, actor: Actor, at: dt.datetime, email: str, name: str, password: str, is_officer: bool = False
) -> User:
    """Create a person who signs in with a mail address and a password."""
    user = User(email=email.strip().lower(), name=name.strip(), is_officer=is_officer)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user
