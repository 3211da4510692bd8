"""Reading calls and dossiers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from maillage.calls.call_document import ApplicationSection, Question
from maillage.calls.models import Application, ApplicationParty, Call, Duty, PartyRole, Reply
from maillage.core.actors import CLINICAL, LEAD, MANAGER, PILOT, Actor
from maillage.core.security.visibility import VisibleQuerySet

MAX_CHANGES_SHOWN = 200


def calls(*, actor: Actor) -> VisibleQuerySet:
    """The calls this actor may read, with their label."""
    found: VisibleQuerySet = Call.objects.visible_to(actor).select_related("label")
    return found


def offices_of_call(*, call_id: int, **_others: Any) -> list[int]:
    """The bodies (ids) that run a call, for the check of mandates."""
    found = Call.objects.select_related("label").filter(pk=call_id).first()
    return found.offices if found else []


def offices_of_application(*, application_id: int, **_others: Any) -> list[int]:
    """The bodies (ids) that run the call of a dossier, for the check of mandates."""
    found = Application.objects.select_related("version__call__label").filter(pk=application_id).first()
    return found.version.call.offices if found else []


def open_calls(at: dt.datetime, *, actor: Actor) -> list[Call]:
    """The calls that take dossiers at a moment, the first to close first."""
    found = calls(actor=actor).filter(opens_at__lte=at, closes_at__gt=at, withdrawn_at=None)
    return list(found.order_by("closes_at", "pk")[:100])


def applications(*, actor: Actor) -> VisibleQuerySet:
    """The dossiers this actor may read: those a body within reach takes part in, or runs the call of once sent."""
    found: VisibleQuerySet = Application.objects.visible_to(actor).select_related("version__call__label")
    return found


def application_parties(application: Application) -> list[ApplicationParty]:
    """The bodies of a dossier, its lead first, without who runs the call."""
    found = application.parties.exclude(part=PartyRole.OFFICE).select_related("organisation")
    order = {PartyRole.LEAD: 0, PartyRole.HOST: 1, PartyRole.PARTNER: 2}
    return sorted(found, key=lambda one: (order[PartyRole(one.part)], one.organisation.sort_name))


Fillings = dict[int, dict[str, Reply]]


def replies_by_section(application: Application) -> dict[str, Fillings]:
    """The replies by section, filling (from 1) and question; not those to fillings that the call no longer takes."""
    most = {section.key: section.repeat for section in application.call.sections}
    found: dict[str, Fillings] = defaultdict(lambda: defaultdict(dict))
    for reply in application.replies.order_by("section", "number", "pk"):
        if reply.number > most.get(reply.section, 0):
            continue
        found[reply.section][reply.number][reply.question] = reply
    return found


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far a section is: of its questions how many have a reply, and of those that must, how many have none."""

    section: ApplicationSection
    questions: int
    answered: int
    missing: int


def progress_by_section(application: Application, replies: dict[str, Fillings]) -> list[SectionProgress]:
    """How far each section of the dossier is."""
    return [_section_progress(section, replies.get(section.key, {})) for section in application.call.sections]


def _section_progress(section: ApplicationSection, fillings: Fillings) -> SectionProgress:
    given = {key for filling in fillings.values() for key, reply in filling.items() if reply.value is not None}
    missing = sum(1 for one in section.questions if one.required and one.key not in given)
    answered = sum(1 for one in section.questions if one.key in given)
    return SectionProgress(section, len(section.questions), answered, missing)


@dataclass(frozen=True, slots=True)
class ReplyChange:
    """A reply as it was written at a moment, and what stood there before."""

    section: ApplicationSection
    question: Question
    number: int
    at: dt.datetime
    on_behalf: str
    before: Any
    after: Any


def reply_changes(application: Application, since: dt.datetime | None = None) -> list[ReplyChange]:
    """What was written into a dossier, the last first, at most 200; with a moment, after it."""
    events = apps.get_model("calls", "ReplyEvent")._default_manager.filter(application=application).order_by("pgh_id")
    last: dict[tuple[str, int, str], Any] = {}
    found: list[ReplyChange] = []
    for event in events:
        place = (event.section, event.number, event.question)
        section = application.call.section(event.section)
        question = section.question(event.question) if section else None
        if section and question and (since is None or event.at > since) and last.get(place) != event.value:
            before = last.get(place)
            found.append(ReplyChange(section, question, event.number, event.at, event.on_behalf, before, event.value))
        last[place] = event.value
    return found[::-1][:MAX_CHANGES_SHOWN]


WRITER_ROLES = (MANAGER, LEAD, PILOT, CLINICAL)


def lead_of_application(*, application_id: int, **_others: Any) -> Iterable[int]:
    """The body that leads a dossier."""
    return ApplicationParty.objects.filter(application=application_id, part=PartyRole.LEAD).values_list(
        "organisation_id", flat=True
    )


def section_writers(*, application_id: int, section: str = "", **_others: Any) -> Iterable[int]:
    """The bodies that may write a section: those that have it as a duty and the lead, or all that take part."""
    within = ApplicationParty.objects.filter(application=application_id).exclude(part=PartyRole.OFFICE)
    duties = set(
        Duty.objects.filter(application=application_id, section=section).values_list("organisation_id", flat=True)
    )
    if duties:
        return duties | set(lead_of_application(application_id=application_id))
    return within.values_list("organisation_id", flat=True)
