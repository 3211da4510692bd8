"""What can be done about mandates: give, invite, hand over for some days, end."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel import wording
from maillage.kernel.actions import Forbidden, Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, MANAGER, MANDATED, OFFICER, READER, REVIEWER, Actor
from maillage.people.invitations import invitation_of, queue_mail
from maillage.people.models import Invitation, Mandate, User
from maillage.people.queries import managers_of
from maillage.register.models import Organisation, Tie
from maillage.register.vocabulary import ManagedBy

INVITED_FOR = dt.timedelta(days=14)
# Who awards and who reviews is chosen by an officer of the site, not by the bodies that are judged.
_OFFICERS_CHOICE = frozenset({LABEL_OFFICER, REVIEWER})


def _organisation(*, organisation_id: int, **_others: Any) -> list[int]:
    return [organisation_id]


def _of_mandate(*, mandate_id: int, **_others: Any) -> list[int]:
    return list(Mandate.objects.filter(pk=mandate_id).values_list("organisation_id", flat=True))


def _of_invitation(*, invitation_id: int, **_others: Any) -> list[int]:
    return list(Invitation.objects.filter(pk=invitation_id).values_list("organisation_id", flat=True))


@action(OFFICER, title=gettext_lazy("Give a mandate"))
def give_mandate(
    *,
    actor: Actor,
    at: dt.datetime,
    person_id: int,
    organisation_id: int,
    role: str,
    first_day: dt.date,
    last_day: dt.date | None = None,
) -> Mandate:
    """Let a person act for an organisation, in one role, from a day on (to another, if given); the person is told.

    Only an officer gives a mandate unasked: a manager invites. Raises `Impossible` for a period that ends before it
    begins or is over, for a body merged into another, or where the person holds the same mandate already.
    """
    _refuse_days(first_day, last_day, at)
    _refuse_merged(organisation_id)
    mandate = Mandate(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role,
        first_day=first_day,
        last_day=last_day,
        given_by_id=actor.user_id,
    )
    return _kept(mandate)


@action(OFFICER, MANAGER, title=gettext_lazy("Invite somebody to hold a mandate"), concerns=_organisation)
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
    """Offer a mandate by mail: its link goes to that address and nowhere else, so that following it proves the address.

    Raises what `give_mandate` raises; `Impossible` where the same invitation still waits for an answer, or where a
    manager would give more days than his own mandate has; `Forbidden` for a role that only an officer gives, and for
    somebody who stands in for another.
    """
    _refuse_role(actor, role)
    _refuse_days(first_day, last_day, at)
    _refuse_beyond(actor, last_day)
    _refuse_merged(organisation_id)
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    if waiting.filter(email__iexact=email, organisation=organisation_id, role=role).exists():
        raise Impossible(_("This person was invited already; withdraw that invitation to send another."))
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
    _check(invitation)
    invitation.save()
    queue_mail(invitation)
    return invitation


@action(title=gettext_lazy("Note that an invitation did not arrive"), over_api=False)
def note_invitation_undelivered(*, actor: Actor, at: dt.datetime, invitation_id: int, why: str) -> None:
    """The mail server took it at no attempt: the list of invitations says so."""
    Invitation.objects.filter(pk=invitation_id).update(undelivered=why)


@action(READER, title=gettext_lazy("Accept an invitation"), over_api=False)
def accept_invitation(*, actor: Actor, at: dt.datetime, secret: str, name: str = "", password: str = "") -> Mandate:
    """Take the mandate that an invitation offers; who has no account yet gets one with this name and password.

    Holding the link proves the mail address. Raises `Impossible` where the link is unknown, used, withdrawn or too
    old, where the password is too weak, or where somebody else is signed in.
    """
    invitation = invitation_of(secret)
    if invitation:
        Invitation.objects.select_for_update().get(pk=invitation.pk)
        invitation.refresh_from_db()
    if invitation is None or (why := closed(invitation, at)):
        raise Impossible(why if invitation else _("This link leads to no invitation; copy it whole from the mail."))
    person = User.objects.filter(email__iexact=invitation.email).first()
    if actor.user_id and (person is None or person.pk != actor.user_id):
        raise Impossible(_("This invitation is for another mail address; sign out first."))
    if person is None:
        person = _new_person(invitation, name, password)
    elif actor.user_id is None:
        raise Impossible(_("You have an account already: sign in, then follow the link again."))
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    first_day = max(invitation.first_day, timezone.localdate(at))
    given: dict[str, Any] = {"role": invitation.role, "first_day": first_day, "last_day": _last_day(invitation, at)}
    mandate = Mandate(
        person=person, organisation_id=invitation.organisation_id, given_by_id=invitation.invited_by_id, **given
    )
    return _kept(mandate)


def closed(invitation: Invitation, at: dt.datetime) -> str:
    """Why an invitation cannot be accepted any more; nothing where it can."""
    if invitation.accepted_at:
        return _("This invitation was accepted already; sign in.")
    if invitation.withdrawn_at:
        return _("This invitation was withdrawn; ask whoever sent it.")
    if invitation.expires_at <= at or (invitation.last_day and invitation.last_day < timezone.localdate(at)):
        return _("This invitation is too old; ask whoever sent it for another.")
    if not _given(invitation, timezone.localdate(at)):
        return _("Whoever sent this invitation may not give this mandate any more; ask the organisation for another.")
    return ""


def _given(invitation: Invitation, day: dt.date) -> list[dt.date | None]:
    """Up to which days whoever invited may still give the mandate; nothing where the right has ended."""
    inviter = invitation.invited_by
    if inviter is None or not inviter.is_active:
        return []
    if inviter.is_officer:
        return [None]
    managing = managers_of(invitation.organisation_id, day)
    held = Mandate.objects.on(day).filter(person=inviter, role=MANAGER, organisation__in=managing, delegated_from=None)
    return list(held.values_list("last_day", flat=True))


def _last_day(invitation: Invitation, at: dt.datetime) -> dt.date | None:
    """The last day offered, and none after the inviter's own."""
    own = _given(invitation, timezone.localdate(at))
    latest = None if None in own else max(filter(None, own))
    return min(filter(None, [invitation.last_day, latest]), default=None)


@action(OFFICER, MANAGER, title=gettext_lazy("Withdraw an invitation"), concerns=_of_invitation)
def withdraw_invitation(*, actor: Actor, at: dt.datetime, invitation_id: int) -> Invitation:
    """Make the link of an invitation useless. Raises `Impossible` where it was accepted."""
    invitation: Invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if invitation.accepted_at:
        raise Impossible(_("This invitation was accepted already; end the mandate instead."))
    invitation.withdrawn_at = invitation.withdrawn_at or at
    invitation.save(update_fields=["withdrawn_at"])
    return invitation


@action(*MANDATED, title=gettext_lazy("Hand a mandate over for some days"), concerns=_of_mandate)
def delegate(
    *, actor: Actor, at: dt.datetime, mandate_id: int, email: str, first_day: dt.date, last_day: dt.date
) -> Mandate:
    """Let a colleague use one's own mandate in use from a day to another; one keeps it oneself.

    Raises `Forbidden` for a mandate that is not one's own, or that one holds for another; `Impossible` for days
    outside those of the mandate, and for a mail address that nobody of the site has.
    """
    mandate: Mandate = Mandate.objects.select_for_update().get(pk=mandate_id)
    if mandate.person_id != actor.user_id or actor.acting is None or actor.acting.mandate_id != mandate_id:
        raise Forbidden(_("Only your own mandate in use can be handed over."))
    _refuse_stand_in(mandate)
    _refuse_days(first_day, last_day, at)
    if first_day < mandate.first_day or (mandate.last_day and last_day > mandate.last_day):
        raise Impossible(_("Your own mandate does not last over all of these days; choose others."))
    # Among those who act for the same body: whoever asks learns nothing of other persons of the site.
    beside = Mandate.objects.on(timezone.localdate(at)).filter(organisation__in=actor.reach).values("person")
    colleague = User.objects.filter(email__iexact=email.strip(), is_active=True, pk__in=beside).first()
    if colleague is None:
        raise Impossible(_("Nobody who acts for your organisation has this mail address; have them invited first."))
    if colleague.pk == mandate.person_id:
        raise Impossible(_("This is your own address; give that of a colleague."))
    days: dict[str, Any] = {"first_day": first_day, "last_day": last_day, "given_by_id": actor.user_id}
    return _kept(
        Mandate(
            person=colleague,
            organisation_id=mandate.organisation_id,
            role=mandate.role,
            delegated_from=mandate,
            **days,
        )
    )


@action(OFFICER, MANAGER, title=gettext_lazy("End a mandate"), concerns=_of_mandate)
def end_mandate(*, actor: Actor, at: dt.datetime, mandate_id: int, last_day: dt.date, reason: str) -> Mandate:
    """Let a mandate, and those delegated from it, end with that day; one that had not begun by then is removed.

    Raises `Impossible` without a reason, where it ends earlier already, or for a day before yesterday, since what was
    done under it stands; `Forbidden` for somebody who stands in for another.
    """
    if last_day < timezone.localdate(at) - dt.timedelta(days=1):
        raise Impossible(_("What was done under this mandate stands: end it yesterday at the earliest."))
    if not reason.strip():
        raise Impossible(_("Give the reason: it stands in the history of the mandate."))
    mandate: Mandate = Mandate.objects.select_for_update().get(pk=mandate_id)
    _refuse_standing_in(actor)
    if mandate.last_day and mandate.last_day <= last_day:
        raise Impossible(_("This mandate ends earlier already."))
    for each in [mandate, *mandate.delegations.all()]:
        _shorten(each, last_day)
    return mandate


@action(OFFICER, title=gettext_lazy("Say whose managers act for a body"))
def say_who_manages(*, actor: Actor, at: dt.datetime, tie_id: int, managed_by: str, reason: str) -> Tie:
    """Let the managers of one end of a tie act for the other end (`subject`, `object`), or no longer (empty).

    Raises `Impossible` for another word and without a reason.
    """
    if managed_by not in ("", *ManagedBy.values):
        raise Impossible(_("Say “subject”, “object”, or nothing."))
    if not reason.strip():
        raise Impossible(_("Give the reason: it stands in the history of the tie."))
    tie: Tie = Tie.objects.select_for_update().get(pk=tie_id)
    tie.managed_by = managed_by
    tie.save()
    return tie


def _shorten(mandate: Mandate, last_day: dt.date) -> None:
    if mandate.first_day > last_day:
        mandate.delete()
    elif mandate.last_day is None or mandate.last_day > last_day:
        mandate.last_day = last_day
        mandate.save(update_fields=["last_day"])


def _new_person(invitation: Invitation, name: str, password: str) -> User:
    person = User(email=invitation.email, name=name.strip() or invitation.name, language=invitation.language)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Impossible(" ".join(error.messages)) from error
    person.set_password(password)
    _check(person)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _kept(mandate: Mandate) -> Mandate:
    _check(mandate)
    try:
        with transaction.atomic():
            mandate.save()
    except IntegrityError as error:
        raise Impossible(_("This person holds the same mandate over part of that period.")) from error
    return mandate


def _check(record: Any) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        raise Impossible(" ".join(error.messages)) from error


def _refuse_role(actor: Actor, role: str) -> None:
    if role in _OFFICERS_CHOICE and not actor.is_officer:
        raise Forbidden(_("This role is given by an officer of the site."))
    _refuse_standing_in(actor)


def _refuse_beyond(actor: Actor, last_day: dt.date | None) -> None:
    """What a manager gives ends no later than what he holds."""
    own = actor.acting.last_day if actor.acting and not actor.is_officer else None
    if own and (last_day is None or last_day > own):
        raise Impossible(_("Your own mandate ends on %s: give one that ends no later.") % wording.day(own))


def _refuse_standing_in(actor: Actor) -> None:
    """Who stands in for another does the daily work, and decides nothing about mandates."""
    if not actor.is_officer and actor.acting:
        _refuse_stand_in(Mandate.objects.get(pk=actor.acting.mandate_id))


def _refuse_stand_in(mandate: Mandate) -> None:
    if mandate.delegated_from_id:
        raise Forbidden(_("You stand in for somebody here; mandates are for them to give."))


def _refuse_days(first_day: dt.date, last_day: dt.date | None, at: dt.datetime) -> None:
    if last_day and last_day < first_day:
        raise Impossible(_("The last day is before the first."))
    if last_day and last_day < timezone.localdate(at):
        raise Impossible(_("These days are over."))


def _refuse_merged(organisation_id: int) -> None:
    if Organisation.objects.filter(pk=organisation_id).exclude(merged_into=None).exists():
        raise Impossible(_("This record was merged into another; choose that one."))
