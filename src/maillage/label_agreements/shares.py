"""How much of an entity the holders of a label have: never more than the whole of it on any day."""

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
    """A share (percent) of an entity that a holder has by a convention in force, from a first to a last day."""

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
    """What other holders of a label have of an entity by their conventions in force."""
    rows = PerimeterEntity.objects.filter(
        organisation=organisation_id,
        version=F("version__agreement__in_force"),
        version__agreement__award__label=label_id,
    ).exclude(version__agreement__award__holder=but_holder)
    return [_held_share(one) for one in rows.select_related("version__agreement__award__holder").order_by("pk")]


def _held_share(entity: PerimeterEntity) -> HeldShare:
    agreement = entity.version.agreement
    award = agreement.award
    first, last = days_in_perimeter(entity, award)
    name = award.holder.short_name if award.holder else award.holder_text
    return HeldShare(agreement.pk, award.holder_id or 0, name, first, last, entity.share or Decimal(0))


def peak_shares(held: Collection[HeldShare], first: dt.date, last: dt.date) -> list[HeldShare]:
    """What is held on the day, from a first to a last one, on which most of the entity is.

    A holder whose conventions overlap, as when a wave begins before the last one has ended, counts once, by the largest
    share.
    """
    days = {first} | {one.first for one in held if first <= one.first <= last}
    return max((_shares_on(held, day) for day in sorted(days)), key=_total_share)


def _shares_on(held: Collection[HeldShare], day: dt.date) -> list[HeldShare]:
    largest: dict[int, HeldShare] = {}
    for one in held:
        known = largest.get(one.holder)
        if one.first <= day <= one.last and (known is None or one.share > known.share):
            largest[one.holder] = one
    return list(largest.values())


def _total_share(held: Collection[HeldShare]) -> Decimal:
    return sum((one.share for one in held), Decimal(0))


def refuse_excess_share(entity: PerimeterEntity, award: Award, *, actor: Actor) -> None:
    """Raise `ActionError` where an entity's share and those that other holders of the label have exceed the whole.

    It says who holds the rest as far as the actor reads their conventions, else only how much is held.
    """
    first, last = days_in_perimeter(entity, award)
    others = shares_of_other_holders(entity.organisation_id, award.label_id, but_holder=award.holder_id or 0)
    held = peak_shares(others, first, last)
    total = _total_share(held)
    if (entity.share or 0) + total <= FULL_SHARE:
        return
    told = _("%(entity)s: %(share)s%% is more than the %(free)s%% that is left; %(held)s%% is held already%(who)s.")
    raise ActionError(told % {
        "entity": entity.organisation.short_name, "share": _format_share(entity.share or FULL_SHARE),
        "free": _format_share(FULL_SHARE - total), "held": _format_share(total), "who": _named_holders(held, actor),
    })  # fmt: skip


def _named_holders(held: list[HeldShare], actor: Actor) -> str:
    read = set(
        LabelAgreement.objects.visible_to(actor).filter(pk__in=[one.agreement for one in held]).values_list("pk")
    )
    named = [f"{one.name} {_format_share(one.share)}" for one in held if (one.agreement,) in read]
    return f" ({', '.join(named)})" if named else ""


def _format_share(share: Decimal) -> str:
    return formats.number(share.normalize())
