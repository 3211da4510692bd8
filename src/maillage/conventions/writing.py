"""Writing a version of a convention: heading by heading, entity by entity, until all have signed."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.document import Heading, HeadingKind
from maillage.calls.values import checked
from maillage.conventions.actions import EDITORS, draft_of, settle_hosts
from maillage.conventions.headings import question_of
from maillage.conventions.models import Clause, Convention, ConventionVersion, Entity
from maillage.conventions.queries import concerned
from maillage.conventions.shares import WHOLE, days_of, refuse_beyond_whole
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import Actor
from maillage.kernel.files.actions import hand_on, keep
from maillage.kernel.files.intake import MEGABYTE, Incoming
from maillage.kernel.versions import Stale
from maillage.kernel.visibility import Visibility
from maillage.register.models import Organisation

MOST_ENTITIES = 500


@action(*EDITORS, title=gettext_lazy("Write a clause of a convention"), concerns=concerned)
def write_clause(
    *, actor: Actor, at: dt.datetime, convention_id: int, version: int, heading: str, value: Any, base: int = 0
) -> Clause:
    """Write what a version says under a heading, on the edition (`base`, 0 for none) that was read.

    Raises `Stale` where somebody has written there since, `Impossible` for what the heading does not take.
    """
    draft = draft_of(convention_id, version)
    asked = question_of(_heading(draft, heading))
    held = draft.clauses.filter(heading=heading).first()
    value = checked(asked, value)
    if held and held.value == value:
        return held
    _refuse_stale(held.edition if held else 0, base)
    return _kept(draft, heading, value, actor=actor, at=at)


def _heading(draft: ConventionVersion, key: str, kind: HeadingKind | None = None) -> Heading:
    found = draft.convention.says.heading(key)
    if found is None or found.kind is HeadingKind.PERIMETER or (kind and found.kind is not kind):
        raise Impossible(_("The convention has no such heading; reload the page."))
    return found


def _refuse_stale(edition: int, base: int) -> None:
    if edition != base:
        raise Stale(_("Somebody has written here in the meantime; read both and keep what is right."))


def _kept(draft: ConventionVersion, heading: str, value: Any, *, actor: Actor, at: dt.datetime) -> Clause:
    last = draft.clauses.filter(heading=heading).values_list("edition", flat=True).first()
    behalf = actor.acting.organisation if actor.acting else ""
    written = {"value": value, "edition": (last or 0) + 1, "by_id": actor.user_id, "on_behalf": behalf, "at": at}
    return Clause.objects.update_or_create(version=draft, heading=heading, defaults=written)[0]


@action(*EDITORS, title=gettext_lazy("Attach a file to a convention"), concerns=concerned, over_api=False)
def attach_clause(
    *, actor: Actor, at: dt.datetime, convention_id: int, version: int, heading: str, incoming: Incoming
) -> Clause:
    """Keep the file that a heading asks for; a later one takes its place in the version.

    Raises `Impossible` where no file is asked, or for one whose type is not taken or that is too large.
    """
    draft = draft_of(convention_id, version)
    asked = question_of(_heading(draft, heading, HeadingKind.ATTACHMENT))
    if incoming.size > asked.most * MEGABYTE:
        told = _("“%(title)s” takes a file of %(most)d MB at most.")
        raise Impossible(told % {"title": asked.title, "most": asked.most})
    bodies = sorted(concerned(convention_id=convention_id))
    record = (Convention.kind_name(), convention_id)
    file = keep(actor=actor, at=at, incoming=incoming, record=record, organisation_id=bodies[0],
                visibility=Visibility.ORGANISATION)  # fmt: skip
    hand_on(*record, bodies)
    value = {"file": file.content.digest, "name": file.name, "size": file.content.size}
    return _kept(draft, heading, value, actor=actor, at=at)


@action(*EDITORS, title=gettext_lazy("Write an entity of a convention"), concerns=concerned)
def write_entity(
    *,
    actor: Actor,
    at: dt.datetime,
    convention_id: int,
    version: int,
    organisation_id: int,
    host_id: int,
    share: str,
    since: str = "",
    until: str = "",
    base: int = 0,
) -> Entity:
    """Say that an entity belongs to the holder, or confirm it: its host, its share in percent, its first and last day.

    The host becomes a party to the convention. Raises `Stale` where somebody has changed the entity since the edition
    that was read (`base`, 0 for none), `Impossible` for a share or day that cannot be, and where the shares of the
    entity under all conventions in force for the label would exceed the whole.
    """
    draft = draft_of(convention_id, version)
    if all(one.kind is not HeadingKind.PERIMETER for one in draft.convention.says.convention):
        raise Impossible(_("This convention has no perimeter."))
    held = draft.entities.filter(organisation=organisation_id).first()
    if held is None and draft.entities.count() >= MOST_ENTITIES:
        raise Impossible(_("A perimeter has at most %d entities.") % MOST_ENTITIES)
    entity = held or Entity(version=draft, organisation=_body(organisation_id), edition=0)
    _refuse_stale(entity.edition, base)
    entity.host, entity.share = _body(host_id), _share(share)
    entity.since, entity.until = _day(since), _day(until)
    first, last = days_of(entity, draft.convention.award)
    if last < first:
        raise Impossible(_("The entity would leave before it comes, or before the label begins; correct the days."))
    refuse_beyond_whole(entity, draft.convention.award, actor=actor)
    entity.confirmed, entity.edition = True, entity.edition + 1
    entity.save()
    settle_hosts(draft.convention)
    return entity


def _body(pk: int) -> Organisation:
    found = Organisation.objects.filter(pk=pk, merged_into=None).first()
    if found is None:
        raise Impossible(_("This body is not in the register."))
    return found


def _share(text: str) -> Decimal:
    """A percentage as either language writes it, to two decimals."""
    try:
        found = Decimal(str(text).replace(",", ".").strip("%\u00a0\u202f "))
    except InvalidOperation:
        found = Decimal(0)
    if not found.is_finite() or not 0 < found <= WHOLE or found != round(found, 2):
        raise Impossible(_("A share is a percentage above 0 and at most 100, with two decimals at most."))
    return found


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text)) if text else None
    except ValueError as error:
        raise Impossible(_("Write a day such as 2026-03-31.")) from error


@action(*EDITORS, title=gettext_lazy("Take an entity out of a convention"), concerns=concerned)
def remove_entity(
    *, actor: Actor, at: dt.datetime, convention_id: int, version: int, organisation_id: int, base: int
) -> None:
    """The entity is no part of this version; one that leaves on a day is given its last day instead.

    Raises `Stale` where somebody has changed it since, `Impossible` where it is not there.
    """
    draft = draft_of(convention_id, version)
    held = draft.entities.filter(organisation=organisation_id).first()
    if held is None:
        raise Impossible(_("This entity is not in the perimeter any more; reload the page."))
    _refuse_stale(held.edition, base)
    held.delete()
    settle_hosts(draft.convention)
