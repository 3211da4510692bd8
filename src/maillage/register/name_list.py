"""The list of the names of organisations: each name over time is a fact with its own sources.

Files may also give names in the rows of organisations; a row here is then the same name, with its lasting key.
"""

from typing import Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT
from maillage.core.periods import OPEN
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.lookup_cache import cached_lookup
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


class _NameList(FactList[NameRow, Name]):
    """An organisation is called as its current name says once that is corrected, or ended and followed by another."""

    def write_record(self, row: NameRow, origin: Origin, record: Name | None = None) -> tuple[Name, RowOutcome]:
        """Write a row; the organisation follows its name."""
        existing = record or self.find_row(row)
        before = (existing.text, existing.period_end) if existing else None
        name, outcome = super().write_record(row, origin, record)
        _follow(name, before)
        return name, outcome


def _follow(name: Name, before: tuple[str, str] | None) -> None:
    """Let the organisation follow a name that was written; `before` are its text and end until now, if it was there.

    A name that is new and changes no other leaves the organisation as it is: its own row says how it is called.
    """
    organisation, field = name.organisation, _CURRENT_FIELDS.get((NameKind(name.kind), name.language))
    if field is None:
        return
    place = ("name ended", organisation.pk, field)
    if before is None:
        if name.period_end == OPEN and cached_lookup(place, lambda: None):
            follow_current_names(organisation)
        return
    text, end = before
    if getattr(organisation, field) != text:
        return
    if name.period_end != OPEN and end == OPEN:
        cached_lookup(place, lambda: True)
        follow_current_names(organisation)
    elif name.text != text:
        update(organisation, {field: name.text})


NAMES = _NameList(
    name="names",
    title=gettext_lazy("Names"),
    row=NameRow,
    model=Name,
    natural_key=("of", "text", "kind", "language", "start"),
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("of",),
    # The row of its organisation has just made the name.
    adopts_keys=True,
    # The rows of organisations make their names in another order than they were recorded.
    export_order=("organisation__key", "kind", "language", "text", "period_start"),
)


def follow_current_names(organisation: Organisation) -> None:
    """Set the current names of an organisation whose name was corrected, or ended and followed by another.

    A current name that is among the names without an end stays; else the only such name takes its place, if any.
    """
    current: dict[str, str] = {}
    for (kind, language), field in _CURRENT_FIELDS.items():
        names = organisation.names.filter(kind=kind, language=language, period_end=OPEN)
        texts = set(names.values_list("text", flat=True))
        if len(texts) == 1 and getattr(organisation, field) not in texts:
            current[field] = texts.pop()
    update(organisation, current)


def check_not_current(organisation: Organisation, kind: str, language: str, text: str) -> None:
    """Raise `ActionError` for a name that the organisation bears now: without it the organisation has no name."""
    field = _CURRENT_FIELDS.get((NameKind(kind), language))
    if field and getattr(organisation, field) == text:
        raise ActionError(_("The organisation is called so now: correct this name, or the organisation, instead."))
