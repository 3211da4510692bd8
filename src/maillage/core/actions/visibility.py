"""Actions on the visibility of a record, and on the persons who are named for it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, ActionValue, Reason, action
from maillage.core.actors import MANAGER, OFFICER, PILOT, Actor
from maillage.core.models import Grant
from maillage.core.security.visibility import Visibility, organisation_ids_of, visible_records
from maillage.core.security.visibility_changes import has_settable_visibility, may_set_visibility


def _model(record_kind: str) -> type[Model]:
    """The model of a kind of record that has a visibility. Raises `ActionError`."""
    try:
        model = apps.get_model(record_kind)
    except (LookupError, ValueError):
        model = None
    if model is None or not has_settable_visibility(model) or not hasattr(model._default_manager, "visible_to"):
        raise ActionError(_("“%s” is no kind of record that has a visibility.") % record_kind[:60])
    return model


def _organisations_concerned(*, record_kind: str, record_id: int, **_rest: object) -> Iterable[int]:
    try:
        return organisation_ids_of(_model(record_kind), record_id)
    except ActionError:
        return ()


# Any: the models with a `visibility` share no class.
def _record(actor: Actor, record_kind: str, record_id: int) -> Any:
    """The record, if the actor may read it. Raises `ActionError`."""
    record = visible_records(_model(record_kind), actor).filter(pk=record_id).first()
    if record is None:
        raise ActionError(_("This record is not there any more, or it is not for you; reload the page."))
    return record


@action(
    MANAGER,
    PILOT,
    OFFICER,
    title=gettext_lazy("Say who sees a record"),
    concerns=_organisations_concerned,
    changes=("record_kind", "record_id"),
)
def set_visibility(
    *, actor: Actor, at: dt.datetime, record_kind: str, record_id: int, visibility: str, reason: Reason
) -> ActionValue:
    """Make a record public, or restrict it to its network, its organisations, or named persons.

    An actor who restricts it to named persons becomes one of them. Raises `ActionForbiddenError` for a record whose
    visibility only an officer may set: one that concerns other organisations too, an organisation, a label. Raises
    `ActionError` for an unknown visibility, a blank reason, a record that the actor may not read, and for the
    visibility *network* or *organisation* of a record that concerns no organisation.
    """
    record = _record(actor, record_kind, record_id)
    if not may_set_visibility(actor, record):
        raise ActionForbiddenError(
            _("Others are party to this record, or it is the network’s own: ask an officer of the site.")
        )
    if visibility not in Visibility.values:
        raise ActionError(_("Choose one of the visibilities listed."))
    needs_organisation = visibility in (Visibility.NETWORK, Visibility.ORGANISATION)
    if needs_organisation and not list(organisation_ids_of(type(record), record_id)):
        raise ActionError(_("This record concerns no organisation: keep it to named persons instead."))
    if visibility == Visibility.NAMED and actor.user_id and not actor.is_officer:
        Grant.objects.get_or_create(record_kind=record_kind, record_id=record_id, person_id=actor.user_id)
    record.visibility = visibility
    record.save(update_fields=["visibility"])
    return record


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Let a person read a record"), concerns=_organisations_concerned)
def grant(*, actor: Actor, at: dt.datetime, record_kind: str, record_id: int, email: str, reason: str = "") -> Grant:
    """Name a person, by mail address, who may read a record restricted to named persons.

    A manager may name persons with a mandate for an organisation of the own networks. Raises `ActionForbiddenError` if
    only an officer may set the visibility of the record, and `ActionError` if there is no such person.
    """
    record = _record(actor, record_kind, record_id)
    if not may_set_visibility(actor, record):
        raise ActionForbiddenError(
            _("Others are party to this record, or it is the network’s own: ask an officer of the site.")
        )
    persons = get_user_model()._default_manager.filter(email__iexact=email.strip(), is_active=True)
    if not actor.is_officer:
        persons = persons.filter(mandates__organisation__in=actor.reach | actor.network)
    person = persons.first()
    if person is None:
        raise ActionError(_("Nobody of your networks has this mail address here; have them invited first."))
    return Grant.objects.get_or_create(record_kind=record_kind, record_id=record_id, person=person)[0]


@action(
    MANAGER, PILOT, OFFICER, title=gettext_lazy("Let a person read a record no more"), concerns=_organisations_concerned
)
def withdraw_grant(
    *, actor: Actor, at: dt.datetime, record_kind: str, record_id: int, person_id: int, reason: str = ""
) -> None:
    """Remove a person from those named for a record. Raises `ActionError` for a person who is not named."""
    _record(actor, record_kind, record_id)
    grants = Grant.objects.filter(record_kind=record_kind, record_id=record_id, person=person_id)
    if not grants.delete()[0]:
        raise ActionError(_("This person is not named for this record."))
