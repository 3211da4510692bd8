"""The list of withdrawn facts, in files of lists only: a withdrawal is an action, and so is what undoes it."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.models import WithdrawnFact
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.fact_list import AnyFactList, FactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.outcomes import RowOutcome
from maillage.core.rows.row import Described, LastingRow
from maillage.core.rows.sources import Origin
from maillage.core.rows.values import Moment, Raw, Text, UniqueKey, Values, ValueType


@dataclass(frozen=True)
class FactKey(UniqueKey):
    """The lasting key of a fact that stands in no list."""

    def model_values(self, value: str, into: str) -> Values:
        return {into: uuid.UUID(value)}


@dataclass(frozen=True)
class JsonMapping(ValueType):
    """A mapping as a JSON text, so that its numbers and texts stay apart."""

    def parse(self, raw: Raw) -> Values:
        try:
            value = json.loads(raw) if isinstance(raw, str) else raw
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise InvalidValueError(gettext("“%(key)s” must be a mapping as JSON, such as {…}"))
        return value

    def read(self, record: object, into: str) -> str:
        return json.dumps(getattr(record, into), ensure_ascii=False)

    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "contentMediaType": "application/json"}


class WithdrawnRow(LastingRow):
    """A fact that was withdrawn since it never was so. A list may hold it again once it is restored."""

    fact: Annotated[str, FactKey(), Described(_("Lasting key of the fact"), into="uid")]
    list: Annotated[str, Text(40), Described(_("List"), into="list_name")]
    title: Annotated[str, Text(400), Described(_("Title"))] = ""
    row: Annotated[Values, JsonMapping(), Described(_("Row"))]
    reason: Annotated[str, Text(long=True), Described(_("Reason"))]
    withdrawn_by: Annotated[str, Text(200), Described(_("Withdrawn by"))] = ""
    withdrawn_at: Annotated[dt.datetime, Moment(), Described(_("Withdrawn at"))]
    restored_at: Annotated[dt.datetime | None, Moment(), Described(_("Restored at"))] = None


class _WithdrawnList(FactList[WithdrawnRow, WithdrawnFact]):
    """A fact may be withdrawn, restored and withdrawn again: its key and the moment name a withdrawal."""

    def find_row(self, row: WithdrawnRow) -> WithdrawnFact | None:
        return self.records().filter(**self.lookup(row)).first()

    def write_record(
        self, row: WithdrawnRow, origin: Origin, record: WithdrawnFact | None = None
    ) -> tuple[WithdrawnFact, RowOutcome]:
        """Write a row; without the records that were withdrawn, which name others by ids of their own database."""
        matched = record or self.find_row(row)
        values = self._values(row, matched)
        if matched is None:
            return WithdrawnFact.objects.create(**values), RowOutcome.CREATED
        if all(getattr(matched, name) == value for name, value in values.items()):
            return matched, RowOutcome.UNCHANGED
        WithdrawnFact.objects.filter(pk=matched.pk).update(**values)
        return matched, RowOutcome.UPDATED


def _check(row: WithdrawnRow) -> None:
    if row.list not in FACT_LISTS:
        raise RowError(gettext("“%(list)s” is no list of the register.") % {"list": row.list}, "list")


WITHDRAWN = _WithdrawnList(
    name="withdrawn",
    title=_("Withdrawn facts"),
    row=WithdrawnRow,
    model=WithdrawnFact,
    natural_key=("fact", "withdrawn_at"),
    check=_check,
    without=tuple(LastingRow.model_fields),
)


def file_lists() -> dict[str, AnyFactList]:
    """The lists of files: those of the register, then the withdrawn facts."""
    return {**FACT_LISTS, WITHDRAWN.name: WITHDRAWN}
