"""What waits on the desk: needs and complaints on the page of the need, and requests for the reply of a team."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from maillage.core.actors import LEAD, MANAGER, Actor
from maillage.core.addresses import record_address
from maillage.desk.done_rows import MAX_DONE_ROWS, DoneRow, done_rows
from maillage.desk.providers import (
    MAX_ROWS_OF_KIND,
    CasePage,
    DeskKind,
    DeskReader,
    DeskRow,
    case_pages,
    desk_rows,
    register_desk_kind,
)
from maillage.partnerships.models import Need, NeedAddress, NeedAddressRole, TeamRequest
from maillage.partnerships.queries import requesters_of
from maillage.workflow.models import Case

TEAM_ROLES = frozenset({LEAD, MANAGER})


register_desk_kind(DeskKind("need", gettext_lazy("Need"), "message"))
register_desk_kind(DeskKind("complaint", gettext_lazy("Complaint"), "bell"))


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
    for request in dated.order_by("due", "asked_at", "pk")[:MAX_ROWS_OF_KIND]:
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
