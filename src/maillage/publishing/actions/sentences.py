"""Publishing the sentences of the ecosystem page from a file."""

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
from maillage.publishing.parser import SentenceEntry, parse_sections


@dataclass(slots=True)
class PublicationReport:
    """How many sentences of a file were published, changed and withdrawn."""

    published: int = 0
    changed: int = 0
    withdrawn: int = 0


@action(OFFICER, title=gettext_lazy("Publish the sentences of the ecosystem page"), over_api=False)
def publish_sentences(*, actor: Actor, at: dt.datetime, path: Path) -> PublicationReport:
    """Publish the sentences of a file, in its order, and withdraw the statements without one.

    Raises `InvalidFileError` with every problem and its line; nothing is changed then.
    """
    sections = parse_sections(path)
    statements = {statement.number: statement for statement in Statement.objects.select_related("section")}
    unknown = [entry for section in sections for entry in section.entries if entry.number not in statements]
    if unknown:
        place = f"{path}:{unknown[0].line}"
        raise InvalidFileError(f"{place}: there is no statement {unknown[0].number}; load it first or correct “n”")
    report = PublicationReport()
    for position, entry in enumerate(sections):
        identity, titles = {"key": entry.key}, {"title_fr": entry.title_fr, "title_en": entry.title_en}
        section, _outcome = upsert(Section, identity, {**titles, "position": position})
        for order, sentence in enumerate(entry.entries):
            _publish_entry(statements.pop(sentence.number), section, order, sentence, report)
    _withdraw_statements(statements, report)
    Section.objects.exclude(key__in=[section.key for section in sections]).delete()
    return report


def _publish_entry(
    statement: Statement, section: Section, position: int, entry: SentenceEntry, report: PublicationReport
) -> None:
    bind, holds = entry.values.get("bind") or {}, entry.values["holds"]
    values = {"section": section, "position": position, "bind": bind, "holds": holds, "sentence": entry.templates()}
    report.published += 1
    report.changed += _update_statement(statement, values)


def _withdraw_statements(statements: dict[int, Statement], report: PublicationReport) -> None:
    for statement in statements.values():
        report.withdrawn += _update_statement(statement, {"section": None, "bind": {}, "holds": {}, "sentence": {}})


def _update_statement(statement: Statement, values: Mapping[str, object]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(statement, name) != value}
    for name, value in changed.items():
        setattr(statement, name, value)
    if changed:
        statement.save(update_fields=list(changed))
    return bool(changed)
