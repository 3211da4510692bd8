"""Reading charters and follow-ups, and whom each part of them concerns."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from maillage.charter.models import Certificate, Charter, CharterVersion, Finding, FindingStage, FollowUp, Step
from maillage.core.actors import SYSTEM, Actor
from maillage.core.periods import add_months
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import VisibleQuerySet
from maillage.files.models import File
from maillage.files.queries import files
from maillage.register.figure_provider import FIGURES, Figure

_MONTHS_PER_YEAR = 12
_PREFETCHED = ("proofs", "certificates", "findings__steps", "objectives__targets", "meetings")
_FOLLOW_UP_PATHS: dict[str, tuple[Any, str]] = {
    "follow_up_id": (FollowUp, ""),
    "certificate_id": (Certificate, "follow_up__"),
    "finding_id": (Finding, "follow_up__"),
    "step_id": (Step, "finding__follow_up__"),
}


def charters(*, actor: Actor) -> VisibleQuerySet:
    """The charters this actor may read, with their label."""
    found: VisibleQuerySet = Charter.objects.visible_to(actor).select_related("label")
    return found


def follow_ups(*, actor: Actor) -> VisibleQuerySet:
    """The follow-ups this actor may read, those of the holder and of who runs the label, with all their parts."""
    found: VisibleQuerySet = FollowUp.objects.visible_to(actor)
    return found.select_related("award", "label", "holder").prefetch_related(*_PREFETCHED)


def current_follow_ups(*, actor: Actor, day: dt.date) -> VisibleQuerySet:
    """Those of awards that hold on a day, surely or perhaps, or have held within the year before, of labels that have a
    charter: a final review may be due once the term is over.
    """
    year = (add_months(day, -_MONTHS_PER_YEAR), day + dt.timedelta(days=1))
    found: VisibleQuerySet = follow_ups(actor=actor).filter(award__possible__overlap=year, label__charter__isnull=False)
    return found


def charter_version_of(follow_up: FollowUp, day: dt.date) -> CharterVersion:
    """The version that applies to a holder on a day: it binds who holds the label, whoever else may read it."""
    with read_everything():
        charter: Charter = Charter.objects.get(label=follow_up.label_id)
        return charter.on(day)


def concerned_organisations(argument: str, *, holder: bool = False, offices: bool = False) -> Callable[..., list[int]]:
    """What finds the holder (id), the bodies that run the label, or both, for an action's argument that gives an id."""
    model, path = _FOLLOW_UP_PATHS[argument]
    names = [f"{path}holder"] * holder
    names += [f"{path}label__authority", f"{path}label__managed_by"] * offices

    def find(**arguments: Any) -> list[int]:
        found = model._default_manager.filter(pk=arguments[argument]).values_list(*names).first()
        return [one for one in found or () if one]

    return find


def readers_of_follow_up(follow_up: FollowUp) -> list[int]:
    """The bodies (ids) that read a follow-up."""
    return sorted({follow_up.holder_id, *follow_up.label.offices})


def open_findings(follow_up: FollowUp) -> list[Finding]:
    """The findings that are not closed, the first due first."""
    found = [one for one in follow_up.findings.all() if one.stage != FindingStage.CLOSED]
    return sorted(found, key=lambda one: (one.due_on, one.pk))


def files_by_digest(follow_up: FollowUp, *, actor: Actor) -> dict[str, File]:
    """What is attached to a follow-up and this actor may see, by the digest by which its parts name it."""
    held = files(actor=actor).filter(record_kind=FollowUp.kind_name(), record_id=follow_up.pk)
    return {one.content.digest: one for one in held}


def holder_figure(follow_up: FollowUp, name: str, since: dt.date, until: dt.date) -> Figure | None:
    """What the platform tells of the holder from `since` to `until`; nothing where it knows nothing.

    Whoever reads a follow-up reads the figures that its charter asks for, even those that only the holder sees
    elsewhere: that is what holding the label means.
    """
    known = FIGURES.get(name)
    if known is None:
        return None
    with read_everything():
        return known.tell(follow_up.holder_id, since, until, SYSTEM)
