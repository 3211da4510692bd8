"""Actions on offers: propose, revise, end, and compose a joint offer of a network."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.offers.drafts import OfferChanges, OfferDraft
from maillage.offers.models import JointPart, Offer
from maillage.offers.queries import draft_of
from maillage.register.models import Organisation
from maillage.register.queries import member_ids_of

MOST_KEYWORDS = 40
MOST_PARTS = 20


def _provider_id(*, provider_id: int, **_others: object) -> Iterable[int]:
    return [provider_id]


def _provider_of_offer(*, offer_id: int, **_others: object) -> Iterable[int]:
    return Offer.objects.filter(pk=offer_id).values_list("provider_id", flat=True)


def _network_id(*, network_id: int, **_others: object) -> Iterable[int]:
    return [network_id]


@action(LEAD, MANAGER, OFFICER, title=gettext_lazy("Propose an offer"), concerns=_provider_id)
def propose_offer(*, actor: Actor, at: dt.datetime, provider_id: int, draft: OfferDraft) -> Offer:
    """Create an offer that begins on the day of `at`. Raises `ActionError` for an invalid value."""
    provider = Organisation.objects.get(pk=provider_id, merged_into=None)
    offer = Offer(provider=provider, key=_new_key(draft), period_start=timezone.localdate(at).isoformat())
    return _apply_draft(offer, draft)


@action(
    LEAD,
    MANAGER,
    OFFICER,
    title=gettext_lazy("Revise an offer"),
    concerns=_provider_of_offer,
    changes=("offers.offer", "offer_id"),
)
def revise_offer(*, actor: Actor, at: dt.datetime, offer_id: int, draft: OfferChanges, reason: Reason) -> Offer:
    """Change the fields of an offer that are in `draft`; the others stay as they are.

    Raises `ActionError` without a reason, or for an invalid value.
    """
    offer: Offer = Offer.objects.select_for_update().get(pk=offer_id)
    return _apply_draft(offer, replace(draft_of(offer), **draft))


@action(
    LEAD,
    MANAGER,
    OFFICER,
    title=gettext_lazy("End an offer"),
    concerns=_provider_of_offer,
    changes=("offers.offer", "offer_id"),
)
def end_offer(*, actor: Actor, at: dt.datetime, offer_id: int, last_day: dt.date, reason: Reason) -> Offer:
    """Set the last day of an offer; its record stays readable. Raises `ActionError` without a reason."""
    offer: Offer = Offer.objects.select_for_update().get(pk=offer_id)
    offer.period_end = last_day.isoformat()
    return _validate_and_save(offer)


@action(PILOT, MANAGER, OFFICER, title=gettext_lazy("Compose a joint offer"), concerns=_network_id)
def compose_joint_offer(
    *, actor: Actor, at: dt.datetime, network_id: int, draft: OfferDraft, parts: list[int]
) -> Offer:
    """Create an offer of a network from offers (ids) of at least two of its members.

    Raises `ActionError` for fewer members, for an offer that has ended, or for an offer of an organisation that is not
    a member on that day.
    """
    day = timezone.localdate(at)
    readable = Offer.objects.visible_to(actor).possible_on(day)
    chosen = list(readable.filter(pk__in=set(parts[:MOST_PARTS])).select_related("provider"))
    _check_parts(network_id, chosen, parts, day)
    offer = _apply_draft(Offer(provider_id=network_id, key=_new_key(draft), period_start=day.isoformat()), draft)
    JointPart.objects.bulk_create(JointPart(joint=offer, part=part) for part in chosen)
    return offer


def _check_parts(network_id: int, chosen: list[Offer], parts: Collection[int], day: dt.date) -> None:
    if len(set(parts)) > MOST_PARTS:
        raise ActionError(_("A joint offer has at most %d parts.") % MOST_PARTS)
    if len(chosen) < len(set(parts)):
        raise ActionError(_("One of these offers has ended or is not there any more; choose again."))
    if len({offer.provider_id for offer in chosen}) < 2:
        raise ActionError(_("A joint offer joins offers of at least two organisations."))
    members = member_ids_of(network_id, day)
    if strangers := sorted(offer.provider.short_name for offer in chosen if offer.provider_id not in members):
        raise ActionError(_("Not a member of this network on this day: %s.") % ", ".join(dict.fromkeys(strangers)))


def _apply_draft(offer: Offer, draft: OfferDraft) -> Offer:
    for name, value in asdict(draft).items():
        setattr(offer, name, value.strip() if isinstance(value, str) else value)
    if draft.trl_low and draft.trl_high and draft.trl_low > draft.trl_high:
        raise ActionError(_("The range of readiness levels ends before it begins; exchange the two."))
    offer.keywords = list(dict.fromkeys(word.strip() for word in draft.keywords if word.strip()))
    if len(offer.keywords) > MOST_KEYWORDS:
        raise ActionError(_("Give at most %d key words.") % MOST_KEYWORDS)
    return _validate_and_save(offer)


def _validate_and_save(offer: Offer) -> Offer:
    try:
        offer.prepare()
        offer.full_clean()
    except (ValidationError, ValueError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise ActionError(" ".join(messages)) from error
    offer.save()
    return offer


def _new_key(draft: OfferDraft) -> str:
    """A readable key from the title, with a random end that makes it unique."""
    return f"{slugify(draft.title_en or draft.title_fr)[:60].strip('-')}-{secrets.token_hex(3)}"
