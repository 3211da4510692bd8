"""The list of trials."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from maillage.clinical.models import Trial, TrialGroup
from maillage.core.actors import CLINICAL, LEAD, MANAGER, OFFICER
from maillage.core.periods import UNKNOWN
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.outcomes import RowOutcome, delete_records, find_records, upsert
from maillage.core.rows.row import Described, FactRow, NoteEn, NoteFr, Start, UnknownEnd
from maillage.core.rows.sources import Origin, Sources
from maillage.core.rows.values import Part, Text, Values, WholeNumber
from maillage.register.row_types import ORGANISATION, ORGANISATION_OR_TEXT


class TrialRow(FactRow):
    """One registration of a trial in one public register."""

    registry: Annotated[str, Text(60), Described(_("Register"), example="ClinicalTrials.gov")]
    number: Annotated[str, Text(60), Described(_("Number"), example="NCT01234567")]
    short_title: Annotated[str, Text(400), Described(_("Short title in English"), into="short_title_en")] = ""
    short_title_fr: Annotated[str, Text(400), Described(_("Short title in French"))] = ""
    phase: Annotated[str, Text(60), Described(_("Phase in English"), into="phase_en", example="II")] = ""
    phase_fr: Annotated[str, Text(60), Described(_("Phase in French"))] = ""
    sponsor: Annotated[str, ORGANISATION_OR_TEXT, Described(_("Sponsor"))] = ""
    group: Annotated[list[str], Part("texts"), Described(_("Coordinating groups"), _(
        "The keys of organisations, separated by “;”."), picks=("organisations",))] = []  # fmt: skip
    status_seen: Annotated[str, Text(200), Described(_("Status seen, in English"), into="status_seen_en")] = ""
    status_seen_fr: Annotated[str, Text(200), Described(_("Status seen, in French"))] = ""
    sites: Annotated[str, Text(400), Described(_("Sites in English"), into="sites_en")] = ""
    sites_fr: Annotated[str, Text(400), Described(_("Sites in French"))] = ""
    planned_participants: Annotated[int | None, WholeNumber(most=10_000_000), Described(
        _("Planned participants"))] = None  # fmt: skip
    start: Start = ""
    end: UnknownEnd = ""
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def write_groups(row: TrialRow, trial: Trial, _origin: Origin) -> RowOutcome:
    """Write the cooperative groups that coordinate a trial."""
    outcome = RowOutcome.UNCHANGED
    for key in row.group:
        group = ORGANISATION.find(key)
        if group is None:
            raise ORGANISATION.not_found(key).as_row_error("group")
        outcome |= upsert(TrialGroup, {"trial": trial, "group": group}, {})[1]
    return outcome


def read_groups(trial: Trial) -> Values:
    """The keys of the groups of a trial."""
    return {"group": [link.group.key for link in find_records(TrialGroup, {"trial": trial})]}


def remove_corrected_groups(_before: Values, row: TrialRow, trial: Trial) -> None:
    """Remove the groups that a correction leaves out."""
    if row.has("group"):
        links = find_records(TrialGroup, {"trial": trial})
        delete_records([link for link in links if link.group.key not in row.group])


def dates_of_trial(row: TrialRow, _trial: Trial | None) -> Values:
    """No end in a register does not mean that the trial still runs: a row with a start alone has an unknown end."""
    return {"period_end": UNKNOWN} if row.has("start") and not row.has("end") else {}


TRIALS = FactList(
    name="trials",
    title=_("Trials"),
    row=TrialRow,
    model=Trial,
    natural_key=("registry", "number"),
    values=dates_of_trial,
    write_parts=write_groups,
    read_parts=read_groups,
    after_correction=remove_corrected_groups,
    parts=(TrialGroup,),
    writers=(OFFICER, MANAGER, LEAD, CLINICAL),
    concerns=("sponsor", "group"),
)

register_lists(TRIALS)
