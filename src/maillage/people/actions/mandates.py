"""Actions on mandates: give, delegate, end; and whose managers act for an organisation."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, Arguments, Reason, action
from maillage.core.actors import MANAGER, MANDATED_ROLES, OFFICER, Actor
from maillage.people.checks import (
    check_days,
    check_mandate_not_delegated,
    check_not_merged,
    check_not_standing_in,
    check_valid,
)
from maillage.people.models import Mandate, User
from maillage.register.models import Tie
from maillage.register.vocabulary import ManagedBy


def _organisation_of_mandate(*, mandate_id: int, **_others: object) -> list[int]:
    return list(Mandate.objects.filter(pk=mandate_id).values_list("organisation_id", flat=True))


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
    """Let a person act for an organisation, in one role, from a day to another or without end; the person is notified.

    Only an officer gives a mandate directly: a manager invites. Raises `ActionError` for a period that ends before it
    begins or is over, for a record merged into another, or where the person holds the same mandate already.
    """
    check_days(first_day, last_day, at)
    check_not_merged(organisation_id)
    mandate = Mandate(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role,
        first_day=first_day,
        last_day=last_day,
        given_by_id=actor.user_id,
    )
    return save_mandate(mandate)


@action(*MANDATED_ROLES, title=gettext_lazy("Hand a mandate over for some days"), concerns=_organisation_of_mandate)
def delegate(
    *, actor: Actor, at: dt.datetime, mandate_id: int, email: str, first_day: dt.date, last_day: dt.date
) -> Mandate:
    """Let a colleague use the actor's mandate from a first to a last day; the actor keeps it.

    Raises `ActionForbiddenError` for a mandate of somebody else, or one that is delegated itself; `ActionError` for
    days outside those of the mandate, and for a mail address that nobody of the site has.
    """
    mandate: Mandate = Mandate.objects.select_for_update().get(pk=mandate_id)
    if mandate.person_id != actor.user_id or actor.acting is None or actor.acting.mandate_id != mandate_id:
        raise ActionForbiddenError(_("Only your own mandate in use can be handed over."))
    check_mandate_not_delegated(mandate)
    check_days(first_day, last_day, at)
    if first_day < mandate.first_day or (mandate.last_day and last_day > mandate.last_day):
        raise ActionError(_("Your own mandate does not last over all of these days; choose others."))
    # Only among those who act for the same organisation, so that nobody can probe for other accounts.
    colleague_ids = Mandate.objects.on(timezone.localdate(at)).filter(organisation__in=actor.reach).values("person")
    colleague = User.objects.filter(email__iexact=email.strip(), is_active=True, pk__in=colleague_ids).first()
    if colleague is None:
        raise ActionError(_("Nobody who acts for your organisation has this mail address; have them invited first."))
    if colleague.pk == mandate.person_id:
        raise ActionError(_("This is your own address; give that of a colleague."))
    _check_not_held(colleague, mandate, first_day, last_day)
    days: Arguments = {"first_day": first_day, "last_day": last_day, "given_by_id": actor.user_id}
    return save_mandate(
        Mandate(
            person=colleague,
            organisation_id=mandate.organisation_id,
            role=mandate.role,
            delegated_from=mandate,
            **days,
        )
    )


def _check_not_held(colleague: User, mandate: Mandate, first_day: dt.date, last_day: dt.date) -> None:
    """Raise `ActionError` if a colleague holds the same mandate on one of the days: it cannot be held twice."""
    same = Mandate.objects.filter(person=colleague, organisation=mandate.organisation_id, role=mandate.role)
    if same.filter(Q(last_day=None) | Q(last_day__gte=first_day), first_day__lte=last_day).exists():
        message = _(
            "%s holds the same mandate on some of these days and can do what you do: give them your rows on the desk."
        )
        raise ActionError(message % colleague.name)


@action(OFFICER, MANAGER, title=gettext_lazy("End a mandate"), concerns=_organisation_of_mandate)
def end_mandate(*, actor: Actor, at: dt.datetime, mandate_id: int, last_day: dt.date, reason: Reason) -> Mandate:
    """Let a mandate, and those delegated from it, end with that day; one that had not begun by then is removed.

    Raises `ActionError` without a reason, where it ends earlier already, or for a day before yesterday, since what was
    done under it remains valid; `ActionForbiddenError` for an actor with a delegated mandate.
    """
    if last_day < timezone.localdate(at) - dt.timedelta(days=1):
        raise ActionError(_("What was done under this mandate stands: end it yesterday at the earliest."))
    mandate: Mandate = Mandate.objects.select_for_update().get(pk=mandate_id)
    check_not_standing_in(actor)
    if mandate.last_day and mandate.last_day <= last_day:
        raise ActionError(_("This mandate ends earlier already."))
    for ended_mandate in [mandate, *mandate.delegations.all()]:
        _shorten(ended_mandate, last_day)
    return mandate


@action(OFFICER, title=gettext_lazy("Say whose managers act for an organisation"))
def say_who_manages(*, actor: Actor, at: dt.datetime, tie_id: int, managed_by: str, reason: Reason) -> Tie:
    """Let the managers of one end of a tie act for the other end (`subject`, `object`), or no longer (empty).

    Raises `ActionError` for any other value and without a reason.
    """
    if managed_by not in ("", *ManagedBy.values):
        raise ActionError(_("Say “subject”, “object”, or nothing."))
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


def save_mandate(mandate: Mandate) -> Mandate:
    check_valid(mandate)
    try:
        with transaction.atomic():
            mandate.save()
    except IntegrityError as error:
        raise ActionError(_("This person holds the same mandate over part of that period.")) from error
    return mandate
