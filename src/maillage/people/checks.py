"""Checks shared by the actions on mandates and invitations."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import LABEL_OFFICER, REVIEWER, Actor
from maillage.people.models import Mandate
from maillage.register.models import Organisation

# Those who award and review are chosen by an officer of the site, not by the organisations under review.
_OFFICERS_CHOICE = frozenset({LABEL_OFFICER, REVIEWER})


def check_valid(record: Model) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from error


def check_role_may_be_given(actor: Actor, role: str) -> None:
    if role in _OFFICERS_CHOICE and not actor.is_officer:
        raise ActionForbiddenError(_("This role is given by an officer of the site."))
    check_not_standing_in(actor)


def check_within_own_mandate(actor: Actor, last_day: dt.date | None) -> None:
    """Raise `ActionError` if `last_day` is after the end of the manager's own mandate."""
    own_last_day = actor.acting.last_day if actor.acting and not actor.is_officer else None
    if own_last_day and (last_day is None or last_day > own_last_day):
        raise ActionError(_("Your own mandate ends on %s: give one that ends no later.") % formats.day(own_last_day))


def check_not_standing_in(actor: Actor) -> None:
    """Raise `ActionForbiddenError` if the actor uses a delegated mandate, which gives no right over mandates."""
    if not actor.is_officer and actor.acting:
        check_mandate_not_delegated(Mandate.objects.get(pk=actor.acting.mandate_id))


def check_mandate_not_delegated(mandate: Mandate) -> None:
    if mandate.delegated_from_id:
        raise ActionForbiddenError(_("You stand in for somebody here; mandates are for them to give."))


def check_days(first_day: dt.date, last_day: dt.date | None, at: dt.datetime) -> None:
    if last_day and last_day < first_day:
        raise ActionError(_("The last day is before the first."))
    if last_day and last_day < timezone.localdate(at):
        raise ActionError(_("These days are over."))


def check_not_merged(organisation_id: int) -> None:
    if Organisation.objects.filter(pk=organisation_id).exclude(merged_into=None).exists():
        raise ActionError(_("This record was merged into another; choose that one."))
