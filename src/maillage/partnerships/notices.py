"""Who is told of requests to teams and of their replies."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import follows
from maillage.kernel.actors import LEAD, MANAGER, PILOT, Actor
from maillage.kernel.notices.kinds import Kind, declare
from maillage.kernel.notices.writing import Words
from maillage.partnerships.models import TeamRequest
from maillage.partnerships.queries import running_cases
from maillage.people.telling import tell_holders

TEAMS = declare(
    Kind(
        "teams",
        gettext_lazy("needs for which my team is asked, and what teams that I asked reply"),
        gettext_lazy("You act for the team that is asked, or for the body that asks it."),
    )
)


@follows("partnerships.ask_teams")
def tell_teams(*, actor: Actor, at: dt.datetime, value: list[TeamRequest]) -> None:
    """Tell those who lead or manage the providers that they are asked."""
    for request in value:
        if request.asked_at == at:
            _tell(at, actor, (LEAD, MANAGER), [request.offer.provider_id], _asked(request))


def _asked(request: TeamRequest) -> Any:
    def words() -> Words:
        said = _("Would your team take part? %s") % request.need.title
        return Words(said, request.message, reverse("reply-to-request", args=[request.pk]))

    return words


@follows("partnerships.reply_to_request")
def tell_who_asked(*, actor: Actor, at: dt.datetime, value: TeamRequest) -> None:
    """Tell those who answer the need what the team said."""

    def words() -> Words:
        told = {"team": value.offer.provider.short_name, "word": value.get_word_display(), "need": value.need.title}
        return Words(_("%(team)s: %(word)s. %(need)s") % told, value.note, value.need.get_absolute_url())

    bodies = [body for case in running_cases(value.need_id) for body in case.bodies]
    _tell(at, actor, (MANAGER, PILOT), bodies, words)


def _tell(at: dt.datetime, actor: Actor, roles: tuple[str, ...], bodies: list[int], words: Any) -> None:
    tell_holders(at=at, kind=TEAMS, roles=roles, bodies=bodies, words=words, by=actor)
