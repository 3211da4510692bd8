"""Actions: set an objective in numbers, and declare its result."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.follow_ups import HOLDER_ROLES, lock_follow_up, refuse_unknown_file
from maillage.charter.models import Objective, Target
from maillage.charter.queries import charter_version_of, concerned_organisations
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.core.partial_updates import UNSET, Unset, present_values, strip_text, value_or

_KEY_PATTERN = re.compile(r"[a-z][a-z0-9-]{0,59}")
_YEARS = range(1990, 2101)
_MAX_VALUE = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class YearTarget:
    """The target of an objective for a year."""

    year: int
    target: Decimal


@action(
    LABEL_OFFICER,
    OFFICER,
    title=gettext_lazy("Set an objective"),
    concerns=concerned_organisations("follow_up_id", operators=True),
)
def set_objective(
    *,
    actor: Actor,
    at: dt.datetime,
    follow_up_id: int,
    key: str,
    text: str | Unset = UNSET,
    aims: Sequence[YearTarget] | Unset = UNSET,
    unit: str | Unset = UNSET,
    figure: str | Unset = UNSET,
    fewer: bool | Unset = UNSET,
) -> Objective:
    """Create an objective with its targets by year, or change the given fields of one; declared results stay.

    A year left out of `aims` is removed, unless a result was declared for it. Raises `ActionError` for an invalid key,
    a figure that the charter does not ask for, no text, no year, or a number outside 0 to 10^13.
    """
    follow_up = lock_follow_up(follow_up_id)
    if not _KEY_PATTERN.fullmatch(key):
        raise ActionError(_("“%s” is no name; use small letters, digits and hyphens.") % key[:60])
    if figure and figure not in charter_version_of(follow_up, timezone.localdate(at)).document.figures():
        raise ActionError(
            _("The charter asks for no figure “%s”; who runs the label reads those it asks for.") % figure[:60]
        )
    text = strip_text(text, 300)
    is_new = not follow_up.objectives.filter(key=key).exists()
    if any(not value and (is_new or value is not UNSET) for value in (text, aims)):
        raise ActionError(_("Say what is to be reached, and how much in which year."))
    fields = present_values(text=text, unit=strip_text(unit, 40), figure=figure, fewer=fewer)
    objective: Objective = Objective.objects.update_or_create(follow_up=follow_up, key=key, defaults=fields)[0]
    if aims is not UNSET:
        _replace_targets(objective, aims)
    return objective


def _replace_targets(objective: Objective, aims: Sequence[YearTarget]) -> None:
    if any(aim.year not in _YEARS or not 0 <= aim.target < _MAX_VALUE for aim in aims):
        raise ActionError(_("A target is a number from 0 on for a year such as 2027."))
    objective.targets.filter(reached=None).exclude(year__in=[aim.year for aim in aims]).delete()
    for aim in aims:
        Target.objects.update_or_create(objective=objective, year=aim.year, defaults={"target": aim.target})


@action(
    *HOLDER_ROLES,
    title=gettext_lazy("Say what was reached"),
    concerns=concerned_organisations("follow_up_id", holder=True),
)
def declare_reached(
    *,
    actor: Actor,
    at: dt.datetime,
    follow_up_id: int,
    key: str,
    year: int,
    reached: Decimal,
    evidence: str | Unset = UNSET,
    digest: str | Unset = UNSET,
) -> Target:
    """Declare the result of an objective in a year, with its evidence as text or attached file.

    Raises `ActionError` where the platform counts the result itself, where the year has no target, or without evidence.
    """
    follow_up = lock_follow_up(follow_up_id)
    target: Target | None = Target.objects.filter(objective__follow_up=follow_up, objective__key=key, year=year).first()
    if target is None:
        raise ActionError(_("Nothing was aimed at for this year."))
    if target.objective.figure:
        raise ActionError(_("The platform counts this itself; it is not declared."))
    if not 0 <= reached < _MAX_VALUE:
        raise ActionError(_("Give a number from 0 on."))
    evidence = strip_text(evidence)
    if not (evidence or digest):
        raise ActionError(_("Say what it was counted from, or attach a file that shows it."))
    refuse_unknown_file(follow_up, digest or "")
    target.reached = reached
    target.evidence, target.digest = value_or(evidence, target.evidence), value_or(digest, target.digest)
    target.save()
    return target
