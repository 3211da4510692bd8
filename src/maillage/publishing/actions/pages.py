"""Editing the ecosystem page of an organisation: its sections and sentences, one by one."""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import MANAGER, OFFICER, PUBLIC, Actor
from maillage.core.security.visibility import Visibility
from maillage.publishing.actions.statements import is_claim_of_others, next_number, save_claim, take_off_page
from maillage.publishing.drafts import draft_statements
from maillage.publishing.models import Section, Statement
from maillage.publishing.page_inputs import SentenceInput
from maillage.publishing.references import resolve_references
from maillage.publishing.sentence_checks import check_languages, check_variables
from maillage.publishing.sentence_syntax import SentenceSyntaxError
from maillage.publishing.sentence_templates import InvalidTemplateError
from maillage.publishing.sentences import parse_sentence
from maillage.register.models import Organisation

MAX_SECTIONS, MAX_SENTENCES, MAX_TEMPLATE = 40, 200, 2_000


def _organisation_id(*, organisation_id: int, **_others: object) -> Iterable[int]:
    return [organisation_id]


def _of_section(*, section_id: int, **_others: object) -> Iterable[int]:
    return Section.objects.filter(pk=section_id).values_list("organisation_id", flat=True)


def _of_statement(*, statement_id: int, **_others: object) -> Iterable[int]:
    return Statement.objects.filter(pk=statement_id, section__isnull=False).values_list(
        "section__organisation_id", flat=True
    )


@action(MANAGER, OFFICER, title=gettext_lazy("Start an ecosystem page"), concerns=_organisation_id)
def start_page(*, actor: Actor, at: dt.datetime, organisation_id: int) -> Organisation:
    """Save the draft of a page, so that it can be edited: the sentences that have facts.

    Raises `ActionError` for an organisation that has a page, or that not every reader may see.
    """
    organisation = _lock_organisation(organisation_id)
    if organisation.ecosystem_sections.exists():
        raise ActionError(_("This page has been started; edit its sentences."))
    number = next_number()
    sections: dict[str, Section] = {}
    for statement in _told(draft_statements(organisation, PUBLIC)):
        section = sections.setdefault(statement.section.key, statement.section) if statement.section else None
        if section is not None and section.pk is None:
            section.save()
        statement.section, statement.number = section, number
        save_claim(statement)
        number += 1
    if not sections:
        _new_section(organisation, _SECTION_TITLES)
    return organisation


_SECTION_TITLES = {"title_fr": "Présentation", "title_en": "Presentation"}


def _told(statements: list[Statement]) -> list[Statement]:
    """The statements of a draft whose facts are there, on whatever day."""
    sentences = [parse_sentence(row.sentence, row.holds, row.bind) for row in statements]
    refs = {ref for sentence in sentences for ref in sentence.refs()}
    resolved = resolve_references(refs, [], day=timezone.localdate(), actor=PUBLIC)
    pairs = zip(statements, sentences, strict=True)
    return [row for row, sentence in pairs if sentence.has_facts(resolved)]


@action(MANAGER, OFFICER, title=gettext_lazy("Add a section to an ecosystem page"), concerns=_organisation_id)
def add_section(*, actor: Actor, at: dt.datetime, organisation_id: int, title_fr: str, title_en: str) -> Section:
    """Add a section at the end of a page. Raises `ActionError` for a missing title, or too many sections."""
    organisation = _lock_organisation(organisation_id)
    if organisation.ecosystem_sections.count() >= MAX_SECTIONS:
        raise ActionError(_("A page has at most %d sections; remove one.") % MAX_SECTIONS)
    return _new_section(organisation, _titles(title_fr, title_en))


@action(MANAGER, OFFICER, title=gettext_lazy("Rename a section of an ecosystem page"), concerns=_of_section,
        changes=("publishing.section", "section_id"))  # fmt: skip
def rename_section(*, actor: Actor, at: dt.datetime, section_id: int, title_fr: str, title_en: str) -> Section:
    """Change the titles of a section. Raises `ActionError` for a missing one."""
    section = _lock_section(section_id)
    for name, text in _titles(title_fr, title_en).items():
        setattr(section, name, text)
    section.save()
    return section


@action(MANAGER, OFFICER, title=gettext_lazy("Move a section of an ecosystem page"), concerns=_of_section,
        changes=("publishing.section", "section_id"))  # fmt: skip
def move_section(*, actor: Actor, at: dt.datetime, section_id: int, up: bool) -> Section:
    """Move a section one place up or down. Raises `ActionError` at either end."""
    section = _lock_section(section_id)
    rows = list(section.organisation.ecosystem_sections.all())
    _renumber(_moved(rows, section, up=up))
    return section


@action(MANAGER, OFFICER, title=gettext_lazy("Remove a section of an ecosystem page"), concerns=_of_section,
        changes=("publishing.section", "section_id"))  # fmt: skip
def remove_section(*, actor: Actor, at: dt.datetime, section_id: int) -> Organisation:
    """Remove a section that is empty. Raises `ActionError` for one that has sentences."""
    section = _lock_section(section_id)
    if section.statements.exists():
        raise ActionError(_("This section has sentences; move or remove them first."))
    organisation: Organisation = section.organisation
    section.delete()
    return organisation


@action(MANAGER, OFFICER, title=gettext_lazy("Add a sentence to an ecosystem page"), concerns=_of_section)
def add_sentence(*, actor: Actor, at: dt.datetime, section_id: int, sentence: SentenceInput) -> Statement:
    """Add a sentence at the end of a section. Raises `ActionError` for one that is not well formed."""
    section = _lock_section(section_id)
    if section.statements.count() >= MAX_SENTENCES:
        raise ActionError(_("A section has at most %d sentences; add a section.") % MAX_SENTENCES)
    last = section.statements.aggregate(last=Max("position"))["last"]
    about = [["organisations", section.organisation.key]]
    statement = Statement(number=next_number(), section=section, position=(last or 0) + 1, about=about)
    return _write(statement, sentence, actor, timezone.localdate(at))


@action(MANAGER, OFFICER, title=gettext_lazy("Revise a sentence of an ecosystem page"), concerns=_of_statement,
        changes=("publishing.statement", "statement_id"))  # fmt: skip
def revise_sentence(*, actor: Actor, at: dt.datetime, statement_id: int, sentence: SentenceInput) -> Statement:
    """Replace a sentence. Raises `ActionError` for one that is not well formed."""
    statement, _section = _lock_statement(statement_id)
    return _write(statement, sentence, actor, timezone.localdate(at))


@action(MANAGER, OFFICER, title=gettext_lazy("Move a sentence of an ecosystem page"), concerns=_of_statement,
        changes=("publishing.statement", "statement_id"))  # fmt: skip
def move_sentence(*, actor: Actor, at: dt.datetime, statement_id: int, up: bool) -> Statement:
    """Move a sentence one place up or down, across sections. Raises `ActionError` at either end of the page."""
    statement, section = _lock_statement(statement_id)
    rows = list(section.statements.order_by("position", "number"))
    at_end = rows[0 if up else -1] == statement
    if not at_end:
        _renumber(_moved(rows, statement, up=up))
        return statement
    sections = list(section.organisation.ecosystem_sections.all())
    place = sections.index(section) + (-1 if up else 1)
    if not 0 <= place < len(sections):
        raise ActionError(_("It is at the end of the page already."))
    statement.section = sections[place]
    others = list(sections[place].statements.order_by("position", "number"))
    _renumber([*others, statement] if up else [statement, *others])
    return statement


@action(MANAGER, OFFICER, title=gettext_lazy("Remove a sentence of an ecosystem page"), concerns=_of_statement,
        changes=("publishing.statement", "statement_id"))  # fmt: skip
def remove_sentence(*, actor: Actor, at: dt.datetime, statement_id: int) -> Section:
    """Remove a sentence from its page. A claim that somebody read elsewhere stays in the list of statements."""
    statement, section = _lock_statement(statement_id)
    take_off_page(statement)
    return section


def _lock_organisation(organisation_id: int) -> Organisation:
    organisation: Organisation = Organisation.objects.select_for_update().get(pk=organisation_id, merged_into=None)
    if organisation.visibility != Visibility.PUBLIC:
        raise ActionError(_("An ecosystem page is public; make the record of the organisation public first."))
    return organisation


def _lock_section(section_id: int) -> Section:
    section: Section = Section.objects.select_related("organisation").get(pk=section_id)
    _lock_organisation(section.organisation_id)
    return section


def _lock_statement(statement_id: int) -> tuple[Statement, Section]:
    statements = Statement.objects.select_related("section__organisation").exclude(section=None)
    statement = statements.get(pk=statement_id)
    section = statement.section
    if section is None:
        raise ActionError(_("This statement is on no page."))
    _lock_organisation(section.organisation_id)
    return statement, section


def _titles(title_fr: str, title_en: str) -> dict[str, str]:
    titles = {"title_fr": " ".join(title_fr.split()), "title_en": " ".join(title_en.split())}
    if not all(titles.values()):
        raise ActionError(_("A section has a title in both languages."))
    if any(len(title) > 200 for title in titles.values()):
        raise ActionError(_("A title has at most 200 characters; shorten it."))
    return titles


def _new_section(organisation: Organisation, titles: dict[str, str]) -> Section:
    last = organisation.ecosystem_sections.aggregate(last=Max("position"))["last"]
    key = slugify(titles["title_en"])[:50] or "section"
    if organisation.ecosystem_sections.filter(key=key).exists():
        key = f"{key}-{secrets.token_hex(3)}"
    return Section.objects.create(
        organisation=organisation, key=key, position=0 if last is None else last + 1, **titles
    )


def _moved(rows: Sequence[Section | Statement], row: Section | Statement, *, up: bool) -> list[Section | Statement]:
    """The rows in the order in which one has changed places with its neighbour."""
    place = rows.index(row)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(rows):
        raise ActionError(_("It is at the end of the page already."))
    ordered = list(rows)
    ordered[place], ordered[other] = ordered[other], ordered[place]
    return ordered


def _renumber(rows: Iterable[Section | Statement]) -> None:
    for position, row in enumerate(rows):
        row.position = position
        row.save()


def _write(statement: Statement, sentence: SentenceInput, actor: Actor, day: dt.date) -> Statement:
    templates = sentence.templates()
    if any(len(text) > MAX_TEMPLATE for text in templates.values()):
        raise ActionError(_("A sentence has at most %d characters; make two of it.") % MAX_TEMPLATE)
    try:
        check_languages(templates)
        parsed = parse_sentence(templates, sentence.holds, sentence.bind)
        check_variables(parsed)
    except (SentenceSyntaxError, InvalidTemplateError) as error:
        raise ActionError(str(error)) from error
    refs = parsed.required_references()
    resolved = resolve_references(refs, [], day=day, actor=actor)
    for ref in sorted(refs, key=str):
        if not resolved.records_of(ref):
            raise ActionError(_("The register has no %(record)s; choose another fact.") % {"record": ref})
    statement.sentence, statement.holds, statement.bind = templates, sentence.holds, sentence.bind
    if statement.pk is None or not is_claim_of_others(statement):
        save_claim(statement)
    else:
        statement.save()
    return statement
