"""Where a need goes from an organisation that passes it on or declines it."""

import datetime as dt

from django.utils import timezone

from maillage.core.actors import Actor
from maillage.partnerships.actions.needs import open_need_case
from maillage.partnerships.addressees import addressee_of
from maillage.partnerships.models import Need
from maillage.partnerships.need_access import grant_answering_access
from maillage.register.models import Organisation


def forward_need(need: Need, organisation_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Open a case of a need with another organisation, with its own delay, and let it read what was written."""
    addressee = addressee_of(Organisation.objects.get(pk=organisation_id), timezone.localdate(at))
    open_need_case(need, addressee, at=at, actor=actor)
    grant_answering_access(need, {organisation_id})
