"""The definitions that come with the rooms: `processes/<name>.yaml` in the folder of each room."""

import datetime as dt
import functools
from pathlib import Path

from django.utils.translation import gettext_noop

from maillage.core.actors import SYSTEM
from maillage.workflow.actions.definitions import publish_definition
from maillage.workflow.definition import CaseState
from maillage.workflow.models import ProcessDefinition
from maillage.workflow.parser import parse_definition

PACKAGE = Path(__file__).parents[1]


@functools.lru_cache(maxsize=64)
def shipped_states(name: str) -> dict[str, CaseState]:
    """The states of a shipped process, for filters; a version published on the site may have others."""

    path = next(path for path in shipped_definition_files() if path.stem == name)
    return parse_definition(path.read_text("utf-8")).states


def shipped_names() -> frozenset[str]:
    """The names of the processes of the software, whose cases its own pages open."""
    return frozenset(path.stem for path in shipped_definition_files())


def shipped_definition_files() -> list[Path]:
    """The files of all rooms, by name."""
    return sorted(PACKAGE.glob("*/processes/*.yaml"), key=lambda path: path.name)


def publish_shipped_definitions(at: dt.datetime) -> int:
    """Publish the shipped definitions that are new, or newer than the version in force; return their number.

    A process that somebody on the site has changed stays as they made it.
    """
    latest = {version.name: version for version in ProcessDefinition.objects.order_by("version")}
    missing = [path for path in shipped_definition_files() if _is_newer(path, latest.get(path.stem))]
    for path in missing:
        text, reason = path.read_text("utf-8"), gettext_noop("Comes with Maillage.")
        publish_definition(actor=SYSTEM, at=at, text=text, reason=reason)
    return len(missing)


def _is_newer(path: Path, latest: ProcessDefinition | None) -> bool:
    if latest is None:
        return True
    return latest.author == SYSTEM.name and latest.text != path.read_text("utf-8")
