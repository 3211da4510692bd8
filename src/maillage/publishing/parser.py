"""The parser of a YAML file of sections and sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.core.json_types import JsonObject
from maillage.core.rows.errors import InvalidFileError
from maillage.publishing.references import resolve_references
from maillage.publishing.sentence_checks import TEMPLATE_NAMES, check_languages, check_variables
from maillage.publishing.sentence_syntax import SentenceSyntaxError
from maillage.publishing.sentence_templates import InvalidTemplateError
from maillage.publishing.sentences import Sentence, parse_sentence

_ENTRY_KEYS = {"n", "holds", "bind", *TEMPLATE_NAMES}


@dataclass(frozen=True, slots=True)
class SentenceEntry:
    """One sentence of a file, with its line; it has no number if it is not that of a statement which is there."""

    line: int
    number: int | None
    values: JsonObject
    sentence: Sentence

    def templates(self) -> dict[str, str]:
        return dict(self.sentence.templates)


@dataclass(slots=True)
class SectionEntry:
    """One section of a file, with its sentences."""

    key: str
    title_fr: str
    title_en: str
    entries: list[SentenceEntry] = field(default_factory=list)

    def titles(self) -> dict[str, str]:
        return {"title_fr": self.title_fr, "title_en": self.title_en}


@dataclass(frozen=True, slots=True)
class PageEntry:
    """The page of a file: the key of its organisation, and its sections."""

    organisation: str
    sections: list[SectionEntry]


def parse_page(path: Path) -> PageEntry:
    """The page of a file, checked against the register.

    Raises `InvalidFileError` with every problem of the file, each with its line.
    """
    root = _compose_yaml(path)
    problems: list[str] = []
    organisation = _scalar(root, "organisation")
    if not organisation:
        problems.append("1: “organisation” is missing; name the key of the organisation whose page this is")
    sections = []
    for values in _items(root, "sections"):
        section = SectionEntry(_scalar(values, "key"), _scalar(values, "title_fr"), _scalar(values, "title_en"))
        for node in _items(values, "sentences"):
            _parse_entry(node, section, problems)
        sections.append(section)
    problems += _repeated_sentences(sections) + list(_unmet_references(sections))
    if problems:
        raise InvalidFileError("\n".join(f"{path}:{problem}" for problem in problems))
    return PageEntry(organisation, sections)


def _compose_yaml(path: Path) -> yaml.Node:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except OSError as error:
        raise InvalidFileError(f"{path}: cannot be read ({error.strerror}); check the path and the rights") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InvalidFileError(
            f"{path}:{mark.line + 1 if mark else 1}: not readable as YAML; correct that line"
        ) from error
    if not isinstance(root, yaml.MappingNode):
        raise InvalidFileError(f"{path}: the file must be a mapping with “sections”")
    return root


def _items(node: yaml.Node, name: str) -> list[yaml.Node]:
    """The nodes of a list in a mapping; empty where it has no such list."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    items = next((value for key, value in pairs if key.value == name), None)
    return list(items.value) if isinstance(items, yaml.SequenceNode) else []


def _scalar(node: yaml.Node, name: str) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == name), "")


def _construct(node: yaml.Node) -> object:
    return yaml.safe_load(yaml.serialize(node))


def _parse_entry(node: yaml.Node, section: SectionEntry, problems: list[str]) -> None:
    line = node.start_mark.line + 1
    try:
        values = _construct(node)
        section.entries.append(_entry(line, values))
    except (SentenceSyntaxError, InvalidTemplateError) as error:
        problems.append(f"{line}: sentence {_scalar(node, 'n') or '?'}: {error}")


def _entry(line: int, values: object) -> SentenceEntry:
    if not isinstance(values, dict) or not isinstance(values.get("n", 0), int):
        raise SentenceSyntaxError("a sentence is a mapping; its “n”, if any, is the number of its statement")
    unknown = sorted(str(key) for key in values if key not in _ENTRY_KEYS)
    if unknown:
        raise SentenceSyntaxError(f"unknown key “{unknown[0]}”; known are {', '.join(sorted(_ENTRY_KEYS))}")
    templates = {name: str(values[name]).strip() for name in TEMPLATE_NAMES if name in values}
    check_languages(templates)
    sentence = parse_sentence(templates, values.get("holds"), values.get("bind"))
    check_variables(sentence)
    return SentenceEntry(line, values.get("n"), values, sentence)


def _repeated_sentences(sections: list[SectionEntry]) -> list[str]:
    lines: dict[int, int] = {}
    problems = []
    for entry in (entry for section in sections for entry in section.entries):
        if entry.number is None:
            continue
        if entry.number in lines:
            problems.append(f"{entry.line}: sentence {entry.number} stands at line {lines[entry.number]} too; keep one")
        lines.setdefault(entry.number, entry.line)
    return problems


def _unmet_references(sections: list[SectionEntry]) -> Iterator[str]:
    """A problem for each reference without a record: an unknown key, or a fact that is missing."""
    entries = [entry for section in sections for entry in section.entries]
    refs = {ref for entry in entries for ref in entry.sentence.required_references()}
    resolved = resolve_references(refs, [], day=timezone.localdate(), actor=SYSTEM)
    for entry in entries:
        for ref in sorted(entry.sentence.required_references(), key=str):
            if not resolved.records_of(ref):
                place = f"{entry.line}: sentence {entry.number or '?'}"
                yield f"{place}: the register has no {ref}; correct the key, or add it"
