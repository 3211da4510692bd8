"""Read calls, applications, their replies and the history of replies."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

from maillage.calls.call_document import ApplicationSection, Question
from maillage.calls.models import Application, ApplicationParty, Call, Duty, PartyRole, Reply
from maillage.core.actors import CLINICAL, LEAD, MANAGER, PILOT, Actor
from maillage.core.security.visibility import VisibleQuerySet

MAX_CHANGES_SHOWN = 200


def calls(*, actor: Actor) -> VisibleQuerySet[Call]:
    """The calls this actor may read, with their label."""
    return Call.objects.visible_to(actor).select_related("label")


def operators_of_call(*, call_id: int, **_others: object) -> list[int]:
    """The ids of the organisations that run a call, for the check of mandates."""
    call = Call.objects.select_related("label").filter(pk=call_id).first()
    return call.operator_ids if call else []


def operators_of_application(*, application_id: int, **_others: object) -> list[int]:
    """The ids of the organisations that run the call of an application, for the check of mandates."""
    application = Application.objects.select_related("version__call__label").filter(pk=application_id).first()
    return application.version.call.operator_ids if application else []


def open_calls(at: dt.datetime, *, actor: Actor) -> list[Call]:
    """The calls that take applications at a moment, the first to close first; at most 100."""
    rows = calls(actor=actor).filter(opens_at__lte=at, closes_at__gt=at, withdrawn_at=None)
    return list(rows.order_by("closes_at", "pk")[:100])


def applications(*, actor: Actor) -> VisibleQuerySet[Application]:
    """The applications this actor may read: of an organisation in reach, or sent to a call that one in reach runs."""
    return Application.objects.visible_to(actor).select_related("version__call__label")


def application_parties(application: Application) -> list[ApplicationParty]:
    """The parties of an application: the lead first, then hosts and partners by name, without who runs the call."""
    parties = application.parties.exclude(part=PartyRole.OFFICE).select_related("organisation")
    order = {PartyRole.LEAD: 0, PartyRole.HOST: 1, PartyRole.PARTNER: 2}
    return sorted(parties, key=lambda party: (order[PartyRole(party.part)], party.organisation.sort_name))


Fillings = dict[int, dict[str, Reply]]


def replies_by_section(application: Application) -> dict[str, Fillings]:
    """The replies by section, filling (from 1) and question, without fillings beyond what the call now allows."""
    max_fillings = {section.key: section.repeat for section in application.call_document.sections}
    replies: dict[str, Fillings] = defaultdict(lambda: defaultdict(dict))
    for reply in application.replies.order_by("section", "number", "pk"):
        if reply.number > max_fillings.get(reply.section, 0):
            continue
        replies[reply.section][reply.number][reply.question] = reply
    return replies


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """The number of questions of a section, of those with a reply, and of required ones without a reply."""

    section: ApplicationSection
    questions: int
    answered: int
    missing: int


def progress_by_section(application: Application, replies: dict[str, Fillings]) -> list[SectionProgress]:
    """The progress of each section of the application."""
    return [_section_progress(section, replies.get(section.key, {})) for section in application.call_document.sections]


def _section_progress(section: ApplicationSection, fillings: Fillings) -> SectionProgress:
    answered_keys = {key for filling in fillings.values() for key, reply in filling.items() if reply.value is not None}
    missing = sum(1 for question in section.questions if question.required and question.key not in answered_keys)
    answered = sum(1 for question in section.questions if question.key in answered_keys)
    return SectionProgress(section, len(section.questions), answered, missing)


@dataclass(frozen=True, slots=True)
class ReplyChange:
    """A change of a reply, with the values before and after it."""

    section: ApplicationSection
    question: Question
    number: int
    at: dt.datetime
    on_behalf: str
    before: object
    after: object


def reply_changes(application: Application, since: dt.datetime | None = None) -> list[ReplyChange]:
    """Changes of replies, the latest first, at most 200; only those after `since` where it is set."""
    events = apps.get_model("calls", "ReplyEvent")._default_manager.filter(application=application).order_by("pgh_id")
    last: dict[tuple[str, int, str], object] = {}
    changes: list[ReplyChange] = []
    for event in events:
        place = (event.section, event.number, event.question)
        section = application.call_document.section(event.section)
        question = section.question(event.question) if section else None
        if section and question and (since is None or event.at > since) and last.get(place) != event.value:
            before = last.get(place)
            changes.append(ReplyChange(section, question, event.number, event.at, event.on_behalf, before, event.value))
        last[place] = event.value
    return changes[::-1][:MAX_CHANGES_SHOWN]


WRITER_ROLES = (MANAGER, LEAD, PILOT, CLINICAL)


def lead_of_application(*, application_id: int, **_others: object) -> Iterable[int]:
    """The id of the organisation that leads an application."""
    return ApplicationParty.objects.filter(application=application_id, part=PartyRole.LEAD).values_list(
        "organisation_id", flat=True
    )


def section_writers(*, application_id: int, section: str = "", **_others: object) -> Iterable[int]:
    """The ids of organisations that may write a section: those assigned and the lead, or all parties if none is."""
    parties = ApplicationParty.objects.filter(application=application_id).exclude(part=PartyRole.OFFICE)
    duties = set(
        Duty.objects.filter(application=application_id, section=section).values_list("organisation_id", flat=True)
    )
    if duties:
        return duties | set(lead_of_application(application_id=application_id))
    return parties.values_list("organisation_id", flat=True)
