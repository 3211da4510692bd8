"""How much of an entity the holders of a label have: never more than the whole of it on any day."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from maillage.conventions.models import Convention, Entity
from maillage.kernel import wording
from maillage.kernel.actions import Impossible
from maillage.kernel.actors import Actor
from maillage.labels.models import Award

WHOLE = Decimal(100)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A share (percent) of an entity that a holder has by a convention in force, from a first to a last day."""

    convention: int
    holder: int
    name: str
    first: dt.date
    last: dt.date
    share: Decimal


def days_of(entity: Entity, award: Award) -> tuple[dt.date, dt.date]:
    """The first and the last day on which an entity belongs to the holder: its own, else those of the award."""
    lower, upper = award.possible.lower, award.possible.upper
    first, last = lower or dt.date.min, upper - _DAY if upper else dt.date.max
    return entity.since or first, entity.until or last


def held_of(organisation_id: int, label_id: int, *, but_holder: int) -> list[Held]:
    """What other holders of a label have of an entity by their conventions in force."""
    rows = Entity.objects.filter(
        organisation=organisation_id,
        version=F("version__convention__in_force"),
        version__convention__award__label=label_id,
    ).exclude(version__convention__award__holder=but_holder)
    return [_held(one) for one in rows.select_related("version__convention__award__holder").order_by("pk")]


def _held(entity: Entity) -> Held:
    convention = entity.version.convention
    award = convention.award
    first, last = days_of(entity, award)
    name = award.holder.short_name if award.holder else award.holder_text
    return Held(convention.pk, award.holder_id or 0, name, first, last, entity.share or Decimal(0))


def fullest(held: Collection[Held], first: dt.date, last: dt.date) -> list[Held]:
    """What is held on the day, from a first to a last one, on which most of the entity is.

    A holder whose conventions overlap, as when a wave begins before the last one has ended, counts once, by the largest
    share.
    """
    days = {first} | {one.first for one in held if first <= one.first <= last}
    return max((_on(held, day) for day in sorted(days)), key=_sum)


def _on(held: Collection[Held], day: dt.date) -> list[Held]:
    largest: dict[int, Held] = {}
    for one in held:
        known = largest.get(one.holder)
        if one.first <= day <= one.last and (known is None or one.share > known.share):
            largest[one.holder] = one
    return list(largest.values())


def _sum(held: Collection[Held]) -> Decimal:
    return sum((one.share for one in held), Decimal(0))


def refuse_beyond_whole(entity: Entity, award: Award, *, actor: Actor) -> None:
    """Raise `Impossible` where an entity's share and those that other holders of the label have exceed the whole.

    It says who holds the rest as far as the actor reads their conventions, else only how much is held.
    """
    first, last = days_of(entity, award)
    others = held_of(entity.organisation_id, award.label_id, but_holder=award.holder_id or 0)
    held = fullest(others, first, last)
    total = _sum(held)
    if (entity.share or 0) + total <= WHOLE:
        return
    told = _("%(entity)s: %(share)s%% is more than the %(free)s%% that is left; %(held)s%% is held already%(who)s.")
    raise Impossible(told % {
        "entity": entity.organisation.short_name, "share": _number(entity.share or WHOLE),
        "free": _number(WHOLE - total), "held": _number(total), "who": _who(held, actor),
    })  # fmt: skip


def _who(held: list[Held], actor: Actor) -> str:
    read = set(Convention.objects.visible_to(actor).filter(pk__in=[one.convention for one in held]).values_list("pk"))
    named = [f"{one.name} {_number(one.share)}" for one in held if (one.convention,) in read]
    return f" ({', '.join(named)})" if named else ""


def _number(share: Decimal) -> str:
    return wording.number(share.normalize())
