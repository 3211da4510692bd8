"""The entities of a version's perimeter."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import HeadingKind
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import Actor
from maillage.core.days import parse_day
from maillage.core.partial_updates import UNSET, Unset
from maillage.label_agreements.drafts import EDITOR_ROLES, lock_draft_version, refuse_stale_edition
from maillage.label_agreements.models import PerimeterEntity
from maillage.label_agreements.parties import update_host_parties
from maillage.label_agreements.queries import agreement_organisations
from maillage.label_agreements.shares import FULL_SHARE, days_in_perimeter, refuse_excess_share
from maillage.register.models import Organisation

MAX_ENTITIES = 500


@action(*EDITOR_ROLES, title=gettext_lazy("Write an entity of a label agreement"), concerns=agreement_organisations)
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
    """Add or change an entity of the perimeter and confirm it: host, share in percent, first and last day.

    A new entity needs its host and share; of one that is there, what is not given stays. The host becomes a party to
    the agreement. Raises `StaleRecordError` where somebody has changed the entity since the edition that was read
    (`base`, 0 for none), `ActionError` for a share or day that cannot be, and where the shares of the entity under all
    agreements in force for the label would exceed 100%.
    """
    draft = lock_draft_version(agreement_id, version)
    if all(heading.kind is not HeadingKind.PERIMETER for heading in draft.agreement.call_document.agreement):
        raise ActionError(_("This agreement has no perimeter."))
    existing = draft.entities.filter(organisation=organisation_id).first()
    if existing is None and draft.entities.count() >= MAX_ENTITIES:
        raise ActionError(_("A perimeter has at most %d entities.") % MAX_ENTITIES)
    entity = existing or PerimeterEntity(version=draft, organisation=_get_organisation(organisation_id), edition=0)
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
    organisation: Organisation | None = Organisation.objects.filter(pk=pk, merged_into=None).first()
    if organisation is None:
        raise ActionError(_("This organisation is not in the register."))
    return organisation


def _parse_share(text: str) -> Decimal:
    """A percentage as either language writes it, with two decimals at most. Raises `ActionError`."""
    try:
        share = Decimal(str(text).replace(",", ".").strip("%\u00a0\u202f "))
    except InvalidOperation:
        share = Decimal(0)
    if not share.is_finite() or not 0 < share <= FULL_SHARE or share != round(share, 2):
        raise ActionError(_("A share is a percentage above 0 and at most 100, with two decimals at most."))
    return share


def _parse_day(text: str) -> dt.date | None:
    return parse_day(str(text), ActionError) if text else None


@action(*EDITOR_ROLES, title=gettext_lazy("Take an entity out of a label agreement"), concerns=agreement_organisations)
def remove_entity(
    *, actor: Actor, at: dt.datetime, agreement_id: int, version: int, organisation_id: int, base: int
) -> None:
    """Remove an entity from this version; an entity that leaves on a day is given a last day instead.

    Raises `StaleRecordError` where somebody has changed it since, `ActionError` where it is not there.
    """
    draft = lock_draft_version(agreement_id, version)
    entity = draft.entities.filter(organisation=organisation_id).first()
    if entity is None:
        raise ActionError(_("This entity is not in the perimeter any more; reload the page."))
    refuse_stale_edition(entity.edition, base)
    entity.delete()
    update_host_parties(draft.agreement)
