"""Read charters and follow-ups, and find the organisations that an action on them concerns."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Model

from maillage.charter.models import Certificate, Charter, CharterVersion, Finding, FindingStage, FollowUp, Step
from maillage.core.actors import SYSTEM, Actor
from maillage.core.periods import add_months
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import VisibleQuerySet
from maillage.files.models import File
from maillage.files.queries import files_without_record_check
from maillage.register.figure_provider import FIGURES, Figure

_MONTHS_PER_YEAR = 12
_PREFETCHED = ("proofs", "certificates", "findings__steps", "objectives__targets", "meetings")
_FOLLOW_UP_PATHS: dict[str, tuple[type[Model], str]] = {
    "follow_up_id": (FollowUp, ""),
    "certificate_id": (Certificate, "follow_up__"),
    "finding_id": (Finding, "follow_up__"),
    "step_id": (Step, "finding__follow_up__"),
}


def charters(*, actor: Actor) -> VisibleQuerySet[Charter]:
    """The charters this actor may read, with their label."""
    return Charter.objects.visible_to(actor).select_related("label")


def follow_ups(*, actor: Actor) -> VisibleQuerySet[FollowUp]:
    """The follow-ups this actor may read (as holder, or as who runs the label), with all their parts prefetched."""
    rows: VisibleQuerySet[FollowUp] = FollowUp.objects.visible_to(actor)
    return rows.select_related("award", "label", "holder").prefetch_related(*_PREFETCHED)


def current_follow_ups(*, actor: Actor, day: dt.date) -> VisibleQuerySet[FollowUp]:
    """The follow-ups of awards that may be valid on a day, or were within the year before it, of labels with a charter.

    The year before counts because a final review may be due once the term is over.
    """
    last_year = (add_months(day, -_MONTHS_PER_YEAR), day + dt.timedelta(days=1))
    rows: VisibleQuerySet[FollowUp] = follow_ups(actor=actor).filter(
        award__possible__overlap=last_year, label__charter__isnull=False
    )
    return rows


def charter_version_of(follow_up: FollowUp, day: dt.date) -> CharterVersion:
    """The charter version that applies to a holder on a day, whatever the reader may otherwise see."""
    with read_everything():
        charter: Charter = Charter.objects.get(label=follow_up.label_id)
        return charter.on(day)


def concerned_organisations(
    argument: str, *, holder: bool = False, operators: bool = False
) -> Callable[..., list[int]]:
    """A function for `concerns` that finds the ids of the holder, of who runs the label, or both, from an argument."""
    model, path = _FOLLOW_UP_PATHS[argument]
    paths = [f"{path}holder"] * holder
    paths += [f"{path}label__authority", f"{path}label__managed_by"] * operators

    def find(**arguments: object) -> list[int]:
        organisation_ids = model._default_manager.filter(pk=arguments[argument]).values_list(*paths).first()
        return [organisation_id for organisation_id in organisation_ids or () if organisation_id]

    return find


def readers_of_follow_up(follow_up: FollowUp) -> list[int]:
    """The ids of the organisations that read a follow-up."""
    return sorted({follow_up.holder_id, *follow_up.label.operator_ids})


def open_findings(follow_up: FollowUp) -> list[Finding]:
    """The findings that are not closed, the first due first."""
    findings = [finding for finding in follow_up.findings.all() if finding.stage != FindingStage.CLOSED]
    return sorted(findings, key=lambda finding: (finding.due_on, finding.pk))


def files_by_digest(follow_up: FollowUp, *, actor: Actor) -> dict[str, File]:
    """The files attached to a follow-up that this actor may see, by SHA-256 digest."""
    attached_files = files_without_record_check(actor=actor).filter(
        record_kind=FollowUp.kind_name(), record_id=follow_up.pk
    )
    return {file.content.digest: file for file in attached_files}


def holder_figure(follow_up: FollowUp, name: str, since: dt.date, until: dt.date) -> Figure | None:
    """A figure of the holder from `since` to `until`; `None` where it is unknown.

    Everyone who reads a follow-up reads the figures that its charter asks for, even those that only the holder sees
    elsewhere.
    """
    provider = FIGURES.get(name)
    if provider is None:
        return None
    with read_everything():
        return provider.tell(follow_up.holder_id, since, until, SYSTEM)
