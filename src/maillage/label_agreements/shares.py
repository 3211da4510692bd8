"""Shares of an entity held by the holders of a label: never more than 100% on any day."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor
from maillage.label_agreements.models import LabelAgreement, PerimeterEntity
from maillage.labels.models import Award

FULL_SHARE = Decimal(100)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HeldShare:
    """A share (percent) of an entity that a holder has by an agreement in force, from a first to a last day."""

    agreement: int
    holder: int
    name: str
    first: dt.date
    last: dt.date
    share: Decimal


def days_in_perimeter(entity: PerimeterEntity, award: Award) -> tuple[dt.date, dt.date]:
    """The first and the last day on which an entity belongs to the holder: its own, else those of the award."""
    lower, upper = award.possible.lower, award.possible.upper
    first, last = lower or dt.date.min, upper - _DAY if upper else dt.date.max
    return entity.since or first, entity.until or last


def shares_of_other_holders(organisation_id: int, label_id: int, *, but_holder: int) -> list[HeldShare]:
    """The shares of an entity that other holders of a label have by their agreements in force."""
    rows = PerimeterEntity.objects.filter(
        organisation=organisation_id,
        version=F("version__agreement__in_force"),
        version__agreement__award__label=label_id,
    ).exclude(version__agreement__award__holder=but_holder)
    return [_held_share(row) for row in rows.select_related("version__agreement__award__holder").order_by("pk")]


def _held_share(entity: PerimeterEntity) -> HeldShare:
    agreement = entity.version.agreement
    award = agreement.award
    first, last = days_in_perimeter(entity, award)
    name = award.holder.short_name if award.holder else award.holder_text
    return HeldShare(agreement.pk, award.holder_id or 0, name, first, last, entity.share or Decimal(0))


def peak_shares(shares: Collection[HeldShare], first: dt.date, last: dt.date) -> list[HeldShare]:
    """The shares on that day from `first` to `last` on which most of the entity is held.

    A holder whose agreements overlap, as when a wave begins before the last one has ended, counts once, by the largest
    share.
    """
    days = {first} | {held_share.first for held_share in shares if first <= held_share.first <= last}
    return max((_shares_on(shares, day) for day in sorted(days)), key=_total_share)


def _shares_on(shares: Collection[HeldShare], day: dt.date) -> list[HeldShare]:
    largest: dict[int, HeldShare] = {}
    for held_share in shares:
        known = largest.get(held_share.holder)
        if held_share.first <= day <= held_share.last and (known is None or held_share.share > known.share):
            largest[held_share.holder] = held_share
    return list(largest.values())


def _total_share(shares: Collection[HeldShare]) -> Decimal:
    return sum((held_share.share for held_share in shares), Decimal(0))


def refuse_excess_share(entity: PerimeterEntity, award: Award, *, actor: Actor) -> None:
    """Raise `ActionError` where an entity's share and those of other holders of the label exceed 100%.

    The message names the other holders as far as the actor may read their agreements, else only the total.
    """
    first, last = days_in_perimeter(entity, award)
    others = shares_of_other_holders(entity.organisation_id, award.label_id, but_holder=award.holder_id or 0)
    shares = peak_shares(others, first, last)
    total = _total_share(shares)
    if (entity.share or 0) + total <= FULL_SHARE:
        return
    message = _("%(entity)s: %(share)s%% is more than the %(free)s%% that is left; %(held)s%% is held already%(who)s.")
    raise ActionError(message % {
        "entity": entity.organisation.short_name, "share": _format_share(entity.share or FULL_SHARE),
        "free": _format_share(FULL_SHARE - total), "held": _format_share(total), "who": _named_holders(shares, actor),
    })  # fmt: skip


def _named_holders(shares: list[HeldShare], actor: Actor) -> str:
    read = set(
        LabelAgreement.objects.visible_to(actor)
        .filter(pk__in=[held_share.agreement for held_share in shares])
        .values_list("pk")
    )
    named = [
        f"{held_share.name} {_format_share(held_share.share)}"
        for held_share in shares
        if (held_share.agreement,) in read
    ]
    return f" ({', '.join(named)})" if named else ""


def _format_share(share: Decimal) -> str:
    return formats.number(share.normalize())
