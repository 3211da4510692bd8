"""The loader of the delays within which organisations promise to answer."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.core.list_export import export_period, export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import register_loaders
from maillage.core.list_rows import FileRow, RowError, RowOutcome
from maillage.core.row_writing import cite_sources, row_values, upsert
from maillage.partnerships.models import AnswerDelay
from maillage.register.loaders import find_organisation, period_values

_TEXTS = {"note_en": "note", "note_fr": "note_fr"}


def write_delay(row: FileRow) -> RowOutcome:
    """Write one row of `answer_delays`: an organisation answers needs within so many working days, over a period."""
    values: dict[str, Any] = row_values(row, **_TEXTS) | period_values(row)
    days = row.values.get("working_days")
    if not isinstance(days, int) or not 1 <= days <= 250:
        raise RowError(_("“working_days” must be a whole number from 1 to 250"), "working_days")
    identity = {"organisation": find_organisation(row, "organisation"), "period_start": values.pop("period_start", "")}
    delay, outcome = upsert(AnswerDelay, identity, values | {"working_days": days})
    return outcome | cite_sources(row, delay)


def delay_row(delay: AnswerDelay) -> dict[str, object]:
    """The row of `answer_delays` for this promise."""
    row = {"organisation": delay.organisation.key, "working_days": delay.working_days}
    return {
        key: value for key, value in {**row, **export_texts(delay, _TEXTS), **export_period(delay)}.items() if value
    }


ANSWER_DELAYS = ListLoader(
    name="answer_delays",
    model=AnswerDelay,
    identity=("organisation", "from"),
    lookup=("organisation__key", "period_start"),
    fields=frozenset({*_TEXTS.values(), "organisation", "working_days", "from", "to", "source"}),
    write=write_delay,
    to_row=delay_row,
)

register_loaders(ANSWER_DELAYS)
