"""Publishing the sentences of an ecosystem page from a file."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import OFFICER, Actor
from maillage.core.rows.errors import InvalidFileError
from maillage.core.rows.outcomes import upsert
from maillage.publishing.actions.statements import is_claim_of_others, next_number, save_claim, take_off_page
from maillage.publishing.models import Section, Statement
from maillage.publishing.parser import SentenceEntry, parse_page
from maillage.register.models import Organisation


@dataclass(slots=True)
class PublicationReport:
    """How many sentences of a file were published, changed and withdrawn."""

    published: int = 0
    changed: int = 0
    withdrawn: int = 0


@action(OFFICER, title=gettext_lazy("Publish the sentences of an ecosystem page from a file"), over_api=False)
def publish_sentences(*, actor: Actor, at: dt.datetime, path: Path) -> PublicationReport:
    """Publish the sentences of a file, in its order, on the page of its organisation; withdraw those it leaves out.

    Raises `InvalidFileError` with every problem and its line; nothing is changed then.
    """
    page = parse_page(path)
    organisation = Organisation.objects.filter(key=page.organisation, merged_into=None).first()
    if organisation is None:
        message = f"{path}: the register has no organisation {page.organisation}; correct “organisation”, or add it"
        raise InvalidFileError(message)
    statements = {statement.number: statement for statement in Statement.objects.select_related("section")}
    _check_numbers(path, [entry for section in page.sections for entry in section.entries], statements, organisation)
    writer = _PageWriter(organisation, statements)
    for position, entry in enumerate(page.sections):
        identity, titles = {"organisation": organisation, "key": entry.key}, entry.titles()
        section, _outcome = upsert(Section, identity, {**titles, "position": position})
        for order, sentence in enumerate(entry.entries):
            writer.publish(sentence, section, order)
    writer.withdraw_others()
    kept = [section.key for section in page.sections]
    Section.objects.filter(organisation=organisation).exclude(key__in=kept).delete()
    return writer.report


def _is_on_page(statement: Statement, organisation: Organisation) -> bool:
    return statement.section is not None and statement.section.organisation_id == organisation.pk


def _check_numbers(
    path: Path, entries: list[SentenceEntry], statements: Mapping[int, Statement], organisation: Organisation
) -> None:
    """Raise `InvalidFileError` for a number that no statement has, or that stands on the page of another."""
    for entry in entries:
        if entry.number is None:
            continue
        statement = statements.get(entry.number)
        if statement is None:
            message = f"there is no statement {entry.number}; load it first or correct “n”"
            raise InvalidFileError(f"{path}:{entry.line}: {message}")
        if statement.section is not None and not _is_on_page(statement, organisation):
            message = f"statement {entry.number} is on the page of another organisation; correct “n”"
            raise InvalidFileError(f"{path}:{entry.line}: {message}")


class _PageWriter:
    """Publishes the sentences of a page one after another; what is left over at the end is withdrawn."""

    def __init__(self, organisation: Organisation, statements: dict[int, Statement]) -> None:
        self.report = PublicationReport()
        self._organisation, self._statements = organisation, statements

    def publish(self, entry: SentenceEntry, section: Section, position: int) -> None:
        """Write a sentence: that of its number, else the one on the page that reads the same, else a new one."""
        bind, holds = entry.values.get("bind") or {}, entry.values["holds"]
        values = {"section": section, "position": position, "bind": bind, "holds": holds, "sentence": entry.templates()}
        statement = self._take(entry)
        self.report.published += 1
        if statement is not None:
            self.report.changed += _update_statement(statement, values)
            return
        about = [["organisations", self._organisation.key]]
        save_claim(Statement(number=next_number(), about=about, **values))
        self.report.changed += 1

    def _take(self, entry: SentenceEntry) -> Statement | None:
        if entry.number is not None:
            return self._statements.pop(entry.number)
        same = (row for row in self._statements.values() if _reads_as(row, entry) and self._is_own(row))
        statement = next(same, None)
        return self._statements.pop(statement.number) if statement else None

    def _is_own(self, statement: Statement) -> bool:
        return _is_on_page(statement, self._organisation) and not is_claim_of_others(statement)

    def withdraw_others(self) -> None:
        for statement in self._statements.values():
            if _is_on_page(statement, self._organisation):
                self.report.withdrawn += 1
                take_off_page(statement)


def _reads_as(statement: Statement, entry: SentenceEntry) -> bool:
    return any(statement.sentence.get(name) == text for name, text in entry.templates().items() if name in ("fr", "en"))


def _update_statement(statement: Statement, values: Mapping[str, object]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(statement, name) != value}
    for name, value in changed.items():
        setattr(statement, name, value)
    if changed:
        statement.save(update_fields=list(changed))
    return bool(changed)
