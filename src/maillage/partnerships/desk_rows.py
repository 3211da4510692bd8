"""What waits on the desk: needs and complaints on the page of the need, and requests for the reply of a team."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.core.addresses import record_address
from maillage.core.security.session_scope import read_everything
from maillage.desk.done_rows import MAX_DONE_ROWS, DoneRow, done_rows
from maillage.desk.providers import (
    CasePage,
    DeskKind,
    DeskReader,
    DeskRow,
    case_pages,
    desk_rows,
    register_case_kind,
)
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.addressees import unattended_promises
from maillage.partnerships.models import Need, NeedAddress, NeedAddressRole, TeamRequest
from maillage.partnerships.queries import requesters_of
from maillage.partnerships.requester_waits import OWN_NEED, needs_waiting_for_requester
from maillage.workflow.models import Case

TEAM_ROLES = frozenset({LEAD, MANAGER})
# A row about several organisations names so many of them.
_NAMED = 4

register_case_kind(DeskKind("need", gettext_lazy("Need"), "message"))
register_case_kind(DeskKind("complaint", gettext_lazy("Complaint"), "bell"))


@case_pages("need")
def need_pages(cases: Sequence[Case], actor: Actor) -> dict[int, CasePage]:
    """The pages of the needs, where they are answered, passed on or declined; with who asks, if the reader knows it."""
    need_ids = [case.record_id for case in cases if case.record_id]
    keys = dict(Need.objects.filter(pk__in=need_ids).values_list("pk", "key"))
    asking = dict(requesters_of(need_ids, actor=actor).values_list("need_id", "organisation"))
    return {
        case.pk: CasePage(record_address("needs", keys[case.record_id]), asking.get(case.record_id, ""))
        for case in cases
        if case.record_id in keys
    }


@desk_rows(DeskKind("team-request", gettext_lazy("Team"), "people"))
def team_requests(reader: DeskReader) -> Iterator[DeskRow]:
    """The requests to teams that have no reply yet, until the need is dealt with; due on the day promised for it."""
    if not reader.has_any(*TEAM_ROLES):
        return
    open_addresses = Q(need__addresses__role=NeedAddressRole.ADDRESSEE, need__addresses__dealt_at=None)
    waiting = TeamRequest.objects.filter(reader.waits_in("offer__provider", *TEAM_ROLES), open_addresses, reply="")
    dated = waiting.annotate(due=Min("need__addresses__promised_day")).select_related("need", "offer__provider")
    for request in reader.first(dated.order_by("due", "asked_at", "pk"), "team-request"):
        team = request.offer.provider.short_name
        yield DeskRow(
            kind="team-request",
            number=request.pk,
            title=_("%(team)s: would you take part?") % {"team": team},
            url=reverse("reply-to-request", args=[request.pk]),
            act=pgettext("act on the desk", "Reply"),
            roles=TEAM_ROLES,
            organisation_ids=(request.offer.provider_id,),
            about=f"{request.need.title} · {request.offer.title}",
            due=request.due,
            since=request.asked_at,
        )


@desk_rows(DeskKind("unattended-promises", gettext_lazy("Mandate"), "person"))
def unattended_promise_rows(reader: DeskReader) -> Iterator[DeskRow]:
    """For an officer: the organisations that promise to answer needs and for which nobody can, in one row."""
    if reader.attended is not None or not reader.actor.is_officer:
        return
    organisations = unattended_promises(reader.day)
    if not organisations:
        return
    count = len(organisations)
    title = ngettext("%d organisation promises answers, and nobody acts for it",
                     "%d organisations promise answers, and nobody acts for them", count)  # fmt: skip
    address = reverse("mandates-of", args=[organisations[0].key]) if count == 1 else reverse("answer-delays:list")
    yield DeskRow(
        kind="unattended-promises",
        number=1,
        title=title % count,
        url=address,
        act=_("Invite somebody"),
        roles=frozenset({OFFICER}),
        about=", ".join(one.short_name for one in organisations[:_NAMED]) + ("…" if count > _NAMED else ""),
    )


@desk_rows(DeskKind("unreached", gettext_lazy("Mail came back"), "bell"))
def unreached_requesters(reader: DeskReader) -> Iterator[DeskRow]:
    """The needs at work whose requester is not reached by mail."""
    if not reader.has_any(MANAGER, PILOT):
        return
    organisation_ids = Q(reader.waits_in("organisation", MANAGER, PILOT), role=NeedAddressRole.ADDRESSEE, dealt_at=None)
    waiting = NeedAddress.objects.filter(organisation_ids).filter(need__requester__undelivered__gt="")
    for address in reader.first(waiting.select_related("need__requester").order_by("pk"), "unreached"):
        yield DeskRow(
            kind="unreached",
            number=address.pk,
            title=_("The requester is not reached: %s") % address.need.title,
            url=reverse("requester-address", args=[address.need.key]),
            act=pgettext("act on the desk", "Correct the address"),
            roles=frozenset({MANAGER, PILOT}),
            organisation_ids=(address.organisation_id,),
            about=address.need.requester.email,
            due=address.promised_day,
        )


@desk_rows(DeskKind(OWN_NEED, gettext_lazy("Your need"), "message"))
def own_needs(reader: DeskReader) -> Iterator[DeskRow]:
    """The needs of the reader that wait for an answer, a yes or a rating of theirs."""
    if reader.attended is not None or reader.actor.user_id is None:
        return
    with read_everything():  # who states a need reads no case of it
        for waiting in needs_waiting_for_requester(reader.actor.user_id, reader.at):
            yield DeskRow(
                kind=OWN_NEED,
                number=waiting.need.pk,
                title=waiting.need.title,
                url=reverse("follow-need", args=[make_need_token(waiting.need)]),
                act=str(waiting.act),
                person_id=reader.actor.user_id,
                about=waiting.organisation,
                due=waiting.due,
                since=waiting.since,
                has_secret_link=True,
            )


@done_rows
def team_replies(reader: DeskReader, since: dt.datetime) -> Iterable[DoneRow]:
    """The replies of teams to requests that the reader may read."""
    organisations = NeedAddress.objects.filter(organisation__in=reader.actor.reach).values("need")
    replied = TeamRequest.objects.filter(replied_at__gte=since).select_related("need", "offer__provider")
    within = replied.filter(Q(need__in=organisations) | Q(offer__provider__in=reader.actor.reach))
    for request in within.order_by("-replied_at")[:MAX_DONE_ROWS]:
        what = _("%(team)s says %(word)s") % {
            "team": request.offer.provider.short_name,
            "word": request.get_reply_display(),
        }
        url = reverse("reply-to-request", args=[request.pk])
        if request.offer.provider_id not in reader.actor.reach:
            url = request.need.get_absolute_url()
        yield DoneRow(what, request.need.title, url, request.replied_at or since, request.offer.provider.short_name)
