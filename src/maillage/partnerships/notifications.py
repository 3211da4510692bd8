"""Notices of requests to teams, and of their replies."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.actors import LEAD, MANAGER, PILOT, Actor
from maillage.notifications.notice_kinds import NoticeKind
from maillage.notifications.notifier import NoticeText
from maillage.partnerships.models import Need, NeedAddressRole, TeamRequest
from maillage.partnerships.queries import answering_organisation_ids, running_need_cases
from maillage.people.notifications import notify_mandate_holders

TEAM_REQUEST_NOTICES = NoticeKind(
    "teams",
    gettext_lazy("needs for which my team is asked, and what teams that I asked reply"),
    gettext_lazy("You act for the team that is asked, or for the organisation that asks it."),
)

UNREACHED_NOTICES = NoticeKind(
    "unreached",
    gettext_lazy("needs sent to organisations for which nobody acts"),
    gettext_lazy("You are an officer of this site, and whoever states the need waits for an answer."),
    must_reach=True,
)


def notify_teams(*, actor: Actor, at: dt.datetime, value: list[TeamRequest], **_others: object) -> None:
    """Tell those who lead or manage the providers that they are asked to take part."""
    for request in value:
        if request.asked_at == at:
            _notify_role_holders(at, actor, (LEAD, MANAGER), [request.offer.provider_id], _request_message(request))


def _request_message(request: TeamRequest) -> Callable[[], NoticeText]:
    due = request.need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).aggregate(
        day=Min("promised_day")
    )

    def words() -> NoticeText:
        message = _("Your team is asked: %(need)s, by %(day)s") if due["day"] else _("Your team is asked: %(need)s")
        message %= {"need": request.need.title, "day": formats.day(due["day"]) if due["day"] else ""}
        return NoticeText(message, request.message, reverse("reply-to-request", args=[request.pk]))

    return words


def notify_requesting_organisations(*, actor: Actor, at: dt.datetime, value: TeamRequest, **_others: object) -> None:
    """Tell those who answer the need what the team replied."""

    def words() -> NoticeText:
        values = {"team": value.offer.provider.short_name, "word": value.get_reply_display(), "need": value.need.title}
        return NoticeText(_("%(team)s: %(word)s. %(need)s") % values, value.note, value.need.get_absolute_url())

    organisation_ids = [
        organisation_id for case in running_need_cases(value.need_id) for organisation_id in case.organisation_ids
    ]
    _notify_role_holders(at, actor, (MANAGER, PILOT), organisation_ids, words)


def notify_of_new_words(*, actor: Actor, at: dt.datetime, value: Need, **_others: object) -> None:
    """Tell those who deal with a need that its requester has changed it."""

    def words() -> NoticeText:
        return NoticeText(_("Need changed: %s") % value.title, "", value.get_absolute_url())

    _notify_role_holders(at, actor, (MANAGER, PILOT), answering_organisation_ids(value), words)


def _notify_role_holders(
    at: dt.datetime, actor: Actor, roles: tuple[str, ...], organisation_ids: list[int], words: Callable[[], NoticeText]
) -> None:
    notify_mandate_holders(
        at=at, kind=TEAM_REQUEST_NOTICES, roles=roles, organisation_ids=organisation_ids, words=words, by=actor
    )
