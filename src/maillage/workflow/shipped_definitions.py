"""The definitions that come with the rooms: each lies as `processes/<name>.yaml` in the folder of its room."""

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
    """The states of a process as it comes with its room, for filters; a version of the site's own may have others."""

    path = next(path for path in shipped_definition_files() if path.stem == name)
    return parse_definition(path.read_text("utf-8")).states


def shipped_definition_files() -> list[Path]:
    """The files of all rooms, in the order of their names."""
    return sorted(PACKAGE.glob("*/processes/*.yaml"), key=lambda path: path.name)


def publish_shipped_definitions(at: dt.datetime) -> int:
    """Put in force the definitions that come with the rooms and of which there is no version; returns how many."""
    known = set(ProcessDefinition.objects.values_list("name", flat=True).distinct())
    missing = [path for path in shipped_definition_files() if path.stem not in known]
    for path in missing:
        text, reason = path.read_text("utf-8"), gettext_noop("Comes with Maillage.")
        publish_definition(actor=SYSTEM, at=at, text=text, reason=reason)
    return len(missing)
