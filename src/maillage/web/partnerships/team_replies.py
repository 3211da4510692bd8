"""What the teams that were asked replied, for the pages on which a team is composed and a need answered or declined."""

from collections.abc import Collection, Iterable

from django.utils import timezone

from maillage.core import formats
from maillage.partnerships.models import Need, TeamReply, TeamRequest
from maillage.partnerships.team_matching import accepted_offer_keys


def left_out_context(need: Need, at_hand: Collection[int] = ()) -> dict[str, object]:
    """The teams that said no, or yes but too late, without providers that are at hand by another offer.

    `at_hand` are providers (ids) known to be; those that said yes with another offer are too.
    """
    start = need.start_on or timezone.localdate()
    present = {*at_hand, *(one.offer.provider_id for one in accepted_requests(need))}
    lost = [one for one in _replied(need) if one.offer.provider_id not in present]
    # Who said yes from a day and no since has both.
    late = [one for one in lost if one.reply == TeamReply.YES and one.free_from and one.free_from > start]
    return {
        "team_late": provider_names(late),
        "team_declined": provider_names(one for one in lost if one.reply == TeamReply.NO),
        "team_start": start,
    }


def accepted_requests(need: Need) -> list[TeamRequest]:
    """The requests to which a team said yes, free by the start of the need."""
    confirmed = accepted_offer_keys(need, need.start_on or timezone.localdate())
    return [one for one in _replied(need) if one.offer.key in confirmed]


def provider_names(requests: Iterable[TeamRequest]) -> str:
    """The names of the providers asked, each once, as an enumeration."""
    return formats.enumeration(dict.fromkeys(one.offer.provider.short_name for one in requests))


def _replied(need: Need) -> Iterable[TeamRequest]:
    return need.requests.exclude(reply=TeamReply.PENDING).select_related("offer__provider").order_by("pk")
