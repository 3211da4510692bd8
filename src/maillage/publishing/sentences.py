"""Sentences: how a statement is told, as one typed value; and the file they come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from maillage.kernel.actors import SYSTEM
from maillage.kernel.loading import BadFile
from maillage.publishing.bindings import Bind
from maillage.publishing.forms import BadForm, Holds, leaves, read_bind, read_holds
from maillage.publishing.references import Ref, find
from maillage.publishing.template import END, BadTemplate, variables

LANGUAGES = ("fr", "en")
# What is told of a fact that is in force, has ended, or is not sure; the first is always there.
VARIANTS = ("", "ended_", "unsure_")
_TEMPLATES = [f"{variant}{language}" for variant in VARIANTS for language in LANGUAGES]
_KEYS = {"n", "holds", "bind", *_TEMPLATES}


@dataclass(frozen=True, slots=True)
class Sentence:
    """The templates of a statement, the facts it needs, and the values its variables take."""

    templates: Mapping[str, str]
    holds: Holds
    binds: Mapping[str, Bind]

    def template(self, variant: str, language: str) -> str:
        """The template of a variant (`ended_`, `unsure_` or nothing); empty where the sentence has none."""
        return self.templates.get(f"{variant}{language}", "")

    def must(self) -> set[Ref]:
        """The references that have to meet a record."""
        return {leaf.ref for leaf in leaves(self.holds)} | {ref for bind in self.binds.values() for ref in bind.must}

    def refs(self) -> set[Ref]:
        """Every reference."""
        return self.must() | {ref for bind in self.binds.values() for ref in bind.may}


def read_sentence(templates: Mapping[str, Any], holds: Any, bind: Any) -> Sentence:
    """A sentence from its three parts. Raises `BadForm`."""
    if not isinstance(bind or {}, dict):
        raise BadForm("“bind” must be a mapping of variables")
    binds = {str(name): read_bind(form) for name, form in (bind or {}).items()}
    return Sentence(dict(templates), read_holds(holds), binds)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of a file, with its line."""

    line: int
    number: int
    values: dict[str, Any]
    sentence: Sentence

    def templates(self) -> dict[str, str]:
        return dict(self.sentence.templates)


@dataclass(slots=True)
class SectionEntry:
    """One section of a file, with its sentences."""

    key: str
    title_fr: str
    title_en: str
    entries: list[Entry] = field(default_factory=list)


def read_sections(path: Path) -> list[SectionEntry]:
    """The sections of a file, checked against the register.

    Raises `BadFile` with every problem of the file, each with its line.
    """
    root = _compose(path)
    problems: list[str] = []
    sections = []
    for values in _items(root, "sections"):
        section = SectionEntry(_scalar(values, "key"), _scalar(values, "title_fr"), _scalar(values, "title_en"))
        for node in _items(values, "sentences"):
            _read_entry(node, section, problems)
        sections.append(section)
    problems += _repeated(sections) + list(_unmet(sections))
    if problems:
        raise BadFile("\n".join(f"{path}:{problem}" for problem in problems))
    return sections


def _compose(path: Path) -> yaml.Node:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror}); check the path and the rights") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BadFile(f"{path}:{mark.line + 1 if mark else 1}: not readable as YAML; correct that line") from error
    if not isinstance(root, yaml.MappingNode):
        raise BadFile(f"{path}: the file must be a mapping with “sections”")
    return root


def _items(node: yaml.Node, name: str) -> list[yaml.Node]:
    """The nodes of a list that a mapping holds; none where it has no such list."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    found = next((value for key, value in pairs if key.value == name), None)
    return list(found.value) if isinstance(found, yaml.SequenceNode) else []


def _scalar(node: yaml.Node, name: str) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == name), "")


def _construct(node: yaml.Node) -> Any:
    return yaml.safe_load(yaml.serialize(node))


def _read_entry(node: yaml.Node, section: SectionEntry, problems: list[str]) -> None:
    line = node.start_mark.line + 1
    try:
        values = _construct(node)
        section.entries.append(_entry(line, values))
    except (BadForm, BadTemplate) as error:
        problems.append(f"{line}: sentence {_scalar(node, 'n') or '?'}: {error}")


def _entry(line: int, values: Any) -> Entry:
    if not isinstance(values, dict) or not isinstance(values.get("n"), int):
        raise BadForm("a sentence needs “n”, the number of its statement")
    unknown = sorted(str(key) for key in values if key not in _KEYS)
    if unknown:
        raise BadForm(f"unknown key “{unknown[0]}”; known are {', '.join(sorted(_KEYS))}")
    templates = {name: str(values[name]).strip() for name in _TEMPLATES if name in values}
    _check_languages(templates)
    sentence = read_sentence(templates, values.get("holds"), values.get("bind"))
    _check_variables(sentence)
    return Entry(line, values["n"], values, sentence)


def _check_languages(templates: Mapping[str, str]) -> None:
    for name in ("fr", "en"):
        if not templates.get(name):
            raise BadForm(f"“{name}” is missing; a sentence is told in both languages")
    for variant in VARIANTS[1:]:
        if (f"{variant}fr" in templates) != (f"{variant}en" in templates):
            raise BadForm(f"“{variant}fr” and “{variant}en” go together; add the missing one")


def _check_variables(sentence: Sentence) -> None:
    used: set[str] = set()
    for name, template in sentence.templates.items():
        unbound = variables(template) - sentence.binds.keys() - ({END} if name.startswith("ended_") else set())
        if unbound:
            raise BadForm(f"“{{{min(unbound)}}}” of “{name}” is bound to nothing; add it to “bind”")
        used |= variables(template)
    idle = sentence.binds.keys() - used
    if idle:
        raise BadForm(f"“{min(idle)}” of “bind” is used in no text; use it or remove it")


def _repeated(sections: list[SectionEntry]) -> list[str]:
    lines: dict[int, int] = {}
    problems = []
    for entry in (entry for section in sections for entry in section.entries):
        if entry.number in lines:
            problems.append(f"{entry.line}: sentence {entry.number} stands at line {lines[entry.number]} too; keep one")
        lines.setdefault(entry.number, entry.line)
    return problems


def _unmet(sections: list[SectionEntry]) -> Iterator[str]:
    """The references that meet nothing in the register: an unknown key, or a fact that is not there."""
    entries = [entry for section in sections for entry in section.entries]
    refs = {ref for entry in entries for ref in entry.sentence.must()}
    found = find(refs, [], day=timezone.localdate(), actor=SYSTEM)
    for entry in entries:
        for ref in sorted(entry.sentence.must(), key=str):
            if not found.of(ref):
                yield f"{entry.line}: sentence {entry.number}: the register has no {ref}; correct the key, or add it"
