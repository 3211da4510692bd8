"""Perimeter."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import HeadingKind
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import Actor
from maillage.core.partial_updates import UNSET, Unset
from maillage.label_agreements.drafts import EDITOR_ROLES, lock_draft_version, refuse_stale_edition
from maillage.label_agreements.models import PerimeterEntity
from maillage.label_agreements.parties import update_host_parties
from maillage.label_agreements.queries import agreement_organisations
from maillage.label_agreements.shares import FULL_SHARE, days_in_perimeter, refuse_excess_share
from maillage.register.models import Organisation

MAX_ENTITIES = 500


@action(*EDITOR_ROLES, title=gettext_lazy("Write an entity of a convention"), concerns=agreement_organisations)
def write_entity(
    *,
    actor: Actor,
    at: dt.datetime,
    agreement_id: int,
    version: int,
    organisation_id: int,
    host_id: int | Unset = UNSET,
    share: str | Unset = UNSET,
    since: str | Unset = UNSET,
    until: str | Unset = UNSET,
    base: int = 0,
) -> PerimeterEntity:
    """Say that an entity belongs to the holder, or confirm it: its host, its share in percent, its first and last day.

    A new entity needs its host and share; of one that is there, what is not given stays. The host becomes a party to
    the convention. Raises `StaleRecordError` where somebody has changed the entity since the edition that was read
    (`base`, 0 for none), `ActionError` for a share or day that cannot be, and where the shares of the entity under all
    conventions in force for the label would exceed the whole.
    """
    draft = lock_draft_version(agreement_id, version)
    if all(one.kind is not HeadingKind.PERIMETER for one in draft.agreement.says.agreement):
        raise ActionError(_("This convention has no perimeter."))
    held = draft.entities.filter(organisation=organisation_id).first()
    if held is None and draft.entities.count() >= MAX_ENTITIES:
        raise ActionError(_("A perimeter has at most %d entities.") % MAX_ENTITIES)
    entity = held or PerimeterEntity(version=draft, organisation=_get_organisation(organisation_id), edition=0)
    refuse_stale_edition(entity.edition, base)
    if host_id is not UNSET:
        entity.host = _get_organisation(host_id)
    if share is not UNSET:
        entity.share = _parse_share(share)
    if entity.host is None or entity.share is None:
        raise ActionError(_("Give the host establishment of the entity, and its share."))
    entity.since = entity.since if since is UNSET else _parse_day(since)
    entity.until = entity.until if until is UNSET else _parse_day(until)
    first, last = days_in_perimeter(entity, draft.agreement.award)
    if last < first:
        raise ActionError(_("The entity would leave before it comes, or before the label begins; correct the days."))
    refuse_excess_share(entity, draft.agreement.award, actor=actor)
    entity.confirmed, entity.edition = True, entity.edition + 1
    entity.save()
    update_host_parties(draft.agreement)
    return entity


def _get_organisation(pk: int) -> Organisation:
    found = Organisation.objects.filter(pk=pk, merged_into=None).first()
    if found is None:
        raise ActionError(_("This body is not in the register."))
    return found


def _parse_share(text: str) -> Decimal:
    """A percentage as either language writes it, to two decimals."""
    try:
        found = Decimal(str(text).replace(",", ".").strip("%\u00a0\u202f "))
    except InvalidOperation:
        found = Decimal(0)
    if not found.is_finite() or not 0 < found <= FULL_SHARE or found != round(found, 2):
        raise ActionError(_("A share is a percentage above 0 and at most 100, with two decimals at most."))
    return found


def _parse_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text)) if text else None
    except ValueError as error:
        raise ActionError(_("Write a day such as 2026-03-31.")) from error


@action(*EDITOR_ROLES, title=gettext_lazy("Take an entity out of a convention"), concerns=agreement_organisations)
def remove_entity(
    *, actor: Actor, at: dt.datetime, agreement_id: int, version: int, organisation_id: int, base: int
) -> None:
    """The entity is no part of this version; one that leaves on a day is given its last day instead.

    Raises `StaleRecordError` where somebody has changed it since, `ActionError` where it is not there.
    """
    draft = lock_draft_version(agreement_id, version)
    held = draft.entities.filter(organisation=organisation_id).first()
    if held is None:
        raise ActionError(_("This entity is not in the perimeter any more; reload the page."))
    refuse_stale_edition(held.edition, base)
    held.delete()
    update_host_parties(draft.agreement)
