"""Vocabularies written in YAML: our own form, and EuroVoc as YAML.

Our own form is a mapping of keys to concepts, every field optional:

    concepts:
      biobank:
        facet: service
        fr: [biobanque, banque d'échantillons]
        en: [biobank, sample bank]
        exact: [CRB]
        broader: [samples]
        opposite: []

A file is read entry by entry from the stream of YAML events, so that no document is in memory as a whole; aliases and
merges, which would need that, are not accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import yaml

from maillage.language import gettext as _
from maillage.matching.vocabulary import Concept, Facet
from maillage.matching.vocabulary_files import (
    VocabularyError,
    VocabularyLoad,
    VocabularyLoadState,
    eurovoc_concept,
    open_text,
)
from maillage.matching.word_lists import Language

_FIELDS: Final = frozenset({"facet", "fr", "en", "exact", "broader", "opposite"})
_FACETS: Final = ", ".join(Facet)
_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of the document: a text, a list or a mapping, with its line."""

    line: int
    text: str | None = None
    items: tuple[_Node, ...] | None = None
    pairs: tuple[tuple[_Node, _Node], ...] | None = None


class _RowError(ValueError):
    """The reason why an entry is refused, and the remedy."""

    def __init__(self, line: int, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.line, self.reason, self.remedy = line, reason, remedy


def read_yaml(path: Path, *, source: str = "") -> VocabularyLoad:
    """Read a vocabulary of our own form; `source` defaults to the name of the file.

    Raises `VocabularyError` with the line when the file is not plain YAML or has no mapping `concepts`; entries that
    are wrong are refused one by one.
    """
    load = VocabularyLoadState(path, source or path.stem)
    for key, node in _entries(path):
        load.read += 1
        try:
            load.keep(key.line, _concept(key, node, load.source))
        except _RowError as refused:
            load.refuse(refused.line, refused.reason, refused.remedy)
    return load.done()


def read_eurovoc_yaml(path: Path, *, facet: Facet = Facet.FRAME) -> VocabularyLoad:
    """Read EuroVoc from its YAML form (`concepts`: identifier to prefLabel, altLabel, broader).

    Gives the same concepts as `read_eurovoc_csv` and raises as `read_yaml` does.
    """
    load = VocabularyLoadState(path, "EuroVoc")
    for key, node in _entries(path):
        load.read += 1
        try:
            load.keep(key.line, _from_eurovoc(key, node, facet))
        except _RowError as refused:
            load.refuse(refused.line, refused.reason, refused.remedy)
    return load.done()


def _entries(path: Path) -> Iterator[tuple[_Node, _Node]]:
    """Key and value of each entry of the mapping `concepts`, built one by one from the stream."""
    with open_text(path) as stream:
        try:
            loader = yaml.CSafeLoader(stream)
            yield from _entries_of_events(loader, path)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = _("this is not plain YAML (%(reason)s).") % {"reason": getattr(error, "problem", None) or error}
            remedy = _("Check indentation, quotes and special characters there.")
            raise VocabularyError(path, mark.line + 1 if mark else None, reason, remedy) from error


def _entries_of_events(loader: yaml.CSafeLoader, path: Path) -> Iterator[tuple[_Node, _Node]]:
    event = _next(loader)
    while not (isinstance(event, yaml.ScalarEvent) and event.value == "concepts" and _mark(event).column == 0):
        if isinstance(event, yaml.StreamEndEvent):
            remedy = _("Put the concepts under that name.")
            raise VocabularyError(path, None, _("there is no mapping `concepts`."), remedy)
        event = _next(loader)
    event = _next(loader)
    if not isinstance(event, yaml.MappingStartEvent):
        reason = _("`concepts` is not a mapping.")
        raise VocabularyError(path, _mark(event).line + 1, reason, _("Write one key per concept under it."))
    while not loader.check_event(yaml.MappingEndEvent):
        yield _node(loader, 0), _node(loader, 0)


def _node(loader: yaml.CSafeLoader, depth: int) -> _Node:
    """The node that begins at the loader's next event."""
    event = _next(loader)
    line = _mark(event).line + 1
    if isinstance(event, yaml.ScalarEvent):
        return _Node(line, text=str(event.value).strip())
    if depth > _MAX_DEPTH or not isinstance(event, yaml.CollectionStartEvent):
        raise yaml.MarkedYAMLError(problem=_("an alias, or a value too deep"), problem_mark=_mark(event))
    if isinstance(event, yaml.SequenceStartEvent):
        return _Node(line, items=tuple(_nodes_until(yaml.SequenceEndEvent, loader, depth)))
    values = _nodes_until(yaml.MappingEndEvent, loader, depth)
    return _Node(line, pairs=tuple(zip(values, values, strict=True)))


def _nodes_until(end: type[yaml.Event], loader: yaml.CSafeLoader, depth: int) -> Iterator[_Node]:
    while not loader.check_event(end):
        yield _node(loader, depth + 1)
    _next(loader)


def _next(loader: yaml.CSafeLoader) -> yaml.Event:
    return cast("yaml.Event", loader.get_event())


def _mark(event: yaml.Event) -> yaml.Mark:
    # Every event of a parser has a mark; the annotations of the library allow none.
    return cast("yaml.Mark", event.start_mark)


def _concept(key: _Node, node: _Node, source: str) -> Concept:
    fields = _fields(key.text, node)
    for name, value in fields.items():
        if name not in _FIELDS:
            reason = _("%(key)s has an unknown field %(field)s.") % {"key": key.text, "field": name}
            raise _RowError(value.line, reason, _("Fields are %(fields)s.") % {"fields": ", ".join(sorted(_FIELDS))})
    return Concept(
        key=key.text or "",
        labels={language: _texts(fields.get(language)) for language in Language},
        broader=_texts(fields.get("broader")),
        facet=_facet(fields.get("facet")),
        exact=_texts(fields.get("exact")),
        opposite=_texts(fields.get("opposite")),
        source=source,
    )


def _from_eurovoc(key: _Node, node: _Node, facet: Facet) -> Concept:
    fields = _fields(key.text, node)
    names: dict[Language, list[str]] = {language: [] for language in Language}
    for label in ("prefLabel", "altLabel"):
        names_by_language = _fields(label, fields[label]) if label in fields else {}
        for language in Language:
            names[language].extend(_texts(names_by_language.get(language)))
    return eurovoc_concept(key.text or "", names, _texts(fields.get("broader")), facet)


def _fields(key: str | None, node: _Node) -> dict[str, _Node]:
    if node.pairs is None:
        reason = _("%(key)s is not a mapping.") % {"key": key}
        raise _RowError(node.line, reason, _("Write its fields under it, indented."))
    return {name.text or "": value for name, value in node.pairs}


def _texts(node: _Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    items = (node,) if node.items is None else node.items
    if any(item.text is None for item in items):
        remedy = _("Write plain texts between brackets.")
        raise _RowError(node.line, _("a list of names holds something else."), remedy)
    return tuple(item.text for item in items if item.text)


def _facet(node: _Node | None) -> Facet:
    if node is None:
        return Facet.SERVICE
    try:
        return Facet(node.text or "")
    except ValueError as error:
        reason = _("the facet %(facet)s is unknown.") % {"facet": node.text}
        raise _RowError(node.line, reason, _("Use one of %(facets)s.") % {"facets": _FACETS}) from error
