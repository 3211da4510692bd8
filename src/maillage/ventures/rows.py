"""The list of start-ups."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from maillage.core.actors import INCUBATOR, LEAD, MANAGER, OFFICER
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.row import Described, End, FactRow, NoteEn, NoteFr, Start, optional
from maillage.core.rows.sources import Sources
from maillage.core.rows.values import Key, Part, ReferenceOrText, Text, Values
from maillage.register.row_types import ORGANISATION
from maillage.ventures.models import Startup


@dataclass(frozen=True)
class OriginValue(ReferenceOrText):
    """The organisation from which a start-up came, by its key, or a sentence in English that says it."""

    list: str = "organisations"

    def model_values(self, value: str, into: str) -> Values:
        record = self.find(value) if value else None
        return {into: record, f"{into}_text_en": "" if record else value}

    def read(self, record: object, into: str) -> str:
        origin = getattr(record, into)
        return str(origin.key) if origin else str(getattr(record, f"{into}_text_en"))


class StartupRow(FactRow):
    """A start-up that grew from the ecosystem or lives in it; its organisation has the same key."""

    key: Annotated[str, Key(), Described(_("Organisation"), _(
        "The start-up itself, as an organisation of the register; in files, its key."),
        picks=("organisations",))]  # fmt: skip
    name: Annotated[str, Part("text"), Described(_("Name"), editable=False)] = ""
    origin: Annotated[str, OriginValue(), Described(_("Comes from"), _(
        "An organisation of the register, or words in English."))] = ""  # fmt: skip
    origin_fr: Annotated[str, Text(300), Described(_("Comes from, in French"), into="origin_text_fr")] = ""
    field: Annotated[str, Text(long=True), Described(_("Field in English"), into="field_en")] = ""
    field_fr: Annotated[str, Text(long=True), Described(_("Field in French"))] = ""
    start: Start = optional("founded")
    end: End = optional("closed")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def organisation_of_startup(row: StartupRow, _record: Startup | None) -> Values:
    """The organisation of a start-up, which has its key."""
    organisation = ORGANISATION.find(row.key)
    if organisation is None:
        raise ORGANISATION.not_found(row.key).as_row_error("key")
    return {"organisation": organisation}


STARTUPS = FactList(
    name="startups",
    title=_("Start-ups"),
    row=StartupRow,
    model=Startup,
    natural_key=("key",),
    values=organisation_of_startup,
    read_parts=lambda _record: {"name": ""},
    writers=(OFFICER, MANAGER, LEAD, INCUBATOR),
    concerns=("key", "origin"),
)

register_lists(STARTUPS)
