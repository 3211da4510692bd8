"""The loader of start-ups."""

from typing import Any

from maillage.core.list_export import export_period, export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import register_loaders
from maillage.core.list_rows import FileRow, RowOutcome
from maillage.core.row_writing import cite_sources, row_values, upsert
from maillage.register.loaders import find_organisation, period_values
from maillage.register.models import Organisation
from maillage.ventures.models import Startup

_TEXTS = {
    "origin_text_fr": "origin_fr",
    "field_en": "field",
    "field_fr": "field_fr",
    "note_en": "note",
    "note_fr": "note_fr",
}


def write_startup(row: FileRow) -> RowOutcome:
    """Write one row of `startups`. Its key is that of its organisation; `origin` is a key or a sentence."""
    values: dict[str, Any] = row_values(row, **_TEXTS) | period_values(row, "founded", "closed")
    values["organisation"] = find_organisation(row, "key")
    if "origin" in row.values:
        origin = row.text("origin")
        values["origin"] = Organisation.objects.filter(key=origin).first()
        values["origin_text_en"] = "" if values["origin"] else origin
    startup, outcome = upsert(Startup, {"key": row.text("key")}, values)
    return outcome | cite_sources(row, startup)


def startup_row(startup: Startup) -> dict[str, object]:
    """The row of `startups` for this start-up."""
    origin = startup.origin.key if startup.origin else startup.origin_text_en
    row = {
        "key": startup.key,
        "origin": origin,
        **export_texts(startup, _TEXTS),
        **export_period(startup, "founded", "closed"),
    }
    return {key: value for key, value in row.items() if value}


STARTUPS = ListLoader(
    name="startups",
    model=Startup,
    identity=("key",),
    lookup=("key",),
    fields=frozenset({*_TEXTS.values(), "key", "name", "origin", "founded", "closed", "source"}),
    write=write_startup,
    to_row=startup_row,
)

register_loaders(STARTUPS)
