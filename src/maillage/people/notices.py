"""Who is told of what happens in the register: managers of their organisations, officers of what waits for them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.kernel import wording
from maillage.kernel.actions import follows
from maillage.kernel.actors import MANAGER, Actor
from maillage.kernel.addresses import record_address
from maillage.kernel.listing import listing_of
from maillage.kernel.models import Contradiction
from maillage.kernel.notices.kinds import Kind, Pace, declare
from maillage.kernel.notices.writing import Words, notify
from maillage.kernel.processes.models import Case
from maillage.kernel.processes.signals import Notice as ProcessNotice
from maillage.kernel.processes.signals import listen
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of, holders
from maillage.register import listing as _declared  # noqa: F401 - its lists say which bodies a record is about
from maillage.register.models import ImportRun, Organisation

CONTRADICTIONS = declare(
    Kind(
        "contradictions",
        gettext_lazy("contradictions about my organisations, settled or reopened"),
        gettext_lazy("You hold a mandate as manager for an organisation that this contradiction is about."),
    )
)
LOOKALIKES = declare(
    Kind(
        "lookalikes",
        gettext_lazy("records that look alike after an import"),
        gettext_lazy("You are an officer of this site, and these pairs wait for a decision."),
        pace=Pace.DIGEST,
    )
)


CASES = declare(
    Kind(
        "cases",
        gettext_lazy("cases that begin or move on, and that wait for me"),
        gettext_lazy(
            "You hold a role that this process names, for the site or for the organisation that the case concerns."
        ),
    )
)
DEADLINES = declare(
    Kind(
        "deadlines",
        gettext_lazy("delays that end, or have ended, of cases that wait for me"),
        gettext_lazy("This case waits for a role that you hold."),
        must_reach=True,
    )
)


MANDATES = declare(
    Kind(
        "mandates",
        gettext_lazy("mandates that I am given, that are handed over to me, or that end"),
        gettext_lazy("This mandate is yours, or was."),
        must_reach=True,
    )
)


@follows("people.give_mandate", "people.delegate", "people.end_mandate")
def tell_holder(*, actor: Actor, at: dt.datetime, value: Mandate) -> None:
    """Tell the person whose mandate it is, unless they did it themselves."""

    def words() -> Words:
        period = _("from %s") % wording.day(value.first_day)
        until = " " + _("to %s") % wording.day(value.last_day) if value.last_day else ""
        subject = _("Your mandate for %s") % value.organisation
        return Words(subject, f"{value.get_role_display()}, {period}{until}. {actor.name}", reverse("mandates"))

    notify(at=at, kind=MANDATES, persons={value.person_id} - {actor.user_id or 0}, words=words)


@listen
def tell_of_case(told: ProcessNotice) -> None:
    """Tell those who hold the roles that a process names, but for the one who acted."""
    case = Case.objects.select_related("definition").get(pk=told.case_id)

    def words() -> Words:
        subject = _reminder(told) if told.offset is not None else f"{case.definition.definition.title}: {told.title}"
        return Words(subject, f"{case.standing.title}\n{told.reason}".strip(), case.get_absolute_url())

    persons = holders(told.roles, told.organisations, timezone.localdate(told.at)) - {told.actor_id or 0}
    notify(at=told.at, kind=CASES if told.offset is None else DEADLINES, persons=persons, words=words)


def _reminder(told: ProcessNotice) -> str:
    day = wording.day(timezone.localdate(told.due_at)) if told.due_at else ""
    said = _("Overdue since %(day)s: %(title)s") if (told.offset or 0) > 0 else _("Due on %(day)s: %(title)s")
    return said % {"day": day, "title": told.title}


@follows("kernel.settle_contradiction", "kernel.reopen_contradiction")
def tell_managers(*, actor: Actor, at: dt.datetime, value: Contradiction) -> None:
    """Tell the managers of the organisations a contradiction is about, but for the one who acted."""

    def words() -> Words:
        said = _("Reopened: %s") if value.is_open else _("Settled: %s")
        body = "" if value.is_open else _("Settled by %(who)s: %(why)s") % {
            "who": value.settled_by,
            "why": value.settled_reason,
        }  # fmt: skip
        return Words(said % value.topic, body, record_address("contradictions", value.pk))

    persons = _managers_who_may_read(value, at) - {actor.user_id or 0}
    notify(at=at, kind=CONTRADICTIONS, persons=persons, words=words)


@follows("register.close_ror_run")
def tell_officers(*, actor: Actor, at: dt.datetime, value: ImportRun) -> None:
    """One notice for an import, however many pairs it left to decide."""
    number = value.counts.get("lookalikes", 0)
    if not number:
        return

    def words() -> Words:
        subject = ngettext("%d new pair of records that look alike", "%d new pairs of records that look alike", number)
        return Words(subject % number, _("They came with the file %s.") % value.file, reverse("lookalikes"))

    officers = User.objects.filter(is_officer=True, is_active=True).values_list("pk", flat=True)
    notify(at=at, kind=LOOKALIKES, persons=officers, words=words)


def _managers_who_may_read(contradiction: Contradiction, at: dt.datetime) -> set[int]:
    held = Mandate.objects.on(timezone.localdate(at)).filter(role=MANAGER, organisation__in=_bodies(contradiction))
    mandates = held.filter(person__is_active=True).select_related("person")
    return {mandate.person_id for mandate in mandates if _may_read(mandate, contradiction, at)}


def _may_read(mandate: Mandate, contradiction: Contradiction, at: dt.datetime) -> bool:
    reader = actor_of(mandate.person, at, mandate.pk)
    return bool(Contradiction.objects.visible_to(reader).filter(pk=contradiction.pk).exists())


def _bodies(contradiction: Contradiction) -> set[int]:
    """The organisations that a contradiction is about, itself or by one of their records."""
    subjects = contradiction.subjects.all()[:200]
    return {body.pk for subject in subjects for body in _bodies_of(subject.record_kind, subject.record_id)}


def _bodies_of(kind: str, record_id: int) -> Iterable[Organisation]:
    listing = listing_of(kind)
    record: Any = listing.model._base_manager.filter(pk=record_id).first() if listing else None
    if record is None or listing is None:
        return []
    return [record] if isinstance(record, Organisation) else listing.bodies(record)
