"""Check a reply by the kind of its question, and normalise it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from maillage.calls.call_document import Question, QuestionKind, TableColumn
from maillage.core.action_registry import ActionError
from maillage.core.days import day_or_none

_MAX_CELL_LENGTH = 2_000


def clean_reply(question: Question, value: object) -> object:
    """The reply as it is stored: text, a number as text, an ISO date, a key, a bool, or rows; `None` for empty.

    Raises `ActionError`, whose message says what the question takes.
    """
    if value in (None, "", []):
        return None
    match question.kind:
        case QuestionKind.CHOICE:
            return _choice(question, value)
        case QuestionKind.YES_NO:
            return _yes_or_no(value)
        case QuestionKind.TABLE:
            return _table_rows(question, value)
        case QuestionKind.FIGURE | QuestionKind.FILE:
            raise ActionError(_("“%s” is not written by hand: pull the figure, or attach the file.") % question.title)
    return _cell(question.kind, value, question.most or _MAX_CELL_LENGTH, str(question.title))


def fits_question(question: Question, value: object) -> bool:
    """Whether a stored reply fits the question as it is now; the length of a text is not checked."""
    match question.kind:
        case QuestionKind.TABLE:
            columns = {column.key for column in question.columns}
            return isinstance(value, list) and all(set(row) <= columns for row in value)
        case QuestionKind.FIGURE | QuestionKind.FILE:
            return isinstance(value, dict) and ("file" in value) is (question.kind is QuestionKind.FILE)
        case QuestionKind.YES_NO:
            return isinstance(value, bool)
        case QuestionKind.TEXT:
            return isinstance(value, str)
    try:
        return isinstance(value, str) and bool(clean_reply(question, value))
    except ActionError:
        return False


def _choice(question: Question, value: object) -> str:
    if value not in question.choices:
        raise ActionError(_("Choose one of those that “%s” gives.") % question.title)
    return str(value)


def _yes_or_no(value: object) -> bool:
    if value in (True, "yes"):
        return True
    if value in (False, "no"):
        return False
    raise ActionError(_("Say yes or no."))


def _table_rows(question: Question, value: object) -> list[dict[str, str]]:
    """The non-empty rows, each with all columns of the table."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ActionError(_("A table is a list of rows."))
    rows = [row for row in (_table_row(question.columns, row) for row in value) if any(row.values())]
    if len(rows) > question.most:
        message = _("“%(title)s” takes %(most)d rows; these are %(count)d.")
        raise ActionError(message % {"title": question.title, "most": question.most, "count": len(rows)})
    return rows


def _table_row(columns: tuple[TableColumn, ...], row: Mapping[str, object]) -> dict[str, str]:
    if unknown := set(row) - {column.key for column in columns}:
        raise ActionError(_("The table has no column “%s”.") % sorted(unknown)[0][:60])
    return {
        column.key: _cell(column.kind, row[column.key], _MAX_CELL_LENGTH, str(column.title))
        if row.get(column.key)
        else ""
        for column in columns
    }


def _cell(kind: QuestionKind, value: object, max_length: int, title: str) -> str:
    text = str(value).replace("\0", "").strip()
    if kind is QuestionKind.DATE:
        return _day(text, title)
    if kind in (QuestionKind.NUMBER, QuestionKind.AMOUNT):
        return _number(text, title)
    if len(text) > max_length:
        message = _("“%(title)s” takes %(most)d characters; these are %(count)d.")
        raise ActionError(message % {"title": title, "most": max_length, "count": len(text)})
    return text


def _day(text: str, title: str) -> str:
    day = day_or_none(text)
    if day is None:
        raise ActionError(_("“%s” takes a day such as 2026-03-31.") % title)
    return day.isoformat()


def _number(text: str, title: str) -> str:
    """A number in French or English notation, `1 234,5` or `1,234.5`, as plain text."""
    plain = text.replace(" ", "").replace(" ", "").replace(" ", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise ActionError(_("“%s” takes a number.") % title) from error
    if not number.is_finite() or len(plain) > 24:
        raise ActionError(_("“%s” takes a number.") % title)
    return str(number)
