"""What teams are told: that they are asked or reminded, whose offers are joined with theirs, and what is sent."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.actors import LEAD, MANAGER, Actor
from maillage.core.text import label_and_value
from maillage.notifications.notifier import NoticeText
from maillage.offers.models import Offer
from maillage.partnerships.conversations import Thread
from maillage.partnerships.coverage import requested_parts
from maillage.partnerships.letters import CapabilityNames
from maillage.partnerships.models import Answer, Message, MessageThread, Need, TeamReply, TeamRequest
from maillage.partnerships.notifications import TEAM_REQUEST_NOTICES, Recipients, notify_about_need
from maillage.partnerships.queries import asking_organisations, joined_offers, promised_day_of
from maillage.register.noun_phrases import say

_TEAM_ROLES = (LEAD, MANAGER)


def notify_teams(*, actor: Actor, at: dt.datetime, value: list[TeamRequest], **_others: object) -> None:
    """Tell those who are asked to take part, and the teams asked before, with which offers theirs is joined."""
    asked = [request for request in value if request.asked_at == at]
    for request in asked:
        _notify_team(request, _request_message(request, actor, at), actor, at)
    if asked:
        _notify_earlier_teams(asked, actor, at)


def _notify_earlier_teams(asked: list[TeamRequest], actor: Actor, at: dt.datetime) -> None:
    teams = {request.offer.provider_id for request in asked}
    earlier = asked[0].need.requests.exclude(reply=TeamReply.NO).exclude(offer__provider__in=teams)
    for request in earlier.filter(asked_at__lt=at).select_related("offer__provider", "need").order_by("pk"):
        _notify_team(request, _joined_message(request, [one.offer for one in asked]), actor, at)


def notify_reminded_team(*, actor: Actor, at: dt.datetime, value: TeamRequest, **_others: object) -> None:
    """Remind those who lead or manage the team that its reply is waited for."""
    _notify_team(value, _request_message(value, actor, at, is_reminder=True), actor, at)


def notify_proposed_teams(*, actor: Actor, at: dt.datetime, value: Answer, **_others: object) -> None:
    """Tell the teams of an answer that it is sent, and with which offers theirs is joined."""
    proposed = [one.offer for one in value.team.select_related("offer__provider").order_by("pk")]
    requests = value.need.requests.filter(offer__in=proposed).select_related("offer__provider", "need")
    for request in requests.order_by("pk"):
        others = [offer for offer in proposed if offer.provider_id != request.offer.provider_id]
        _notify_team(request, _proposed_message(request, value, others), actor, at)


def _notify_team(request: TeamRequest, words: Callable[[], NoticeText], actor: Actor, at: dt.datetime) -> None:
    team_id = request.offer.provider_id
    recipients = Recipients(TEAM_REQUEST_NOTICES, _TEAM_ROLES, [team_id])
    notify_about_need(at, actor, recipients, words, request.need, Thread(MessageThread.TEAM, team_id))


def _request_message(
    request: TeamRequest, actor: Actor, at: dt.datetime, *, is_reminder: bool = False
) -> Callable[[], NoticeText]:
    parts = requested_parts(request.need, [request.offer], actor, timezone.localdate(at))[request.offer_id]

    def words() -> NoticeText:
        need, day = request.need, _day_words(request.need)
        if is_reminder:
            subject = _("Reminder, your team is asked: %(need)s, by %(day)s") if day else _("Reminder: %(need)s")
        else:
            subject = _("Your team is asked: %(need)s, by %(day)s") if day else _("Your team is asked: %(need)s")
        message = Message.objects.filter(need=need, team=request.offer.provider_id, written_at=at).last()
        lines = [*_who_asks(need), _("With the offer “%s”.") % request.offer, *_part_lines(parts)]
        joined = joined_offers(request)
        lines += [_joined_line(joined)] if joined else []
        lines += [message.text] if message else []
        return NoticeText(subject % {"need": need.title, "day": day}, "\n\n".join(lines), _address(request))

    return words


def _who_asks(need: Need) -> list[str]:
    institutes = ", ".join(str(organisation) for organisation in asking_organisations(need))
    lines = [label_and_value(_("Asked by"), institutes)] if institutes else []
    if not need.is_confidential:
        lines.append(_("Who asks: %s") % need.requester.organisation)
    return lines


def _part_lines(parts: Iterable[str]) -> list[str]:
    names = CapabilityNames()
    return [label_and_value(_("For this part"), ", ".join(names[key] for key in parts))] if parts else []


def _joined_message(request: TeamRequest, others: list[Offer]) -> Callable[[], NoticeText]:
    def words() -> NoticeText:
        subject = _("Another team is asked with yours: %s") % request.need.title
        return NoticeText(subject, _joined_line(others), _address(request))

    return words


def _proposed_message(request: TeamRequest, answer: Answer, others: list[Offer]) -> Callable[[], NoticeText]:
    def words() -> NoticeText:
        subject = _("The answer proposes your offer: %s") % answer.need.title
        text = _("%(organisation)s has answered and proposes your offer “%(offer)s” to the requester.")
        lines = [say(text, answer.organisation, offer=request.offer)]
        lines += [_joined_line(others)] if others else []
        return NoticeText(subject, "\n\n".join(lines), _address(request))

    return words


def _joined_line(others: Iterable[Offer]) -> str:
    names = formats.join_items(f"{offer} ({offer.provider.short_name})" for offer in others)
    return label_and_value(_("Joined with"), names)


def _address(request: TeamRequest) -> str:
    return reverse("reply-to-request", args=[request.pk])


def _day_words(need: Need) -> str:
    day = promised_day_of(need)
    return formats.day(day) if day else ""
