"""Who may read a record: its visibility, and the persons named for it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Forbidden, Impossible, action
from maillage.kernel.actors import MANAGER, OFFICER, PILOT, Actor
from maillage.kernel.models import Grant
from maillage.kernel.scope import everything
from maillage.kernel.visibility import Visibility, bodies_of, visible_through


def has_a_say(model: Any) -> bool:
    """Whether anybody says who sees records of a model; some stay with the bodies they are before."""
    return hasattr(model, "kind_name") and not getattr(model, "stays_with_its_bodies", False)


def _model(record_kind: str) -> Any:
    """The model of a kind of record that has a visibility. Raises `Impossible`."""
    try:
        model = apps.get_model(record_kind)
    except (LookupError, ValueError):
        model = None
    if model is None or not has_a_say(model) or not hasattr(model._default_manager, "visible_to"):
        raise Impossible(_("“%s” is no kind of record that has a visibility.") % record_kind[:60])
    return model


def _concerned(*, record_kind: str, record_id: int, **_rest: Any) -> Iterable[int]:
    try:
        return bodies_of(_model(record_kind), record_id)
    except Impossible:
        return ()


def _record(actor: Actor, record_kind: str, record_id: int) -> Any:
    """The record, if the actor reads it: a mandate does not open what the record hides from its holder."""
    found = _model(record_kind)._default_manager.visible_to(actor).filter(pk=record_id).first()
    if found is None:
        raise Impossible(_("This record is not there any more, or it is not for you; reload the page."))
    return found


@action(
    MANAGER,
    PILOT,
    OFFICER,
    title=gettext_lazy("Say who sees a record"),
    concerns=_concerned,
    changes=("record_kind", "record_id"),
)
def set_visibility(
    *, actor: Actor, at: dt.datetime, record_kind: str, record_id: int, visibility: str, reason: str
) -> Any:
    """Make a record public, or keep it to its network, its organisations, or named persons.

    Whoever keeps it to named persons is one of them. Raises `Forbidden` for what an officer decides: a record that
    others are party to, an organisation, a label; `Impossible` for another word, without a reason, for a record the
    actor does not read, or where a record that concerns no organisation is to be kept to one.
    """
    record = _record(actor, record_kind, record_id)
    if not may_disclose(actor, record):
        raise Forbidden(_("Others are party to this record, or it is the network’s own: ask an officer of the site."))
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    if visibility not in Visibility.values:
        raise Impossible(_("Choose one of the visibilities listed."))
    within = visibility in (Visibility.NETWORK, Visibility.ORGANISATION)
    if within and not list(bodies_of(type(record), record_id)):
        raise Impossible(_("This record concerns no organisation: keep it to named persons instead."))
    if visibility == Visibility.NAMED and actor.user_id and not actor.is_officer:
        Grant.objects.get_or_create(record_kind=record_kind, record_id=record_id, person_id=actor.user_id)
    record.visibility = visibility
    record.save(update_fields=["visibility"])
    return record


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Let a person read a record"), concerns=_concerned)
def grant(*, actor: Actor, at: dt.datetime, record_kind: str, record_id: int, email: str, reason: str = "") -> Grant:
    """Name a person, by mail address, who reads a record kept to named persons.

    A manager names those who act for bodies of the own networks. Raises `Forbidden` where an officer decides, and
    `Impossible` for nobody there.
    """
    record = _record(actor, record_kind, record_id)
    if not may_disclose(actor, record):
        raise Forbidden(_("Others are party to this record, or it is the network’s own: ask an officer of the site."))
    persons = get_user_model()._default_manager.filter(email__iexact=email.strip(), is_active=True)
    if not actor.is_officer:
        persons = persons.filter(mandates__organisation__in=actor.reach | actor.network)
    person = persons.first()
    if person is None:
        raise Impossible(_("Nobody of your networks has this mail address here; have them invited first."))
    return Grant.objects.get_or_create(record_kind=record_kind, record_id=record_id, person=person)[0]


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Let a person read a record no more"), concerns=_concerned)
def withdraw_grant(
    *, actor: Actor, at: dt.datetime, record_kind: str, record_id: int, person_id: int, reason: str = ""
) -> None:
    """Take a person off the list of those who read a record."""
    _record(actor, record_kind, record_id)
    found = Grant.objects.filter(record_kind=record_kind, record_id=record_id, person=person_id)
    if not found.delete()[0]:
        raise Impossible(_("This person is not named for this record."))


def may_disclose(actor: Actor, record: Any) -> bool:
    """Whether the actor may say who sees a record that he reads: none that concerns others too decides for them."""
    if actor.is_officer:
        return True
    manages = actor.acting is not None and actor.acting.role in (MANAGER, PILOT)
    own = manages and bool(visible_through(type(record))) and not getattr(record, "disclosed_by_officers", False)
    if not own:
        return False
    with everything():
        bodies = set(bodies_of(type(record), record.pk))
    return bool(bodies) and bodies <= actor.reach


def named_for(record: Any, *, actor: Actor) -> list[Any]:
    """The persons named for a record, for those who may name them; else none."""
    if not may_disclose(actor, record):
        return []
    with everything():
        named = Grant.objects.filter(record_kind=type(record).kind_name(), record_id=record.pk)
        return [row.person for row in named.select_related("person").order_by("person__name", "id")[:100]]
