"""Needs that reach an organisation by mail: sent to its contact, and answered by the signed link of that mail.

The caller of the actions by link has checked the link, which names the address of one need and nothing else.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import MANAGER, OFFICER, READER, ActiveMandate, Actor
from maillage.partnerships.actions.answers import answer_need, decline_need
from maillage.partnerships.addressee_mails import mail_address
from maillage.partnerships.addressees import somebody_acts
from maillage.partnerships.models import Answer, NeedAddress, NeedAddressRole
from maillage.partnerships.notifications import notify_officers
from maillage.register.noun_phrases import say


@action(OFFICER, title=gettext_lazy("Mail a need to the contact of its addressee"), over_api=False)
def mail_need(*, actor: Actor, at: dt.datetime, need_id: int, organisation_id: int) -> NeedAddress:
    """Send the link that answers a need to the contact of its addressee, again if it was sent already.

    Raises `ActionError` where the need is dealt with, the organisation has no contact, or somebody acts for it.
    """
    address = _unattended_address(at, need=need_id, organisation=organisation_id)
    if not address.organisation.contact_mail:
        raise ActionError(say(_("%s has no contact in the register; record one first."), address.organisation))
    mail_address(address, at)
    return address


@action(READER, title=gettext_lazy("Answer a need by the link of a mail"), over_api=False)
def answer_by_link(*, actor: Actor, at: dt.datetime, address_id: int, letter: str) -> Answer:
    """Answer a need for the organisation to which it was mailed. Raises `ActionError` for one that is dealt with."""
    address = _unattended_address(at, pk=address_id)
    return answer_need(actor=_addressee_actor(address, at), at=at, need_id=address.need_id, letter=letter, team=[])


@action(READER, title=gettext_lazy("Decline a need by the link of a mail"), over_api=False)
def decline_by_link(*, actor: Actor, at: dt.datetime, address_id: int, reason: Reason) -> Answer:
    """Decline a need for the organisation to which it was mailed. Raises `ActionError` for one that is dealt with."""
    address = _unattended_address(at, pk=address_id)
    return decline_need(actor=_addressee_actor(address, at), at=at, need_id=address.need_id, reason=reason)


@action(title=gettext_lazy("Note that a contact cannot be reached"), over_api=False)
def note_unreached(*, actor: Actor, at: dt.datetime, address_id: int) -> None:
    """Take back that a need was mailed, and tell officers: the mail server refused every attempt."""
    address: NeedAddress = NeedAddress.objects.select_related("organisation", "need").get(pk=address_id)
    address.mailed_to, address.mailed_at = "", None
    address.save(update_fields=["mailed_to", "mailed_at"])
    notify_officers(address, at)


def _unattended_address(at: dt.datetime, **condition: int) -> NeedAddress:
    """The address of a need that waits where nobody acts. Raises `ActionError` once somebody does: it is theirs."""
    addresses = NeedAddress.objects.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None, **condition)
    address: NeedAddress | None = addresses.select_related("organisation", "need").first()
    if address is None:
        raise ActionError(_("This need has been dealt with already."))
    if somebody_acts(address.organisation_id, timezone.localdate(at)):
        raise ActionError(_("Somebody acts for %s: the need is on their desk.") % address.organisation)
    return address


def _addressee_actor(address: NeedAddress, at: dt.datetime) -> Actor:
    """Whoever reads the contact of the addressee, who stands in the history by that mail address.

    This actor acts for the organisation within these actions alone: no page or query gets it.
    """
    day = timezone.localdate(at)
    organisation = address.organisation
    acting = ActiveMandate(0, MANAGER, organisation.pk, str(organisation), day, day, reach=frozenset({organisation.pk}))
    return Actor(name=address.mailed_to, acting=acting)
