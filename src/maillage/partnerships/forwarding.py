"""Where a need goes from an organisation that passes it on or declines it."""

import datetime as dt

from django.utils import timezone

from maillage.core.actors import PILOT, Actor
from maillage.partnerships.actions.needs import open_need_case
from maillage.partnerships.models import AnswerDelay, Need, NeedAddressRole
from maillage.partnerships.need_access import grant_answering_access
from maillage.partnerships.queries import working_days_promised
from maillage.people.queries import mandate_holder_ids
from maillage.register.queries import network_ids_of


def forward_need(need: Need, organisation_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Open a case of a need with another organisation, with its own delay, and let it read what was written."""
    delay = working_days_promised(organisation_id, timezone.localdate(at))
    open_need_case(need, organisation_id, at=at, actor=actor, delay=delay)
    grant_answering_access(need, {organisation_id})


def accepting_networks(organisation_id: int, day: dt.date) -> set[int]:
    """The networks of an organisation that take needs: those that promise a delay or have a pilot."""
    networks = network_ids_of(organisation_id, day)
    taking = set(AnswerDelay.objects.possible_on(day).values_list("organisation_id", flat=True))
    return {network for network in networks if network in taking or mandate_holder_ids((PILOT,), [network], day)}


def next_networks(need: Need, organisation_id: int, day: dt.date) -> set[int]:
    """The networks to which a need can go if an organisation declines it: those that do not have it yet."""
    roles = (NeedAddressRole.ADDRESSEE, NeedAddressRole.NETWORK)
    had = set(need.addresses.filter(role__in=roles).values_list("organisation_id", flat=True))
    return accepting_networks(organisation_id, day) - had
