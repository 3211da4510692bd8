"""Vocabularies written in YAML: our own form, and EuroVoc as YAML.

Our own form is a mapping of keys to concepts:

    concepts:
      biobank:
        facet: service
        fr: [biobanque, banque d'échantillons]
        en: [biobank, sample bank]
        exact: [CRB]
        broader: [samples]
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from maillage.matching.sources import (
    Gathering,
    Loaded,
    VocabularyError,
    eurovoc_concept,
    open_text,
)
from maillage.matching.vocabulary import Concept, Facet
from maillage.matching.words import Language

_FIELDS: Final = frozenset({"facet", "fr", "en", "exact", "broader", "opposite"})
_FACETS: Final = ", ".join(Facet)

_Entry = tuple[int, str, yaml.Node]


class _RowError(ValueError):
    """Why one entry is refused, and the remedy."""

    def __init__(self, line: int, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.line, self.reason, self.remedy = line, reason, remedy


def read_yaml(path: Path, *, source: str = "") -> Loaded:
    """Read a vocabulary of our own form; `source` defaults to the name of the file.

    Raises `VocabularyError` with the line when the file is not YAML or has no mapping `concepts`; entries that are
    wrong are refused one by one.
    """
    load = Gathering(path, source or path.stem)
    for line, key, node in _entries(path):
        load.read += 1
        try:
            load.keep(line, _concept(key, node, load.source))
        except _RowError as refused:
            load.refuse(refused.line, refused.reason, refused.remedy)
    return load.done()


def read_eurovoc_yaml(path: Path, *, facet: Facet = Facet.FRAME) -> Loaded:
    """Read EuroVoc from its YAML form (`concepts`: identifier to prefLabel, altLabel, broader); see `read_eurovoc_csv`.

    Entries are parsed one at a time, so that the document is never held whole.
    """
    load = Gathering(path, "EuroVoc")
    for line, key, node in _entries(path):
        load.read += 1
        try:
            load.keep(line, _from_eurovoc(key, node, facet))
        except _RowError as refused:
            load.refuse(refused.line, refused.reason, refused.remedy)
    return load.done()


def _entries(path: Path) -> Iterator[_Entry]:
    """Line, key and node of each entry of the mapping `concepts`, composed one by one from the stream."""
    with open_text(path) as stream:
        loader = yaml.CSafeLoader(stream)
        try:
            yield from _composed(loader, path)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else None
            reason = f"this is not YAML ({getattr(error, 'problem', None) or error})."
            raise VocabularyError(path, line, reason, "Check indentation and quotes there.") from error
        finally:
            loader.dispose()


def _composed(loader: yaml.CSafeLoader, path: Path) -> Iterator[_Entry]:
    while not loader.check_event(yaml.StreamEndEvent):
        event = loader.get_event()
        if isinstance(event, yaml.ScalarEvent) and event.value == "concepts" and event.start_mark.column == 0:
            break
    else:
        raise VocabularyError(path, None, "there is no mapping `concepts`.", "Put the concepts under that name.")
    if not isinstance(event := loader.get_event(), yaml.MappingStartEvent):
        line = event.start_mark.line + 1
        raise VocabularyError(path, line, "`concepts` is not a mapping.", "Write one key per concept under it.")
    while not loader.check_event(yaml.MappingEndEvent):
        key = loader.get_event()
        yield key.start_mark.line + 1, str(getattr(key, "value", "")), _node(loader)


def _node(loader: yaml.CSafeLoader) -> yaml.Node:
    """The node that begins at the loader's next event."""
    event = loader.get_event()
    if isinstance(event, yaml.ScalarEvent):
        return yaml.ScalarNode(event.tag or "", event.value, event.start_mark, event.end_mark)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not loader.check_event(yaml.SequenceEndEvent):
            items.append(_node(loader))
        loader.get_event()
        return yaml.SequenceNode("", items, event.start_mark, event.end_mark)
    if isinstance(event, yaml.MappingStartEvent):
        pairs = []
        while not loader.check_event(yaml.MappingEndEvent):
            pairs.append((_node(loader), _node(loader)))
        loader.get_event()
        return yaml.MappingNode("", pairs, event.start_mark, event.end_mark)
    line = event.start_mark.line + 1
    raise _RowError(line, "an alias (*name) stands where a value is needed.", "Write the value itself.")


def _concept(key: str, node: yaml.Node, source: str) -> Concept:
    fields = _fields(key, node)
    for name, value in fields.items():
        if name not in _FIELDS:
            reason = f"{key} has an unknown field {name}."
            raise _RowError(_line(value), reason, f"Fields are {', '.join(sorted(_FIELDS))}.")
    return Concept(
        key=key,
        labels={language: _texts(fields.get(language)) for language in Language},
        broader=_texts(fields.get("broader")),
        facet=_facet(key, fields.get("facet")),
        exact=_texts(fields.get("exact")),
        opposite=_texts(fields.get("opposite")),
        source=source,
    )


def _from_eurovoc(key: str, node: yaml.Node, facet: Facet) -> Concept:
    fields = _fields(key, node)
    names: dict[Language, list[str]] = {language: [] for language in Language}
    for label in ("prefLabel", "altLabel"):
        written = _fields(key, fields[label]) if label in fields else {}
        for language in Language:
            names[language].extend(_texts(written.get(language)))
    return eurovoc_concept(key, names, _texts(fields.get("broader")), facet)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _fields(key: str, node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _RowError(_line(node), f"{key} is not a mapping.", "Write its fields under it, indented.")
    return {str(name.value): value for name, value in node.value}


def _texts(node: yaml.Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not all(isinstance(item, yaml.ScalarNode) for item in items):
        raise _RowError(_line(node), "a list of names holds something else.", "Write plain texts between brackets.")
    return tuple(str(item.value).strip() for item in items if str(item.value).strip())


def _facet(key: str, node: yaml.Node | None) -> Facet:
    if node is None:
        return Facet.SERVICE
    try:
        return Facet(str(node.value))
    except ValueError as error:
        reason = f"{key} has the unknown facet {node.value}."
        raise _RowError(_line(node), reason, f"Use one of {_FACETS}.") from error
