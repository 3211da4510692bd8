"""Reading calls and dossiers."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from maillage.calls.document import Question, Section
from maillage.calls.models import Call, Dossier, Part, Party, Reply
from maillage.kernel.actors import Actor
from maillage.kernel.visibility import VisibleQuerySet

CHANGES_SHOWN = 200


def calls(*, actor: Actor) -> VisibleQuerySet:
    """The calls this actor may read, with their label."""
    found: VisibleQuerySet = Call.objects.visible_to(actor).select_related("label")
    return found


def offices_of_call(*, call_id: int, **_others: Any) -> list[int]:
    """The bodies (ids) that run a call, for the check of mandates."""
    found = Call.objects.select_related("label").filter(pk=call_id).first()
    return found.offices if found else []


def offices_of_dossier(*, dossier_id: int, **_others: Any) -> list[int]:
    """The bodies (ids) that run the call of a dossier, for the check of mandates."""
    found = Dossier.objects.select_related("version__call__label").filter(pk=dossier_id).first()
    return found.version.call.offices if found else []


def open_calls(at: dt.datetime, *, actor: Actor) -> list[Call]:
    """The calls that take dossiers at a moment, the first to close first."""
    found = calls(actor=actor).filter(opens_at__lte=at, closes_at__gt=at, withdrawn_at=None)
    return list(found.order_by("closes_at", "pk")[:100])


def dossiers(*, actor: Actor) -> VisibleQuerySet:
    """The dossiers this actor may read: those a body within reach takes part in, or runs the call of once sent."""
    found: VisibleQuerySet = Dossier.objects.visible_to(actor).select_related("version__call__label")
    return found


def parties_of(dossier: Dossier) -> list[Party]:
    """The bodies of a dossier, its lead first, without who runs the call."""
    found = dossier.parties.exclude(part=Part.OFFICE).select_related("organisation")
    order = {Part.LEAD: 0, Part.HOST: 1, Part.PARTNER: 2}
    return sorted(found, key=lambda one: (order[Part(one.part)], one.organisation.sort_name))


Fillings = dict[int, dict[str, Reply]]


def replies_of(dossier: Dossier) -> dict[str, Fillings]:
    """The replies by section, filling (from 1) and question; not those to fillings that the call no longer takes."""
    most = {section.key: section.repeat for section in dossier.call.sections}
    found: dict[str, Fillings] = defaultdict(lambda: defaultdict(dict))
    for reply in dossier.replies.order_by("section", "number", "pk"):
        if reply.number > most.get(reply.section, 0):
            continue
        found[reply.section][reply.number][reply.question] = reply
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a section is: of its questions how many have a reply, and of those that must, how many have none."""

    section: Section
    questions: int
    answered: int
    missing: int


def progress_of(dossier: Dossier, replies: dict[str, Fillings]) -> list[Progress]:
    """How far each section of the dossier is."""
    return [_progress(section, replies.get(section.key, {})) for section in dossier.call.sections]


def _progress(section: Section, fillings: Fillings) -> Progress:
    given = {key for filling in fillings.values() for key, reply in filling.items() if reply.value is not None}
    missing = sum(1 for one in section.questions if one.required and one.key not in given)
    answered = sum(1 for one in section.questions if one.key in given)
    return Progress(section, len(section.questions), answered, missing)


@dataclass(frozen=True, slots=True)
class Change:
    """A reply as it was written at a moment, and what stood there before."""

    section: Section
    question: Question
    number: int
    at: dt.datetime
    on_behalf: str
    before: Any
    after: Any


def changes_of(dossier: Dossier, since: dt.datetime | None = None) -> list[Change]:
    """What was written into a dossier, the last first, at most 200; with a moment, after it."""
    events = apps.get_model("calls", "ReplyEvent")._default_manager.filter(dossier=dossier).order_by("pgh_id")
    last: dict[tuple[str, int, str], Any] = {}
    found: list[Change] = []
    for event in events:
        place = (event.section, event.number, event.question)
        section = dossier.call.section(event.section)
        question = section.question(event.question) if section else None
        if section and question and (since is None or event.at > since) and last.get(place) != event.value:
            before = last.get(place)
            found.append(Change(section, question, event.number, event.at, event.on_behalf, before, event.value))
        last[place] = event.value
    return found[::-1][:CHANGES_SHOWN]
