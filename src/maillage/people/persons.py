"""What an officer does to the accounts of others: shut one, open it again, name officers, help who lost a factor."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import OFFICER, Actor
from maillage.people.models import Mandate, User


@action(OFFICER, title=gettext_lazy("Shut an account"))
def shut_account(*, actor: Actor, at: dt.datetime, person_id: int, reason: str) -> User:
    """Let a person sign in no more: sessions end at once, tokens open nothing, mandates end on the day.

    Raises `Impossible` without a reason, and for the last officer of the site.
    """
    person = _person(person_id, reason)
    _refuse_last_officer(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _end_sessions(person)
    today = timezone.localdate(at)
    Mandate.objects.filter(person=person, first_day__gt=today).delete()
    Mandate.objects.on(today).filter(person=person).update(last_day=today)
    return person


@action(OFFICER, title=gettext_lazy("Open a shut account again"))
def reopen_account(*, actor: Actor, at: dt.datetime, person_id: int, reason: str) -> User:
    """Let a person sign in again; mandates are given anew. Raises `Impossible` without a reason, or once erased."""
    person = _person(person_id, reason)
    if person.email.endswith(".invalid"):
        raise Impossible(_("This account was erased by its person; open a new one."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


@action(OFFICER, title=gettext_lazy("Say who is an officer of the site"))
def say_who_is_officer(*, actor: Actor, at: dt.datetime, person_id: int, is_officer: bool, reason: str) -> User:
    """Make a person an officer of the site, or no longer. Raises `Impossible` without a reason or for the last one."""
    person = _person(person_id, reason)
    if not is_officer:
        _refuse_last_officer(person)
    person.is_officer = is_officer
    person.save(update_fields=["is_officer"])
    return person


@action(OFFICER, title=gettext_lazy("Take away a lost second factor"))
def reset_second_factor(*, actor: Actor, at: dt.datetime, person_id: int, reason: str) -> User:
    """Remove all second factors of a person who has lost them, and end their sessions; the person is told.

    Raises `Impossible` without a reason, or for oneself, which would let a stolen session stay.
    """
    person = _person(person_id, reason)
    if person.pk == actor.user_id:
        raise Impossible(_("Have another officer do this for you."))
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    return person


def _person(person_id: int, reason: str) -> User:
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    person: User = User.objects.select_for_update().get(pk=person_id)
    return person


def _refuse_last_officer(person: User) -> None:
    others = User.objects.filter(is_officer=True, is_active=True).exclude(pk=person.pk)
    if person.is_officer and person.is_active and not others.exists():
        raise Impossible(_("This is the last officer of the site; name another one first."))


def _end_sessions(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
