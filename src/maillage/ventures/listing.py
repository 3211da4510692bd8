"""The list of start-ups."""

from django.utils.translation import gettext_lazy as _

from maillage.core.folded_text import FoldedText
from maillage.listing.columns import NOTE, PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import distinct_values_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import NEWEST, OLDEST, Sort, organisation_sort_key
from maillage.listing.values import LocalisedText, Region, localised_text, organisation_link, period_value
from maillage.ventures.models import Startup


def _origin(startup: Startup) -> LocalisedText | None:
    return organisation_link(startup.origin) or localised_text(startup, "origin_text")


def _link(startup: Startup) -> LocalisedText | None:
    return localised_text(startup.organisation, "name", startup.get_absolute_url())


def _facts(startup: Startup) -> list[FactRow]:
    return non_empty_rows(
        FactRow("organisation", _("Organisation"), organisation_link(startup.organisation)),
        FactRow("origin", _("Comes from"), organisation_link(startup.origin)),
        FactRow("origin_text", _("Origin as stated"), localised_text(startup, "origin_text")),
        FactRow("field", _("Field"), localised_text(startup, "field")),
        FactRow("period", _("Existence"), period_value(startup)),
        FactRow("note", _("Note"), localised_text(startup, "note")),
    )


STARTUPS = register_listing(
    Listing(
        name="startups",
        model=Startup,
        title=_("Start-ups"),
        singular=_("start-up"),
        intro=_("Start-ups that grew from the ecosystem or live in it."),
        columns=(
            Column("name", _("Start-up"), _link),
            Column("field", _("Field"), lambda startup: localised_text(startup, "field")),
            Column("origin", _("Comes from"), _origin),
            PERIOD,
            *data_columns(
                key=lambda startup: startup.key,
                organisation_key=lambda startup: startup.organisation.key,
                origin_key=lambda startup: startup.origin.key if startup.origin else "",
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        filters=(distinct_values_filter("region", _("Region"), "organisation__region", Startup, Region),),
        sorts=(Sort("name", _("by name"), (organisation_sort_key("organisation__"),)), NEWEST, OLDEST),
        text=(FoldedText("organisation__sort_name"), FoldedText("field_fr"), FoldedText("field_en")),
        slug="key",
        organisation_paths=("organisation", "origin"),
        select_related=("organisation", "origin"),
        heading=lambda startup: localised_text(startup.organisation, "name"),
        facts=_facts,
        organisations=lambda startup: [startup.organisation, *([startup.origin] if startup.origin else [])],
    )
)
