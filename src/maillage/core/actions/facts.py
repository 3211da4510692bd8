"""Actions on the facts of every list: record, correct, end, withdraw, restore.

*Ended* is no longer so; *corrected* was written wrong; *withdrawn* never was so.
"""

import datetime as dt
from collections.abc import Iterable
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.action_registry import ActionError, ActionForbiddenError, Reason, action
from maillage.core.actors import CLINICAL, INCUBATOR, LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.core.models import LastingKey, Source, WithdrawnFact
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.export import row_of
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_followers import finish_list
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.refusals import field_stored_in, refusal_of
from maillage.core.rows.rights import check_access, check_closed_fields, check_statements, check_visibility
from maillage.core.rows.row import LastingRow
from maillage.core.rows.sources import Origin, SourceInput
from maillage.core.rows.values import Reference, UniqueKey, Values
from maillage.core.rows.withdrawal import dependents_of, restore_records, serialise_records
from maillage.core.security.visibility import organisation_ids_of

WRITERS = (OFFICER, MANAGER, LEAD, PILOT, CLINICAL, INCUBATOR)
_WRITE_ERRORS = (RowError, InvalidPeriodError, ValidationError, models.ProtectedError, DatabaseError)

_FOREIGN_KEY_VIOLATION = "23503"


class FactError(ActionError):
    """A fact that is refused; `field` is the key of the value at fault, empty if it is none in particular."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


def _organisations_of_row(*, list_name: str, values: Values, **_rest: object) -> Iterable[int]:
    """The organisations that a new row concerns: those that the fields named by its list refer to."""
    fact_list = FACT_LISTS.get(list_name)
    return () if fact_list is None else organisations_of_values(fact_list, values)


def organisations_of_values(fact_list: AnyFactList, values: Values) -> set[int]:
    """The ids of the organisations that a row with these values concerns."""
    found: set[int] = set()
    for name in fact_list.concerns:
        field = fact_list.field(name)
        keys = values.get(field.key) or []
        for key in keys if isinstance(keys, list) else [keys]:
            organisation = Reference("organisations").find(str(key))
            found |= {organisation.pk} if organisation else set()
    return found


def organisations_of_fact(*, list_name: str, fact_id: str, **_rest: object) -> Iterable[int]:
    """The organisations that a fact concerns, as an action on it says."""
    fact_list = FACT_LISTS.get(list_name)
    try:
        uid = UniqueKey().parse(fact_id)
    except InvalidValueError:
        return ()
    record = fact_list.records().filter(uid=uid or None).first() if fact_list else None
    return organisation_ids_of(type(record), record.pk) if record else ()


def list_for(actor: Actor, at: dt.datetime, list_name: str) -> AnyFactList:
    """The list of this name. Raises `ActionError`, or `ActionForbiddenError` if its rows are not for this actor."""
    fact_list = FACT_LISTS.get(list_name)
    if fact_list is None:
        raise ActionError(_("“%s” is no list of the register.") % list_name[:60])
    if not may_write(fact_list, actor, at):
        raise ActionForbiddenError(_("Facts of “%s” are recorded by officers of the site.") % fact_list.title)
    return fact_list


def may_write(fact_list: AnyFactList, actor: Actor, at: dt.datetime) -> bool:
    """Whether a role of the actor is among the writers of a list."""
    return actor.is_officer or bool(actor.roles_on(timezone.localdate(at)) & set(fact_list.writers))


def _visible(fact_list: AnyFactList, actor: Actor) -> QuerySet[Model]:
    records = fact_list.records()
    return records.visible_to(actor) if hasattr(records, "visible_to") else records


def find_fact(fact_list: AnyFactList, actor: Actor, fact_id: str) -> LastingKey:
    """The record with this lasting key, locked. Raises `ActionError` if the actor may read none."""
    try:
        uid = UniqueKey().parse(fact_id) or None
    except InvalidValueError as error:
        raise ActionError(str(error.as_row_error("fact_id"))) from error
    record = _visible(fact_list, actor).filter(uid=uid).first()
    if record is None:
        raise ActionError(_("This record is not there any more, or it is not for you; reload the page."))
    locked: LastingKey = fact_list.model.objects.select_for_update().get(pk=record.pk)
    return locked


def origin_of(actor: Actor, read_on: dt.date) -> Origin:
    """The origin of what an actor writes from sources read on a day."""
    organisation = actor.acting.organisation_id if actor.acting else None
    return Origin(read_on, dated=True, accepted=actor.is_officer, organisation=organisation)


def _write(
    fact_list: AnyFactList, row: LastingRow, actor: Actor, at: dt.datetime, record: models.Model | None = None
) -> LastingKey:
    origin = origin_of(actor, row.read_on or timezone.localdate(at))
    try:
        with transaction.atomic():
            check_closed_fields(actor, row)
            check_visibility(actor, record, row)
            before = fact_list.access(record) if record else None
            written: LastingKey = fact_list.write_record(row, origin, record)[0]
            check_access(actor, before, fact_list.access(written))
            fact_list.complete_record(row, written, origin)
            finish_list(fact_list)
            return written
    except _WRITE_ERRORS as error:
        raise _fact_error(fact_list, error) from error


def _fact_error(fact_list: AnyFactList, error: Exception) -> FactError:
    """The error of a fact that could not be written, with the key of the value at fault where it is known."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        name, messages = next(iter(error.message_dict.items()))
        if field := field_stored_in(fact_list, name):
            return FactError(" ".join(messages), field.key)
    reason, key = refusal_of(error, fact_list, attrgetter("title"))
    return FactError(reason, key)


def _read(fact_list: AnyFactList, values: Values) -> LastingRow:
    try:
        row: LastingRow = fact_list.read(values)
    except RowError as error:
        raise FactError(str(error), error.field) from error
    return row


def _check_statements(fact_list: AnyFactList, row: LastingRow, actor: Actor, current: Values | None = None) -> None:
    """Raise `FactError` for a statement of an organisation that the actor may not see; what is cited already stays."""
    try:
        check_statements(actor, fact_list.model, row.model_dump(include={"source", "of"}), current)
    except RowError as error:
        raise FactError(str(error), error.field) from error


def own_statement(actor: Actor) -> Values:
    """The source of a fact that an organisation states without another one: itself."""
    if actor.acting is None:
        return {}
    organisation = FACT_LISTS["organisations"].records().filter(pk=actor.acting.organisation_id).first()
    return {"source": [{"kind": Source.Kind.STATEMENT, "of": organisation.key}]} if organisation else {}


@action(*WRITERS, title=gettext_lazy("Record a fact"), concerns=_organisations_of_row)
def record_fact(*, actor: Actor, at: dt.datetime, list_name: str, values: Values) -> LastingKey:
    """Record a fact in a list; `values` is its row by key, as in files of lists.

    Raises `ActionError` for a row that its list refuses, or that is recorded already; `ActionForbiddenError` if the
    list is not for the actor's role.
    """
    fact_list = list_for(actor, at, list_name)
    sources = own_statement(actor) if fact_list.has_sources else {}
    row = _read(fact_list, sources | {key: value for key, value in values.items() if key != "id"})
    _check_statements(fact_list, row, actor)
    existing = fact_list.find_row(row)
    if existing is not None:
        _refuse_existing(fact_list, actor, existing)
    return _write(fact_list, row, actor, at)


def _refuse_existing(fact_list: AnyFactList, actor: Actor, existing: models.Model) -> None:
    """Raise `ActionError` for a fact that is recorded already; one that the actor may not read is not named."""
    if _visible(fact_list, actor).filter(pk=existing.pk).exists():
        raise ActionError(_("“%s” is recorded already; correct it instead.") % existing)
    raise ActionError(_("Such a fact is recorded already, and is not open to you: ask an officer of the site."))


@action(*WRITERS, title=gettext_lazy("Correct a fact"), concerns=organisations_of_fact)
def correct_fact(
    *, actor: Actor, at: dt.datetime, list_name: str, fact_id: str, values: Values, reason: Reason
) -> LastingKey:
    """Correct what was written wrong; `values` are the fields that change, by key, and sources to add.

    Raises `ActionError` for values that the list refuses, for the key of a record (addresses lead there), and for a
    fact that would no longer concern the actor's organisations.
    """
    fact_list = list_for(actor, at, list_name)
    record = find_fact(fact_list, actor, fact_id)
    current = fact_list.to_row(record)
    if "key" in values and values["key"] != current.get("key", values["key"]):
        raise ActionError(_("The key of a record stays: addresses and files lead to it. Correct its names instead."))
    row = _read(fact_list, {**_unchanged(fact_list, current), **values})
    _check_statements(fact_list, row, actor, current)
    written = _write(fact_list, row, actor, at, record)
    fact_list.after_correction(current, row, written)
    check_still_concerned(actor, written)
    return written


def _unchanged(fact_list: AnyFactList, row: Values) -> Values:
    """A fact as a row that changes nothing: what follows from several fields of a row is written from all of them."""
    fields = (field for field in fact_list.fields if field.described.files_only or field.described.officers_only)
    closed = {field.key for field in fields}
    return {key: value for key, value in row.items() if key not in closed | {"id"}}


def check_still_concerned(actor: Actor, record: models.Model) -> None:
    """Raise `ActionForbiddenError` if a corrected record concerns no organisation of the actor any more."""
    if actor.is_officer or actor.reach & set(organisation_ids_of(type(record), record.pk)):
        return
    raise ActionForbiddenError(
        _("The fact would no longer be about an organisation of yours: ask an officer of the site.")
    )


@action(*WRITERS, title=gettext_lazy("End a fact"), concerns=organisations_of_fact)
def end_fact(
    *, actor: Actor, at: dt.datetime, list_name: str, fact_id: str, end: str, reason: Reason, source: SourceInput = ""
) -> LastingKey:
    """Record that a fact no longer holds since `end`, a year, a month or a day; `source` is one as rows give it.

    Raises `ActionError` for a list whose facts have no end, an end before the start, or an end that is no date.
    """
    fact_list = list_for(actor, at, list_name)
    record, field = find_fact(fact_list, actor, fact_id), fact_list.end_field
    if field is None:
        raise ActionError(_("Facts of “%s” do not end; correct or withdraw this one.") % fact_list.title)
    current = fact_list.to_row(record)
    row = _read(
        fact_list, {**_unchanged(fact_list, current), field.key: end, **({"source": [source]} if source else {})}
    )
    _check_statements(fact_list, row, actor, current)
    if getattr(row, field.name) in (OPEN, UNKNOWN):
        raise ActionError(_("Give the date since which it no longer holds: a year, a month or a day."))
    return _write(fact_list, row, actor, at, record)


@action(*WRITERS, title=gettext_lazy("Withdraw a fact"), concerns=organisations_of_fact)
def withdraw_fact(*, actor: Actor, at: dt.datetime, list_name: str, fact_id: str, reason: Reason) -> WithdrawnFact:
    """Withdraw a fact that never was so. It disappears from every list; its history and its row are kept.

    Raises `ActionError` if other records depend on it, naming them.
    """
    fact_list = list_for(actor, at, list_name)
    record = find_fact(fact_list, actor, fact_id)
    if dependents := dependents_of(record, fact_list.parts):
        message = _("Other records depend on it: %s. Withdraw or correct them first.")
        raise ActionError(message % formats.join_items(str(dependent) for dependent in dependents[:3]))
    withdrawn = WithdrawnFact(
        list_name=list_name,
        uid=record.uid,
        title=str(record)[:400],
        row=row_of(fact_list, record),
        records=serialise_records(record),
        reason=reason,
        withdrawn_by=actor.name,
        withdrawn_at=at,
    )
    record.delete()
    withdrawn.save()
    finish_list(fact_list)
    return withdrawn


def _restore(withdrawn: WithdrawnFact, actor: Actor, at: dt.datetime) -> None:
    """Write a withdrawn fact again: its records, or, where it came with a file of lists, its row."""
    if withdrawn.records:
        restore_records(withdrawn.records)
        return
    fact_list = FACT_LISTS[withdrawn.list_name]
    row = fact_list.read(withdrawn.row)
    if fact_list.find_row(row) is not None:
        raise IntegrityError
    _write(fact_list, row, actor, at)


@action(OFFICER, title=gettext_lazy("Restore a withdrawn fact"))
def restore_fact(*, actor: Actor, at: dt.datetime, withdrawn_id: int, reason: Reason) -> WithdrawnFact:
    """Undo a withdrawal: the fact stands again with its citations, as it was.

    Raises `ActionError` if it is restored already, if another record has taken its place, or if what it refers to is
    gone.
    """
    withdrawn: WithdrawnFact = WithdrawnFact.objects.select_for_update().get(pk=withdrawn_id)
    if withdrawn.restored_at:
        raise ActionError(_("This fact is restored already."))
    try:
        with transaction.atomic():
            _restore(withdrawn, actor, at)
            finish_list(FACT_LISTS[withdrawn.list_name])
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") == _FOREIGN_KEY_VIOLATION:
            raise ActionError(_("What this fact refers to is gone: restore or record that first.")) from error
        raise ActionError(_("Another record has taken its place since; withdraw or correct that one first.")) from error
    withdrawn.restored_at = at
    withdrawn.save()
    return withdrawn
