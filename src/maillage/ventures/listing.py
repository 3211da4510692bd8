"""How start-ups are listed, exported and shown."""

from django.utils.translation import gettext_lazy as _

from maillage.kernel.listing import (
    NEWEST,
    NOTE,
    OLDEST,
    PERIOD,
    PERIOD_DATA,
    Column,
    FactRow,
    Folded,
    Listing,
    Said,
    Sort,
    between,
    body,
    data_columns,
    present,
    register,
    said,
)
from maillage.ventures.models import Startup


def _origin(startup: Startup) -> Said | None:
    return body(startup.origin) or said(startup, "origin_text")


def _link(startup: Startup) -> Said | None:
    return said(startup.organisation, "name", startup.get_absolute_url())


def _facts(startup: Startup) -> list[FactRow]:
    return present(
        FactRow("organisation", _("Organisation"), body(startup.organisation)),
        FactRow("origin", _("Comes from"), body(startup.origin)),
        FactRow("origin_text", _("Origin as told"), said(startup, "origin_text")),
        FactRow("field", _("Field"), said(startup, "field")),
        FactRow("period", _("Existence"), between(startup)),
        FactRow("note", _("Note"), said(startup, "note")),
    )


STARTUPS = register(
    Listing(
        name="startups",
        model=Startup,
        title=_("Start-ups"),
        one=_("start-up"),
        intro=_("Start-ups that grew from the ecosystem or live in it."),
        columns=(
            Column("name", _("Start-up"), _link),
            Column("field", _("Field"), lambda startup: said(startup, "field")),
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
        sorts=(Sort("name", _("by name"), ("organisation__sort_name",)), NEWEST, OLDEST),
        text=(Folded("organisation__sort_name"), Folded("field_fr"), Folded("field_en")),
        slug="key",
        body_paths=("organisation", "origin"),
        select_related=("organisation", "origin"),
        heading=lambda startup: said(startup.organisation, "name"),
        facts=_facts,
        bodies=lambda startup: [startup.organisation, *([startup.origin] if startup.origin else [])],
    )
)
