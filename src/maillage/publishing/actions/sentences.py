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
from maillage.publishing.models import Section, Statement
from maillage.publishing.parser import SentenceEntry, parse_page
from maillage.register.models import Organisation


@dataclass(slots=True)
class PublicationReport:
    """How many sentences of a file were published, changed and withdrawn."""

    published: int = 0
    changed: int = 0
    withdrawn: int = 0


@action(OFFICER, title=gettext_lazy("Publish the sentences of the ecosystem page"), over_api=False)
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
    entries = [entry for section in page.sections for entry in section.entries]
    _check_numbers(path, entries, statements, organisation)
    report = PublicationReport()
    for position, entry in enumerate(page.sections):
        identity, titles = {"organisation": organisation, "key": entry.key}, entry.titles()
        section, _outcome = upsert(Section, identity, {**titles, "position": position})
        for order, sentence in enumerate(entry.entries):
            _publish_entry(statements.pop(sentence.number), section, order, sentence, report)
    withdrawn = [statement for statement in statements.values() if _is_on_page(statement, organisation)]
    _withdraw_statements(withdrawn, report)
    kept = [section.key for section in page.sections]
    Section.objects.filter(organisation=organisation).exclude(key__in=kept).delete()
    return report


def _is_on_page(statement: Statement, organisation: Organisation) -> bool:
    return statement.section is not None and statement.section.organisation_id == organisation.pk


def _check_numbers(
    path: Path, entries: list[SentenceEntry], statements: Mapping[int, Statement], organisation: Organisation
) -> None:
    """Raise `InvalidFileError` for a number that no statement has, or that stands on the page of another."""
    for entry in entries:
        statement = statements.get(entry.number)
        if statement is None:
            message = f"there is no statement {entry.number}; load it first or correct “n”"
            raise InvalidFileError(f"{path}:{entry.line}: {message}")
        if statement.section is not None and not _is_on_page(statement, organisation):
            message = f"statement {entry.number} is on the page of another organisation; correct “n”"
            raise InvalidFileError(f"{path}:{entry.line}: {message}")


def _publish_entry(
    statement: Statement, section: Section, position: int, entry: SentenceEntry, report: PublicationReport
) -> None:
    bind, holds = entry.values.get("bind") or {}, entry.values["holds"]
    values = {"section": section, "position": position, "bind": bind, "holds": holds, "sentence": entry.templates()}
    report.published += 1
    report.changed += _update_statement(statement, values)


def _withdraw_statements(statements: list[Statement], report: PublicationReport) -> None:
    for statement in statements:
        report.withdrawn += _update_statement(statement, {"section": None, "bind": {}, "holds": {}, "sentence": {}})


def _update_statement(statement: Statement, values: Mapping[str, object]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(statement, name) != value}
    for name, value in changed.items():
        setattr(statement, name, value)
    if changed:
        statement.save(update_fields=list(changed))
    return bool(changed)
