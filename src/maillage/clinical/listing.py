"""The list of trials."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.clinical.models import Trial
from maillage.core.actors import PUBLIC
from maillage.core.folded_text import FoldedText
from maillage.listing.columns import NOTE, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter, distinct_values_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import NEWEST, Sort, localised_sort_key
from maillage.listing.values import (
    LocalisedText,
    Text,
    localised_text,
    organisation_link,
    period_value,
    short_organisation_link,
)

# The names of registers are the same in both languages; these are not names of registers.
_REGISTRIES: dict[str, Text] = {
    "ASH abstract": _("abstract of an ASH meeting"),
    "protocol page": _("page of the protocol"),
}


def _registry(name: str) -> Text:
    return _REGISTRIES.get(name, name)


def _phases() -> list[tuple[str, LocalisedText | None]]:
    """The phases of public trials, in the reader's language."""
    trials = Trial.objects.visible_to(PUBLIC).exclude(phase_en="").order_by("phase_en", "-phase_fr")
    return [(trial.phase_en, localised_text(trial, "phase")) for trial in trials.distinct("phase_en")]


def _groups(trial: Trial) -> list[LocalisedText | None]:
    return [organisation_link(group) for group in trial.groups.all()]


def _number(trial: Trial) -> LocalisedText:
    known = trial.number.upper().startswith("NCT")
    return LocalisedText(trial.number, f"https://clinicaltrials.gov/study/{trial.number}" if known else "")


def _facts(trial: Trial) -> list[FactRow]:
    return non_empty_rows(
        FactRow("registry", _("Register"), _registry(trial.registry)),
        FactRow("number", _("Number"), _number(trial)),
        FactRow("phase", _("Phase"), localised_text(trial, "phase")),
        FactRow("sponsor", _("Sponsor"), organisation_link(trial.sponsor, trial.sponsor_text)),
        FactRow("groups", _("Coordinating groups"), _groups(trial)),
        FactRow("status_seen", _("Status on the page read"), localised_text(trial, "status_seen")),
        FactRow("planned_participants", _("Planned participants"), trial.planned_participants),
        FactRow("sites", _("Sites"), localised_text(trial, "sites")),
        FactRow("period", _("Period"), period_value(trial)),
        FactRow("note", _("Note"), localised_text(trial, "note")),
    )


TRIALS = register_listing(
    Listing(
        name="trials",
        model=Trial,
        title=_("Trials"),
        singular=_("trial"),
        intro=_(
            "Clinical trials as public registers describe them. The sponsor and the coordinating group are kept apart."
        ),
        columns=(
            Column("title", _("Trial"), lambda trial: localised_text(trial, "short_title", trial.get_absolute_url())),
            Column("number", _("Number"), lambda trial: trial.number),
            Column("phase", _("Phase"), lambda trial: localised_text(trial, "phase")),
            Column("sponsor", _("Sponsor"), lambda trial: short_organisation_link(trial.sponsor, trial.sponsor_text)),
            Column(
                "groups", _("Groups"), lambda trial: [short_organisation_link(group) for group in trial.groups.all()]
            ),
            Column("status", _("Status read"), lambda trial: localised_text(trial, "status_seen")),
            Column("participants", _("Planned"), lambda trial: trial.planned_participants, figure=True),
            *data_columns(
                registry=lambda trial: trial.registry,
                sponsor_key=lambda trial: trial.sponsor.key if trial.sponsor else "",
                group_keys=lambda trial: [group.key for group in trial.groups.all()],
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("title", _("by title"), (localised_sort_key("short_title"),)),
            Sort("number", _("by number"), ("number",)),
            Sort(
                "size",
                _("largest first"),
                (F("planned_participants"),),
                descending=True,
                nullable=True,
                column="participants",
            ),
            NEWEST,
        ),
        filters=(
            Filter("phase", _("Phase"), _phases, lambda trials, phase: trials.filter(phase_en=phase)),
            distinct_values_filter("register", _("Register"), "registry", Trial, _registry),
        ),
        text=(
            FoldedText("short_title_en"),
            FoldedText("short_title_fr"),
            FoldedText("number"),
            FoldedText("sponsor__sort_name"),
            FoldedText("sponsor_text"),
        ),
        organisation_paths=("sponsor", "groups"),
        select_related=("sponsor",),
        prefetch_related=("groups",),
        heading=lambda trial: localised_text(trial, "short_title"),
        facts=_facts,
        organisations=lambda trial: [*([trial.sponsor] if trial.sponsor else []), *trial.groups.all()],
    )
)
