"""Reading YAML files of lists: each row with its line and the lines of its keys."""

from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from maillage.core.list_rows import InvalidFileError, RowError
from maillage.language import os_error_reason


class _StrictLoader(yaml.CSafeLoader):
    """The YAML loader for `_parse_mapping`, which refuses duplicate keys: YAML forbids them, PyYAML ignores them."""


def _parse_mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> tuple[dict[str, Any], dict[str, int]]:
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if key in values:
            message = _("the key “%(key)s” stands twice (lines %(first)d and %(second)d); keep one")
            raise RowError(message % {"key": key, "first": lines[key], "second": line}, str(key))
        values[key], lines[key] = loader.construct_object(value_node, deep=True), line
    return values, lines


def read_lists(path: Path) -> tuple[dict[str, Any], dict[str, list[tuple[int, Any]]]]:
    """The `meta` of a YAML file of lists, and the rows of each list as pairs (line, content).

    The content of a row is (values, lines), both by key, or a `RowError`.
    Raises `InvalidFileError` if the file cannot be read as YAML or is no mapping of lists.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = _StrictLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            message = _("%(file)s: the file must be a mapping of lists, such as “organisations:”")
            raise InvalidFileError(message % {"file": path})
        return _split_lists(path, loader, root)
    except OSError as error:
        message = _("%(file)s: cannot be read (%(reason)s); check the path and the rights")
        raise InvalidFileError(message % {"file": path, "reason": _(os_error_reason(error))}) from error
    except UnicodeDecodeError as error:
        message = _("%(file)s: byte %(place)d is not UTF-8; save the file as UTF-8")
        raise InvalidFileError(message % {"file": path, "place": error.start}) from error
    except yaml.YAMLError as error:
        message = _("not readable as YAML (%(reason)s); correct that line") % {"reason": _yaml_problem(error)}
        raise InvalidFileError(f"{path}:{_error_line(error)}: {message}") from error


def _error_line(error: yaml.YAMLError) -> int:
    position = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return position.line + 1 if position else 1


def _yaml_problem(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or getattr(error, "reason", None) or _("unexpected text")


def _split_lists(
    path: Path, loader: yaml.CSafeLoader, root: yaml.MappingNode
) -> tuple[dict[str, Any], dict[str, list[tuple[int, Any]]]]:
    meta: dict[str, object] = {}
    lists: dict[str, list[tuple[int, Any]]] = {}
    for key_node, node in root.value:
        name, line = str(loader.construct_object(key_node)), key_node.start_mark.line + 1
        if name == "meta":
            meta = loader.construct_object(node, deep=True) or {}
        elif not isinstance(node, yaml.SequenceNode):
            message = _("“%(list)s” must be a list of rows, each beginning with “- ”") % {"list": name}
            raise InvalidFileError(f"{path}:{line}: {message}")
        elif name in lists:
            message = _("the list “%(list)s” stands twice; join the two") % {"list": name}
            raise InvalidFileError(f"{path}:{line}: {message}")
        else:
            lists[name] = [_parse_row(loader, item) for item in node.value]
    return meta, lists


def _parse_row(loader: yaml.CSafeLoader, node: yaml.Node) -> tuple[int, Any]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        return line, RowError(_("the row must be a mapping of keys and values"))
    try:
        return line, _parse_mapping(loader, node)
    except (RowError, yaml.YAMLError, ValueError) as error:
        return line, error if isinstance(error, RowError) else RowError(str(error))
