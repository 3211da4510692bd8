"""What bodies promise to requesters, from files."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.kernel.exporting import ends, texts
from maillage.kernel.loading import ListLoader, Outcome, Refused, Row, cite, given, upsert
from maillage.partnerships.models import AnswerDelay
from maillage.register.loaders import dates, organisation

_TEXTS = {"note_en": "note", "note_fr": "note_fr"}


def write_delay(row: Row) -> Outcome:
    """One row of `answer_delays`: a body answers needs within so many working days, over a period."""
    values: dict[str, Any] = given(row, **_TEXTS) | dates(row)
    days = row.values.get("working_days")
    if not isinstance(days, int) or not 1 <= days <= 250:
        raise Refused(_("“working_days” must be a whole number from 1 to 250"), "working_days")
    identity = {"organisation": organisation(row, "organisation"), "period_start": values.pop("period_start", "")}
    delay, outcome = upsert(AnswerDelay, identity, values | {"working_days": days})
    return outcome | cite(row, delay)


def delay_row(delay: AnswerDelay) -> dict[str, Any]:
    """The row of `answer_delays` that would make this promise."""
    row = {"organisation": delay.organisation.key, "working_days": delay.working_days}
    return {key: value for key, value in {**row, **texts(delay, _TEXTS), **ends(delay)}.items() if value}


ANSWER_DELAYS = ListLoader(
    name="answer_delays",
    model=AnswerDelay,
    identity=("organisation", "from"),
    lookup=("organisation__key", "period_start"),
    fields=frozenset({*_TEXTS.values(), "organisation", "working_days", "from", "to", "source"}),
    write=write_delay,
    row_of=delay_row,
)
