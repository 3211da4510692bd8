"""The action that loads a sheet into a list."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actions.facts import WRITERS, list_for, organisations_of_values
from maillage.core.actors import SYSTEM, Actor
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.rights import check_statements
from maillage.core.rows.sources import SourceValue
from maillage.core.security.visibility import organisation_ids_of
from maillage.core.sheets.cell_values import CellReader
from maillage.core.sheets.columns import Table
from maillage.core.sheets.fates import SheetReport
from maillage.core.sheets.load import SheetLoad, SheetProgress, no_progress, unique_keys
from maillage.core.table_statistics import refresh_statistics_on_commit


def _organisations_of_sheet(*, list_name: str, table: Table, **_rest: object) -> set[int]:
    """The organisations that a sheet concerns; each row is checked for itself when it is written."""
    fact_list = FACT_LISTS.get(list_name)
    if fact_list is None:
        return set()
    reader, columns = CellReader(SYSTEM), table.by_key
    records = fact_list.records().filter(uid__in=unique_keys(table))
    found = {pk for record in records for pk in organisation_ids_of(type(record), record.pk)}
    for row_field in map(fact_list.field, fact_list.concerns):
        column = columns.get(row_field.key)
        for text in {row.cell(column.index) for row in table.rows} - {""} if column else ():
            try:
                found |= organisations_of_values(fact_list, {row_field.key: reader.read(row_field, text, [])})
            except RowError:
                continue
    return found


@action(*WRITERS, title=gettext_lazy("Load a sheet"), concerns=_organisations_of_sheet, over_api=False)
def load_sheet(
    *,
    actor: Actor,
    at: dt.datetime,
    list_name: str,
    table: Table,
    reason: Reason,
    source: str | dict[str, str] | None = None,
    expected: Mapping[int, str] | None = None,
    progress: SheetProgress = no_progress,
) -> SheetReport:
    """Write the rows of a sheet that can be written into a list; returns the fate of every row.

    `source` is cited for new and changed rows without a source. `expected` are the fates that the actor has seen (see
    `RowFate.fingerprint`): a row that would now fare otherwise is refused. `progress` is called now and then; what it
    raises ends the load, and nothing is written.
    Raises `ActionError` for a source that is none, `ActionForbiddenError` if the list is not for the actor's role.
    """
    fact_list = list_for(actor, at, list_name)
    try:
        parsed = SourceValue().parse(source) if source else None
        check_statements(actor, fact_list.model, {"source": [parsed]})
    except InvalidValueError as error:
        raise ActionError(str(error.as_row_error("source"))) from error
    except RowError as error:
        raise ActionError(str(error)) from error
    refresh_statistics_on_commit()
    return SheetLoad(fact_list, table, actor, at, parsed, expected, progress).run()
