"""Process definitions, cases with their steps, and the reminders sent."""

import datetime as dt
from collections.abc import Collection
from functools import cached_property
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import MANDATED_ROLES, REQUESTER, REVIEWER, SYSTEM, Actor
from maillage.core.models import tracked
from maillage.core.security.visibility import roles_by_kind
from maillage.documents.models import VersionedDocument, read_version_text
from maillage.workflow.deadlines import Clock
from maillage.workflow.definition import CaseState, Definition
from maillage.workflow.working_days import WorkingDays

_KNOWN_STATE = """
    IF NOT EXISTS (SELECT 1 FROM workflow_processdefinition d
                   WHERE d.id = NEW.definition_id AND d.document->'states' ? NEW.state) THEN
        RAISE EXCEPTION 'state "%" is not one of its definition', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;"""


@tracked
class ProcessDefinition(VersionedDocument):
    """One version of a process, in force until the next one is published; `document` is its content as plain data."""

    name = models.CharField(_("name"), max_length=60)
    document = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="definition_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="definition_version_counts_from_one"),
        ]
        triggers = [pgtrigger.Protect(name="stays_as_published", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.definition.title} ({self.version})"

    @property
    def why(self) -> str:
        """The reason of the version, translated where the definition comes with a room."""
        return _now(self.reason) if self.author == SYSTEM.name else self.reason

    @cached_property
    def definition(self) -> Definition:
        """The content of the version."""
        return read_version_text(Definition, self.text)


# Other mandates for an organisation read only those of its cases that wait for them.
CASE_ROLES = tuple(role for role in MANDATED_ROLES if role not in (REVIEWER, REQUESTER))


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> Self:
        """All cases for an officer of the site, else those of organisations within the actor's reach.

        Reviewers, and roles that may not read the record of a case, read only those that wait for them.
        """
        if actor.is_officer:
            return self
        role = actor.acting.role if actor.acting else ""
        within = self.filter(concerning_q(actor.reach))
        waiting = Q(roles__contains=[role])
        if role not in CASE_ROLES:
            return within.filter(waiting)
        closed = [kind for kind, roles in roles_by_kind().items() if role not in roles]
        return within.filter(~Q(record_kind__in=closed) | waiting)

    def running(self) -> Self:
        """The cases that are not in a final state."""
        return self.filter(ended_at=None)


def concerning_q(organisation_ids: Collection[int]) -> Q:
    """The condition that a case concerns one of these organisations, from the start or since it was added."""
    return Q(organisation_id__in=organisation_ids) | Q(also_for__overlap=sorted(organisation_ids))


def waits_for_q(role: str, organisation_ids: Collection[int]) -> Q:
    """The condition that a case waits for a role held for one of these organisations."""
    return Q(roles__contains=[role]) & concerning_q(organisation_ids)


@tracked
class Case(models.Model):
    """A case of a process; it concerns an organisation and may be about a record.

    `roles` can apply a transition from its state; `due_at` ends the delay of its state; `delay` is the promised number
    of working days, if any, and `stopped_days` those that its clock stood still. Organisations added later (`also_for`)
    have the same rights as `organisation_id`. `country` and `region` choose the calendar of working days; where empty,
    those of the definition do.
    """

    definition = models.ForeignKey(ProcessDefinition, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=300)
    record_kind = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True, blank=True)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    also_for = ArrayField(models.BigIntegerField(), default=list, blank=True)
    delay = models.PositiveSmallIntegerField(null=True, blank=True)
    stopped_days = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("state"), max_length=60)
    roles = ArrayField(models.CharField(max_length=20), default=list)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.BigIntegerField(null=True, blank=True)
    entered_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=60, blank=True)

    objects = CaseQuerySet.as_manager()
    confidential: ClassVar = ("", "organisation_id", "also_for")
    confidential_roles: ClassVar = CASE_ROLES
    confidential_role_field: ClassVar = "roles"

    class Meta:
        indexes = [
            GinIndex(fields=["roles"], condition=Q(ended_at=None), name="case_waits_for"),
            models.Index(fields=["due_at", "id"], condition=Q(ended_at=None), name="case_due"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="case_remind"),
            models.Index(fields=["record_kind", "record_id"], name="case_record"),
            models.Index(fields=["organisation_id"], name="case_organisation"),
            GinIndex(fields=["also_for"], name="case_also_for"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="state_is_defined",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_KNOWN_STATE,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.pk])

    @property
    def current_state(self) -> CaseState:
        """Its state, with the title and deadline of the definition."""
        return self.definition.definition.states[self.state]

    @property
    def clock(self) -> Clock | None:
        """The delay of its state; `None` where the state has no deadline."""
        return self.clock_under(self.definition.definition)

    def clock_under(self, definition: Definition) -> Clock | None:
        """The delay of its state in another version of the definition."""
        deadline = definition.states[self.state].deadline
        if deadline is None:
            return None
        if not deadline.since_opening:
            return Clock(deadline, self.calendar_under(definition), self.entered_at, self.delay)
        return Clock(deadline, self.calendar_under(definition), self.opened_at, self.delay, self.stopped_days)

    def calendar_under(self, definition: Definition) -> WorkingDays:
        """Its calendar of working days, in one version of the definition."""
        place = (self.country, self.region) if self.country else (definition.country, definition.region)
        return WorkingDays(*place)

    def working_days_between(self, start: dt.datetime, end: dt.datetime) -> int:
        """The working days after the day of `start` up to the day of `end`, in its calendar."""
        calendar = self.calendar_under(self.definition.definition)
        return calendar.count(timezone.localdate(start), timezone.localdate(end))

    @property
    def organisation_ids(self) -> list[int]:
        """The ids of the organisations it concerns, including those added later."""
        return [*([self.organisation_id] if self.organisation_id else []), *self.also_for]

    @property
    def due_day(self) -> dt.date | None:
        return timezone.localdate(self.due_at) if self.due_at else None


class StepKind(models.TextChoices):
    OPENED = "opened", _("opened")
    FIRED = "fired", _("taken on")
    MOVED = "moved", _("moved to another version")


@tracked
class CaseStep(models.Model):
    """A step of a case: by whom, for which organisation, when and why. Steps are never changed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    definition = models.ForeignKey(ProcessDefinition, on_delete=models.PROTECT, related_name="+")
    transition = models.CharField(max_length=60, blank=True)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60)
    actor = models.CharField(max_length=200)
    user = models.BigIntegerField(null=True, blank=True)
    on_behalf = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    shown_with: ClassVar = ("case",)

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="only_added", operation=pgtrigger.Update)]

    @property
    def state(self) -> CaseState:
        """The state after the step."""
        return self.definition.definition.states[self.after]


class Reminder(models.Model):
    """A reminder that was sent, so that it is sent once for each stay in a state and each offset."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reminders")
    entered_at = models.DateTimeField()
    offset = models.SmallIntegerField()
    raised_at = models.DateTimeField()

    shown_with: ClassVar = ("case",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "entered_at", "offset"], name="reminder_raised_once")]
