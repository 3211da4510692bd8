"""Read YAML as plain data, with the line of every part; hostile input is refused before it is built."""

import yaml
from django.utils.translation import gettext as _

from maillage.core.json_types import Json

DocumentPath = tuple[str | int, ...]
MAX_LENGTH = 200_000
_MAX_DEPTH = 10


class UnreadableYamlError(ValueError):
    """A text that is not valid YAML of our subset; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_yaml(text: str) -> tuple[Json, dict[DocumentPath, int]]:
    """The data of a text, and the line (from 1) of each path into it. Raises `UnreadableYamlError`."""
    if len(text) > MAX_LENGTH:
        raise UnreadableYamlError(1, _("The text has %(length)s characters; shorten it to %(most)s.")
                         % {"length": len(text), "most": MAX_LENGTH})  # fmt: skip
    try:
        _refuse_hostile(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        lines: dict[DocumentPath, int] = {}
        return (_value(node, (), lines) if node else None), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableYamlError(
            line, _("This is no YAML (%s); check the indentation and the quotes.") % error.problem
        ) from error
    except yaml.YAMLError as error:
        raise UnreadableYamlError(
            1, _("This is no YAML (%s); check for control characters.") % str(error)[:200]
        ) from error


def _refuse_hostile(text: str) -> None:
    """Refuse deep nesting, which can exhaust the stack, and aliases, which can exhaust memory."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableYamlError(line, _("Parts cannot be repeated by reference (“*”); write them out."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise UnreadableYamlError(line, _("This is nested too deeply; a document has no more than eight levels."))


def _value(node: yaml.Node, path: DocumentPath, lines: dict[DocumentPath, int]) -> Json:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, number), lines) for number, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: DocumentPath, lines: dict[DocumentPath, int]) -> dict[str, object]:
    data: dict[str, object] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise UnreadableYamlError(line, _("A key must be a word."))
        if key in data:
            raise UnreadableYamlError(line, _("“%s” is said twice; keep one.") % key)
        data[key] = _value(value_node, (*path, key), lines)
        lines[*path, key] = line
    return data


def _scalar(node: yaml.Node) -> Json:
    """A text, a whole number, a bool or `None`; dates and other YAML types stay text."""
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "bool":
        return node.value.lower() in ("yes", "true", "on")
    if kind == "int" and node.value.lstrip("-").isdecimal() and len(node.value) < 10:
        return int(node.value)
    return None if kind == "null" else str(node.value)
