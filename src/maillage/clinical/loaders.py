"""The loader of trials."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.clinical.models import Trial, TrialGroup
from maillage.core.list_export import export_organisation, export_period, export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import register_loaders
from maillage.core.list_rows import FileRow, RowError, RowOutcome
from maillage.core.periods import UNKNOWN
from maillage.core.row_writing import cite_sources, row_values, upsert
from maillage.register.loaders import find_organisation_or_text, period_values
from maillage.register.models import Organisation

_TEXTS = {
    "short_title_en": "short_title", "short_title_fr": "short_title_fr", "phase_en": "phase", "phase_fr": "phase_fr",
    "status_seen_en": "status_seen", "status_seen_fr": "status_seen_fr", "sites_en": "sites", "sites_fr": "sites_fr",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip


def write_trial(row: FileRow) -> RowOutcome:
    """Write one row of `trials`: one registration in one public register."""
    values: dict[str, Any] = row_values(row, **_TEXTS) | period_values(row, "start", "end", absent_end="")
    if "sponsor" in row.values:
        values |= find_organisation_or_text(row, "sponsor", "sponsor")
    if "planned_participants" in row.values:
        values["planned_participants"] = _participants(row)
    identity = {"registry": row.text("registry"), "number": row.text("number")}
    # No end in a register does not mean that the trial still runs; a row without dates keeps the dates there are.
    if not {"start", "end"} & row.values.keys() and Trial.objects.filter(**identity).exists():
        values.pop("period_end", None)
    trial, outcome = upsert(Trial, identity, values)
    for key in row.texts("group"):
        outcome |= upsert(TrialGroup, {"trial": trial, "group": _group(key)}, {})[1]
    return outcome | cite_sources(row, trial)


def _participants(row: FileRow) -> int:
    value = row.values["planned_participants"]
    if not isinstance(value, int) or value < 0:
        message = _("“%(value)s” is not a number of participants; write it in digits") % {"value": value}
        raise RowError(message, "planned_participants")
    return value


def _group(key: str) -> Organisation:
    organisation: Organisation | None = Organisation.objects.filter(key=key).first()
    if organisation is None:
        message = _("“%(key)s” is not the key of an organisation; add it to “organisations” or correct the key")
        raise RowError(message % {"key": key}, "group")
    return organisation


def trial_row(trial: Trial) -> dict[str, object]:
    """The row of `trials` for this trial."""
    row: dict[str, object] = {
        "registry": trial.registry,
        "number": trial.number,
        "sponsor": export_organisation(trial, "sponsor"),
    }
    row |= {"group": [link.group.key for link in trial.group_links.order_by("pk")], **export_texts(trial, _TEXTS)}
    row |= {"planned_participants": trial.planned_participants}
    row |= export_period(trial, "start", "end", absent_end=UNKNOWN)
    return {key: value for key, value in row.items() if value}


TRIALS = ListLoader(
    name="trials",
    model=Trial,
    identity=("registry", "number"),
    lookup=("registry", "number"),
    fields=frozenset(
        {*_TEXTS.values(), "registry", "number", "sponsor", "group", "planned_participants", "start", "end", "source"}
    ),
    write=write_trial,
    to_row=trial_row,
)

register_loaders(TRIALS)
