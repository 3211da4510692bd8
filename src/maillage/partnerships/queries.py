"""Reads needs: those of an organisation, its punctuality, and what was answered."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor
from maillage.core.security.visibility import VisibleQuerySet
from maillage.files.models import File
from maillage.files.queries import distinct_files
from maillage.partnerships.models import (
    DEALING_ROLES,
    Answer,
    AnswerDelay,
    Need,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    Requester,
    TeamRequest,
)
from maillage.register.models import Organisation
from maillage.workflow.models import Case

MAX_SHOWN = 200


def needs(*, actor: Actor) -> VisibleQuerySet[Need]:
    """The needs this actor may read: those sent to an organisation within reach, and their own."""
    return Need.objects.visible_to(actor)


def addressees(day: dt.date, *, actor: Actor) -> list[Organisation]:
    """The organisations that take needs on a day, having promised a delay, by name."""
    promised = AnswerDelay.objects.visible_to(actor).possible_on(day).values("organisation")
    organisations = Organisation.objects.visible_to(actor).filter(pk__in=promised, merged_into=None)
    return list(organisations.order_by("sort_name")[:MAX_SHOWN])


def addressed_organisation_ids(
    need_id: int, roles: Iterable[str] = (NeedAddressRole.ADDRESSEE, NeedAddressRole.NETWORK)
) -> list[int]:
    """The ids of the organisations that have received a need in one of these roles."""
    return list(NeedAddress.objects.filter(need=need_id, role__in=roles).values_list("organisation_id", flat=True))


def running_need_cases(need_id: int) -> list[Case]:
    """The open cases of a need: one, unless two organisations were asked at once."""
    return list(Case.objects.running().filter(address__need=need_id).select_related("definition").order_by("pk"))


def requester_of(need: Need, *, actor: Actor) -> Requester | None:
    """Who states a need, for organisations that answer and for the person who stated it; `None` for teams."""
    requester: Requester | None = Requester.objects.filter(need=need).first()
    if requester is None or actor.is_officer or (actor.user_id and requester.person_id == actor.user_id):
        return requester
    return requester if _dealing_reach(actor) & set(requester.readers) else None


def _dealing_reach(actor: Actor) -> frozenset[int]:
    """The organisations (ids) for which the actor deals with needs."""
    return actor.reach if actor.acting and actor.acting.role in DEALING_ROLES else frozenset()


def requesters_of(needs: Collection[int], *, actor: Actor) -> QuerySet[Requester]:
    """Who states these needs (ids), as far as the actor may know; see `requester_of`."""
    requesters: QuerySet[Requester] = Requester.objects.filter(need__in=needs)
    known = Q(readers__overlap=sorted(_dealing_reach(actor))) | Q(person__isnull=False, person=actor.user_id)
    return requesters if actor.is_officer else requesters.filter(known)


def sent_answers(need: Need) -> list[Answer]:
    """The answers sent to the requester, in order."""
    sent = Answer.objects.filter(need=need).exclude(sent_at=None).select_related("organisation", "redirected_to")
    return list(sent.prefetch_related("team__offer__provider").order_by("sent_at", "pk")[:MAX_SHOWN])


def open_team_requests(actor: Actor) -> QuerySet[TeamRequest]:
    """The requests that wait for a reply of an organisation within the actor's reach, the oldest first."""
    waiting: QuerySet[TeamRequest] = TeamRequest.objects.filter(reply="", offer__provider__in=actor.reach)
    open_needs = NeedAddress.objects.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).values("need")
    waiting = waiting.filter(need__in=open_needs)
    return waiting.select_related("need", "offer__provider").order_by("asked_at", "pk")


@dataclass(frozen=True, slots=True)
class AnswerPunctuality:
    """How an organisation kept its promise: of `received` needs, how many were dealt with, and in time.

    `late` were dealt with late or are overdue on the day asked; the others still have time.
    """

    received: int
    answered: int
    redirected: int
    declined: int
    in_time: int
    late: int

    @property
    def share(self) -> float | None:
        """The share in time among those dealt with or overdue; `None` where there are none."""
        judged = self.in_time + self.late
        return self.in_time / judged if judged else None


def answer_punctuality(organisation_id: int, since: dt.date, until: dt.date, on: dt.date) -> AnswerPunctuality:
    """How an organisation kept its promise for the needs received from `since` to `until`, as known on the day `on`.

    A need withdrawn by its requester is left out, unless it was overdue by then. Each case keeps the working days and
    the promise it began with.
    """
    received = NeedAddress.objects.filter(organisation=organisation_id, role=NeedAddressRole.ADDRESSEE)
    zone = timezone.get_current_timezone()
    dealt = received.filter(since__date__range=(since, until)).annotate(dealt_day=TruncDate("dealt_at", tzinfo=zone))
    dealt = dealt.exclude(outcome=NeedOutcome.WITHDRAWN, dealt_day__lte=F("promised_day"))
    in_time = Q(dealt_day__lte=F("promised_day"))
    late = Q(dealt_day__gt=F("promised_day")) | Q(dealt_at=None, promised_day__lt=on)
    counts: dict[str, Any] = dealt.aggregate(
        received=Count("pk"),
        **{
            outcome.value: Count("pk", filter=Q(outcome=outcome))
            for outcome in NeedOutcome
            if outcome != NeedOutcome.WITHDRAWN
        },
        in_time=Count("pk", filter=in_time),
        late=Count("pk", filter=late),
    )
    return AnswerPunctuality(**counts)


def need_files(need: Need) -> list[File]:
    """The files of a need, each once, in order."""
    return distinct_files(Need.kind_name(), need.pk)


def working_days_promised(organisation_id: int, day: dt.date) -> int | None:
    """The delay an organisation promises on a day, in working days; `None` where it takes no needs."""
    promised = AnswerDelay.objects.possible_on(day).filter(organisation=organisation_id).order_by("-possible")
    working_days: int | None = promised.values_list("working_days", flat=True).first()
    return working_days


def answering_organisation_ids(need: Need) -> list[int]:
    """The ids of the organisations that deal with a need: addressees that have not passed it on, and networks."""
    addresses = NeedAddress.objects.filter(need=need)
    waiting = addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None) | addresses.filter(
        role=NeedAddressRole.NETWORK
    )
    return sorted(waiting.values_list("organisation_id", flat=True))


def past_answering_organisation_ids(need: Need) -> list[int]:
    """The ids of the organisations that deal with a need or have dealt with it."""
    addresses = NeedAddress.objects.filter(need=need).exclude(role=NeedAddressRole.ASKED)
    return sorted(addresses.values_list("organisation_id", flat=True))


def get_addressee(organisation_id: int, day: dt.date) -> Organisation:
    """The organisation, if it takes needs on a day. Raises `ActionError` otherwise."""
    organisation: Organisation | None = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if organisation is None or working_days_promised(organisation_id, day) is None:
        raise ActionError(_("This organisation takes no needs at the moment; choose another one."))
    return organisation
