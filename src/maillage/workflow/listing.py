"""How cases and versions of processes are listed through the API."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.core.folded_text import FoldedText
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import choice_filter, missing_value_filter
from maillage.listing.listing import Listing, register_back_office_listing
from maillage.listing.sorts import Sort
from maillage.listing.values import LocalisedText
from maillage.workflow.models import Case, ProcessDefinition
from maillage.workflow.queries import cases, published_definitions


def _page(version: ProcessDefinition) -> LocalisedText:
    return LocalisedText(
        str(version.definition.title), reverse("process-version", args=[version.name, version.version])
    )


def _transition_names(case: Case) -> list[str]:
    return [transition.name for transition in case.definition.definition.leaving(case.state)]


CASES = register_back_office_listing(
    Listing(
        name="cases",
        model=Case,
        title=_("Cases"),
        singular=_("case"),
        intro=_("What goes through the states of a process, as far as it concerns an organisation you act for."),
        columns=(
            Column("title", _("Case"), lambda case: LocalisedText(case.title, case.get_absolute_url())),
            Column("process", _("Process"), lambda case: str(case.definition.definition.title)),
            Column("state", _("State"), lambda case: str(case.current_state.title)),
            Column("due", _("due"), lambda case: case.due_at),
            *data_columns(
                process_key=lambda case: case.definition.name,
                version=lambda case: case.definition.version,
                state_key=lambda case: case.state,
                roles=lambda case: list(case.roles),
                transitions=_transition_names,
                record_kind=lambda case: case.record_kind,
                record_id=lambda case: case.record_id,
                organisation_id=lambda case: case.organisation_id,
                opened_at=lambda case: case.opened_at,
                entered_at=lambda case: case.entered_at,
                ended_at=lambda case: case.ended_at,
            ),
        ),
        sorts=(
            Sort("due", _("soonest due first"), ("due_at",), nullable=True),
            Sort("newest", _("latest first"), ("opened_at",), descending=True),
        ),
        filters=(
            choice_filter("process", _("Process"), "definition__name", ()),
            choice_filter("state", _("State"), "state", ()),
            choice_filter("organisation_id", _("Organisation"), "organisation_id", ()),
            missing_value_filter("running", _("running"), "ended_at"),
        ),
        text=(FoldedText("title"),),
        select_related=("definition",),
        reads=lambda actor: cases(actor=actor),
    )
)

PROCESSES = register_back_office_listing(
    Listing(
        name="processes",
        model=ProcessDefinition,
        title=_("Processes"),
        singular=_("version of a process"),
        intro=_("Every version of each process; the text is the definition as YAML."),
        columns=(
            Column("title", _("Process"), _page),
            Column("version", _("version"), lambda version: version.version, figure=True),
            Column("since", _("in force since"), lambda version: version.published_at),
            Column("reason", _("reason"), lambda version: version.why),
            *data_columns(process_key=lambda version: version.name, text=lambda version: version.text),
        ),
        sorts=(
            Sort("name", _("by name"), ("name", "version")),
            Sort("newest", _("latest first"), ("published_at",), descending=True),
        ),
        filters=(choice_filter("process", _("Process"), "name", ()),),
        reads=lambda _actor: published_definitions(),
    )
)
