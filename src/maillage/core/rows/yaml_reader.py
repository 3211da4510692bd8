"""Reading YAML files of lists: each row with its line and those of its keys, each scalar as it is written.

A plain `NO`, `12:30`, `0x1F` or `005520242` is the text that stands there; the description of its row says what it
means. Only an empty scalar, `~` and `null` are no value.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from maillage.core.rows.errors import InvalidFileError, RowError
from maillage.core.rows.values import Raw
from maillage.language import os_error_reason

Lists = dict[str, list["ReadRow"]]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it stands in a file: its values by key and their lines, or the error that keeps it from being read."""

    line: int
    values: dict[str, Raw]
    lines: dict[str, int]
    error: RowError | None = None


class _TextLoader(yaml.CSafeLoader):
    """A YAML loader that takes scalars as they are written."""

    yaml_implicit_resolvers = {
        character: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for character, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def read_lists(path: Path) -> tuple[dict[str, Raw], Lists]:
    """The `meta` of a YAML file of lists, and the rows of each list.

    Raises `InvalidFileError` if the file cannot be read as YAML or is no mapping of lists.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        loader = _TextLoader(text)
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


def _split_lists(path: Path, loader: _TextLoader, root: yaml.MappingNode) -> tuple[dict[str, Raw], Lists]:
    meta: dict[str, Raw] = {}
    lists: Lists = {}
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
            lists[name] = [_read_row(loader, item) for item in node.value]
    return meta, lists


def _read_row(loader: _TextLoader, node: yaml.Node) -> ReadRow:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        return ReadRow(line, {}, {}, RowError(_("the row must be a mapping of keys and values")))
    try:
        return ReadRow(line, *_read_mapping(loader, node))
    except RowError as error:
        return ReadRow(line, {}, {}, error)
    except (yaml.YAMLError, ValueError) as error:
        return ReadRow(line, {}, {}, RowError(str(error)))


def _read_mapping(loader: _TextLoader, node: yaml.MappingNode) -> tuple[dict[str, Raw], dict[str, int]]:
    """The values and the lines of a mapping by key. Raises `RowError` for a key that stands twice, as YAML forbids."""
    values: dict[str, Raw] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if key in values:
            message = _("the key “%(key)s” stands twice (lines %(first)d and %(second)d); keep one")
            raise RowError(message % {"key": key, "first": lines[key], "second": line}, str(key))
        values[key], lines[key] = loader.construct_object(value_node, deep=True), line
    return values, lines
