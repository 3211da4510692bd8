"""Why a row could not be written, in words, and which of its fields is at fault."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TypeAlias

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.periods import InvalidPeriodError
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Choice, PartialDate, Reference
from maillage.core.text import label_and_value

NameOf: TypeAlias = Callable[[RowField], str]
# Fields that tell a row from few others: where more than one field is at fault, another one is named first.
_SHARED = (Choice, PartialDate, Reference)


def refusal_of(error: Exception, fact_list: AnyFactList, name_of: NameOf = attrgetter("key")) -> tuple[str, str]:
    """The reason and the key at fault of a row that could not be written. Raises the error if no row is to blame.

    `name_of` gives the name of a field where its row was read: its key in a file, the title of its column in a sheet.
    """
    if isinstance(error, RowError):
        return str(error), error.field
    if isinstance(error, ValidationError):
        return _invalid_fields(error, fact_list, name_of)
    if isinstance(error, InvalidPeriodError):
        return str(error), fact_list.end_field.key if fact_list.end_field else ""
    if not _is_row_error(error):
        raise error
    fields = _refused_fields(error, fact_list)
    reason = _database_reason(error)
    if not fields:
        return reason, ""
    return label_and_value(formats.join_items(map(name_of, fields)), reason), fields[0].key


def _invalid_fields(error: ValidationError, fact_list: AnyFactList, name_of: NameOf) -> tuple[str, str]:
    """The invalid fields with their messages: `website: Enter a valid URL.`"""
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages), ""
    fields = {name: field_stored_in(fact_list, name) for name in error.message_dict}
    reasons = (
        label_and_value(name_of(field) if (field := fields[name]) else name, " ".join(messages))
        for name, messages in error.message_dict.items()
    )
    return "; ".join(reasons), next((field.key for field in fields.values() if field), "")


def field_stored_in(fact_list: AnyFactList, model_field: str) -> RowField | None:
    """The field of a list that a model field holds."""
    return next((field for field in fact_list.fields if field.into == model_field), None)


def _is_row_error(error: Exception) -> bool:
    """Whether a database error is due to the row; SQLSTATE class 54 is a value that is too large.

    Any other `OperationalError` means that the database cannot go on, and ends the load.
    """
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return not isinstance(error, OperationalError) or code.startswith("54")


def _database_reason(error: Exception) -> str:
    """The reason of a failed write; a constraint is named for the rule of the register that it enforces."""
    diagnostics = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnostics, "constraint_name", None)
    if constraint:
        message = _("the register's rule “%(rule)s” forbids this row; correct the row it clashes with")
        return message % {"rule": constraint.replace("_", " ")}
    return str(error).splitlines()[0]


def _refused_fields(error: Exception, fact_list: AnyFactList) -> list[RowField]:
    """The fields that a constraint of the records of a list is about, or the column that the database refuses."""
    diagnostics = getattr(error.__cause__, "diag", None)
    if getattr(diagnostics, "table_name", None) != fact_list.model._meta.db_table:
        return []
    name, column = getattr(diagnostics, "constraint_name", None), getattr(diagnostics, "column_name", None)
    constraint = next((one for one in fact_list.model._meta.constraints if one.name == name), None)
    names = [*_names_in(constraint)] if constraint else [column.removesuffix("_id")] if column else []
    # The days of a period are computed from its start and its end.
    names = ["period_start" if name == "days" else name for name in names]
    fields = [field for name in dict.fromkeys(names) if (field := field_stored_in(fact_list, name))]
    return sorted(fields, key=lambda field: isinstance(field.type, _SHARED))


def _names_in(constraint: BaseConstraint) -> Iterator[str]:
    """The model fields that a constraint is about."""
    if isinstance(constraint, UniqueConstraint):
        yield from constraint.fields
    elif isinstance(constraint, ExclusionConstraint):
        for expression, _operator in constraint.expressions:
            yield from _names_of(expression)
    elif isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
        yield from sorted(constraint.condition.referenced_base_fields)


def _names_of(expression: object) -> Iterator[str]:
    if isinstance(expression, str):
        yield expression
    elif isinstance(expression, F):
        yield str(expression.name)  # type: ignore[attr-defined]
    else:
        for part in getattr(expression, "get_source_expressions", list)():
            yield from _names_of(part)
