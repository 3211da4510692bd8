"""The list of the names of organisations: each name over time is a fact with its own sources.

Files may also give names in the rows of organisations; a row here is then the same name, with its lasting key.
"""

import uuid
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT
from maillage.core.periods import OPEN
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.outcomes import RowOutcome, update
from maillage.core.rows.row import Described, End, FactRow, NoteEn, NoteFr, Start, optional
from maillage.core.rows.sources import Origin, Sources
from maillage.core.rows.values import Choice, Text
from maillage.register.models import Name, Organisation
from maillage.register.row_types import ORGANISATION
from maillage.register.vocabulary import NameKind

# The field of an organisation with its current name, by the kind and the language of names.
_CURRENT_FIELDS = {
    (NameKind.OFFICIAL, "fr"): "name_fr",
    (NameKind.OFFICIAL, "en"): "name_en",
    (NameKind.ACRONYM, ""): "acronym",
}


class NameRow(FactRow):
    """A name that an organisation bears or bore, in one language, over a period."""

    of: Annotated[str, ORGANISATION, Described(gettext_lazy("Organisation"), into="organisation")]
    text: Annotated[str, Text(400), Described(gettext_lazy("Name"))]
    kind: Annotated[str, Choice(NameKind.choices), Described(gettext_lazy("Kind"), example="official")] = "official"
    language: Annotated[str, Text(8), Described(gettext_lazy("Language"), gettext_lazy(
        "A code of two letters; empty for an acronym."), example="fr")] = ""  # fmt: skip
    start: Start = optional("from")
    end: End = optional("to")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


class _NameList(FactList[NameRow]):
    """A row with a lasting key is that name, also where the row of its organisation has just made the name."""

    def write_record(self, row: NameRow, origin: Origin, record: Any | None = None) -> tuple[Any, RowOutcome]:
        """Write a row, and give the name the lasting key of the row."""
        name, outcome = super().write_record(row, origin, record)
        if row.id and str(name.uid) != row.id:
            outcome |= update(name, {"uid": uuid.UUID(row.id)})
        return name, outcome


NAMES = _NameList(
    name="names",
    title=gettext_lazy("Names"),
    row=NameRow,
    model=Name,
    natural_key=("of", "text", "kind", "language", "start"),
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("of",),
    # The rows of organisations make their names in another order than they were recorded.
    export_order=("organisation__key", "kind", "language", "text", "period_start"),
)


def follow_current_names(organisation: Organisation) -> None:
    """Set the current names of an organisation whose name was corrected, or ended and followed by another.

    A current name that is among the names without an end stays; else the only such name takes its place, if any.
    """
    for (kind, language), field in _CURRENT_FIELDS.items():
        names = organisation.names.filter(kind=kind, language=language, period_end=OPEN)
        texts = set(names.values_list("text", flat=True))
        if len(texts) == 1 and getattr(organisation, field) not in texts:
            setattr(organisation, field, texts.pop())
    organisation.save()


def check_not_current(organisation: Organisation, kind: str, language: str, text: str) -> None:
    """Raise `ActionError` for a name that the organisation bears now: without it the organisation has no name."""
    field = _CURRENT_FIELDS.get((NameKind(kind), language))
    if field and getattr(organisation, field) == text:
        raise ActionError(_("The organisation is called so now: correct this name, or the organisation, instead."))
