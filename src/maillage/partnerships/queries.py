"""Reads needs: those of an organisation, its punctuality, and what was answered."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError, Arguments
from maillage.core.actors import PILOT, Actor
from maillage.core.security.visibility import VisibleQuerySet
from maillage.files.models import File
from maillage.files.queries import distinct_files
from maillage.offers.models import Offer
from maillage.partnerships.models import (
    DEALING_ROLES,
    Answer,
    AnswerDelay,
    Message,
    MessageThread,
    Need,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    Requester,
    TeamReply,
    TeamRequest,
)
from maillage.people.queries import mandate_holder_ids
from maillage.register.models import Organisation
from maillage.register.queries import network_ids_of
from maillage.workflow.models import Case

MAX_SHOWN = 200
# The state of an overdue case whose requester is asked whether the networks may have the need.
AGREEMENT = "agreement"
# For so many days a requester may say whether a confidential need goes on; then it goes to nobody else.
CONSENT_DAYS = 30


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


def last_step_at(need: Need) -> tuple[dt.datetime, bool]:
    """When a need, or a complaint about it, last took a step, and whether one of them is still open."""
    cases = Case.objects.filter(record_kind=Need.kind_name(), record_id=need.pk)
    steps = list(cases.values_list("entered_at", "ended_at"))
    return max([need.stated_at, *(entered for entered, _ended in steps)]), any(ended is None for _at, ended in steps)


def cases_waiting_for_agreement(need_id: int) -> list[Case]:
    """The overdue cases of a confidential need whose requester is asked whether the networks may have it."""
    return [case for case in running_need_cases(need_id) if case.state == AGREEMENT]


def networks_to_agree_to(need: Need, day: dt.date | None = None) -> set[int]:
    """The networks (ids) to which a need goes from a case that waits for its requester's agreement."""
    on = day or timezone.localdate()
    ids = [case.organisation_id for case in cases_waiting_for_agreement(need.pk) if case.organisation_id]
    return {network for pk in ids for network in next_networks(need, pk, on)}


def accepting_networks(organisation_id: int, day: dt.date) -> set[int]:
    """The networks of an organisation that take needs: those that promise a delay or have a pilot."""
    networks = network_ids_of(organisation_id, day)
    taking = set(AnswerDelay.objects.possible_on(day).values_list("organisation_id", flat=True))
    return {network for network in networks if network in taking or mandate_holder_ids((PILOT,), [network], day)}


def next_networks(need: Need, organisation_id: int, day: dt.date) -> set[int]:
    """The networks to which a need can go from an organisation: those that do not have it yet."""
    roles = (NeedAddressRole.ADDRESSEE, NeedAddressRole.NETWORK)
    had = set(need.addresses.filter(role__in=roles).values_list("organisation_id", flat=True))
    return accepting_networks(organisation_id, day) - had


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


def earlier_needs_of(requester: Requester, *, actor: Actor) -> list[Need]:
    """The earlier needs stated from the same mail address that this actor may read, the latest first; at most five."""
    same = Requester.objects.filter(email__iexact=requester.email, need__stated_at__lt=requester.need.stated_at)
    ids = requesters_of(list(same.values_list("need_id", flat=True)[:MAX_SHOWN]), actor=actor).values("need_id")
    return list(needs(actor=actor).filter(pk__in=ids).order_by("-stated_at", "-pk")[:5])


def answers_waiting_for_consent(at: dt.datetime) -> QuerySet[Answer]:
    """The answers whose requester may still say whether a confidential need goes on to others."""
    waiting: QuerySet[Answer] = Answer.objects.exclude(pass_on_to=[])
    return waiting.filter(sent_at__date__gte=timezone.localdate(at) - dt.timedelta(days=CONSENT_DAYS))


def consent_day(answer: Answer) -> dt.date:
    """The last day on which the requester may say whether a confidential need goes on."""
    return timezone.localdate(answer.sent_at or answer.written_at) + dt.timedelta(days=CONSENT_DAYS)


def sent_answers(need: Need) -> list[Answer]:
    """The answers sent to the requester, in order."""
    sent = Answer.objects.filter(need=need).exclude(sent_at=None).select_related("organisation", "redirected_to")
    return list(sent.prefetch_related("team__offer__provider").order_by("sent_at", "pk")[:MAX_SHOWN])


def messages_of(need: Need, *, actor: Actor) -> list[Message]:
    """The messages about a need that this actor may read, in order; the latest `MAX_SHOWN`."""
    return in_order(Message.objects.visible_to(actor).filter(need=need))


def messages_with_requester(need: Need) -> list[Message]:
    """The conversation with the requester of a need, in order; the caller has checked the signed link."""
    return in_order(Message.objects.filter(need=need, thread=MessageThread.REQUESTER))


def in_order(messages: QuerySet[Message]) -> list[Message]:
    """The latest `MAX_SHOWN` of these messages, the earliest first."""
    latest = messages.exclude(text="").select_related("organisation", "team").order_by("-written_at", "-pk")[:MAX_SHOWN]
    return list(latest)[::-1]


def files_by_message(messages: Collection[Message]) -> dict[int, list[File]]:
    """The files of some messages by the id of their message, each content once."""
    uses = File.objects.filter(record_kind=Message.kind_name(), record_id__in=[message.pk for message in messages])
    files: dict[tuple[int, int], File] = {}
    for file in uses.select_related("content").order_by("pk"):
        files.setdefault((file.record_id, file.content_id), file)
    by_message: dict[int, list[File]] = {}
    for (message_id, _content_id), file in files.items():
        by_message.setdefault(message_id, []).append(file)
    return by_message


def files_with_requester(need: Need) -> list[File]:
    """The files of a need and those of the conversation with its requester, each once."""
    by_message = files_by_message(messages_with_requester(need))
    return need_files(need) + [file for files in by_message.values() for file in files]


def asked_teams(need: Need) -> list[Organisation]:
    """The organisations that are asked about a need, by name."""
    return list(Organisation.objects.filter(offers__requests__need=need).distinct().order_by("sort_name")[:MAX_SHOWN])


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
    late = Q(dealt_day__gt=F("promised_day")) | Q(dealt_at=None, stopped_at=None, promised_day__lt=on)
    counts: Arguments = dealt.aggregate(
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


def asking_organisations(need: Need) -> list[Organisation]:
    """The organisations that answer a need and ask teams about it, by name."""
    return list(Organisation.objects.filter(pk__in=answering_organisation_ids(need)).order_by("sort_name"))


def joined_offers(request: TeamRequest) -> list[Offer]:
    """The offers of other teams that are asked about the same need and have not said no."""
    others = request.need.requests.exclude(reply=TeamReply.NO).exclude(offer__provider=request.offer.provider_id)
    return [one.offer for one in others.select_related("offer__provider").order_by("pk")[:MAX_SHOWN]]


def promised_day_of(need: Need) -> dt.date | None:
    """The first day by which an answer is still promised; `None` where nobody has to answer any more."""
    waiting = NeedAddress.objects.filter(need=need, role=NeedAddressRole.ADDRESSEE, dealt_at=None)
    day: dt.date | None = waiting.order_by("promised_day").values_list("promised_day", flat=True).first()
    return day


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
