"""How trials are listed, exported and shown."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.clinical.models import Trial
from maillage.kernel.actors import PUBLIC
from maillage.kernel.listing import (
    NEWEST,
    NOTE,
    PERIOD_DATA,
    Column,
    FactRow,
    Filter,
    Folded,
    Listing,
    Said,
    Sort,
    Text,
    between,
    body,
    data_columns,
    distinct,
    present,
    register,
    said,
    short,
    spoken,
)

# Registers have names of their own, the same in both languages; these are no registers.
_REGISTRIES: dict[str, Text] = {
    "ASH abstract": _("abstract of an ASH meeting"),
    "protocol page": _("page of the protocol"),
}


def _registry(name: str) -> Text:
    return _REGISTRIES.get(name, name)


def _phases() -> list[tuple[str, Said | None]]:
    """Each phase that public trials have, in the reader's language."""
    told = Trial.objects.visible_to(PUBLIC).exclude(phase_en="").order_by("phase_en", "-phase_fr")
    return [(trial.phase_en, said(trial, "phase")) for trial in told.distinct("phase_en")]


def _groups(trial: Trial) -> list[Said | None]:
    return [body(group) for group in trial.groups.all()]


def _number(trial: Trial) -> Said:
    known = trial.number.upper().startswith("NCT")
    return Said(trial.number, f"https://clinicaltrials.gov/study/{trial.number}" if known else "")


def _facts(trial: Trial) -> list[FactRow]:
    return present(
        FactRow("registry", _("Register"), _registry(trial.registry)),
        FactRow("number", _("Number"), _number(trial)),
        FactRow("phase", _("Phase"), said(trial, "phase")),
        FactRow("sponsor", _("Sponsor"), body(trial.sponsor, trial.sponsor_text)),
        FactRow("groups", _("Coordinating groups"), _groups(trial)),
        FactRow("status_seen", _("Status on the page read"), said(trial, "status_seen")),
        FactRow("planned_participants", _("Planned participants"), trial.planned_participants),
        FactRow("sites", _("Sites"), said(trial, "sites")),
        FactRow("period", _("Period"), between(trial)),
        FactRow("note", _("Note"), said(trial, "note")),
    )


TRIALS = register(
    Listing(
        name="trials",
        model=Trial,
        title=_("Trials"),
        one=_("trial"),
        intro=_("Clinical trials as public registers describe them. Sponsor and coordinating group are two things."),
        columns=(
            Column("title", _("Trial"), lambda trial: said(trial, "short_title", trial.get_absolute_url())),
            Column("number", _("Number"), lambda trial: trial.number),
            Column("phase", _("Phase"), lambda trial: said(trial, "phase")),
            Column("sponsor", _("Sponsor"), lambda trial: short(trial.sponsor, trial.sponsor_text)),
            Column("groups", _("Groups"), lambda trial: [short(group) for group in trial.groups.all()]),
            Column("status", _("Status read"), lambda trial: said(trial, "status_seen")),
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
            Sort("title", _("by title"), (spoken("short_title"),)),
            Sort("number", _("by number"), ("number",)),
            Sort("size", _("largest first"), (F("planned_participants"),), descending=True, nullable=True),
            NEWEST,
        ),
        filters=(
            Filter("phase", _("Phase"), _phases, lambda trials, phase: trials.filter(phase_en=phase)),
            distinct("register", _("Register"), "registry", Trial, _registry),
        ),
        text=(
            Folded("short_title_en"),
            Folded("short_title_fr"),
            Folded("number"),
            Folded("sponsor__sort_name"),
            Folded("sponsor_text"),
        ),
        body_paths=("sponsor", "groups"),
        select_related=("sponsor",),
        prefetch_related=("groups",),
        heading=lambda trial: said(trial, "short_title"),
        facts=_facts,
        bodies=lambda trial: [*([trial.sponsor] if trial.sponsor else []), *trial.groups.all()],
    )
)
