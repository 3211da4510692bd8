"""Offers are proposed, revised and ended by who acts for their provider, and joined by who acts for a network."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC
from maillage.core.history import known_at
from maillage.offers.actions.offers import (
    MOST_KEYWORDS,
    MOST_PARTS,
    compose_joint_offer,
    end_offer,
    propose_offer,
    revise_offer,
)
from maillage.offers.drafts import OfferDraft
from maillage.offers.models import JointPart, Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.offers.queries import draft_of, offers
from tests.offers.sample_offers import AT, SampleMembers, create_sample_members

pytestmark = pytest.mark.django_db

DRAFT = OfferDraft(
    title_fr="Criblage de médicaments", title_en="Drug screening", keywords=["screening", "cells"],
    stage_fr="Prototype", stage_en="Prototype", trl_low=3, trl_high=5, languages=["fr", "en"], cost=Decimal("900.50"),
    currency="CHF", note_fr="Sur devis.", note_en="On request.",
)  # fmt: skip
TOMORROW = AT + dt.timedelta(days=1)
# How a period without an end is stored.
OPEN = ".."


@pytest.fixture
def members(db, english) -> SampleMembers:
    return create_sample_members()


def propose(members: SampleMembers, draft: OfferDraft = DRAFT, key: str = "lab", at: dt.datetime = AT) -> Offer:
    provider = getattr(members, key)
    return propose_offer(actor=members.acting(provider), at=at, provider_id=provider.pk, draft=draft)


@pytest.fixture
def offer(members) -> Offer:
    return propose(members)


def stored(offer: Offer) -> dict[str, Any]:
    """The fields of an offer as the database has them, with its period."""
    read = Offer.objects.get(pk=offer.pk)
    return asdict(draft_of(read)) | {"period": (read.period_start, read.period_end), "provider": read.provider.key}


def test_proposed_offer_has_all_its_fields_and_begins_on_that_day(offer):
    assert stored(offer) == asdict(DRAFT) | {"period": ("2026-03-02", OPEN), "provider": "lab"}
    assert offer.key.startswith("drug-screening-")
    assert list(offers(actor=PUBLIC)) == [offer]
    assert list(Offer.objects.possible_on(AT.date() - dt.timedelta(days=1))) == []


def test_offers_of_the_same_title_have_different_keys(members, offer):
    assert propose(members).key != offer.key


def test_texts_are_stripped_and_keywords_named_once(members):
    draft = OfferDraft(title_fr="  Criblage ", title_en=" Screening\n", keywords=[" cells", "cells", "", "drugs "])
    read = stored(propose(members, draft))
    assert (read["title_fr"], read["title_en"], read["keywords"]) == ("Criblage", "Screening", ["cells", "drugs"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title_fr": " "}, "blank"),
        ({"trl_low": 7, "trl_high": 2}, "ends before it begins"),
        ({"trl_low": 0, "trl_high": 2}, "offer_trl_is_a_range_of_1_to_9"),
        ({"cost": Decimal(-1)}, "offer_costs_something"),
        ({"keywords": [f"word {number}" for number in range(MOST_KEYWORDS + 1)]}, f"at most {MOST_KEYWORDS} key words"),
    ],
)
def test_offer_with_an_invalid_value_is_refused(members, change, message):
    with pytest.raises(ActionError, match=message):
        propose(members, OfferDraft(**asdict(DRAFT) | change))
    assert not Offer.objects.exists()


def test_nobody_proposes_or_changes_an_offer_of_another(members, offer):
    stranger = members.acting(members.stranger)
    before = stored(offer)
    with pytest.raises(ActionForbiddenError):
        propose_offer(actor=stranger, at=AT, provider_id=members.lab.pk, draft=DRAFT)
    with pytest.raises(ActionForbiddenError):
        revise_offer(actor=stranger, at=AT, offer_id=offer.pk, draft={"title_en": "Mine"}, reason="r")
    with pytest.raises(ActionForbiddenError):
        end_offer(actor=stranger, at=AT, offer_id=offer.pk, last_day=TOMORROW.date(), reason="r")
    assert stored(offer) == before


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title_en": "Screening of cells"},
        {"trl_low": 2},
        {"trl_low": None, "trl_high": None},
        {"note_fr": "", "languages": []},
        {"cost": None},
    ],
)
def test_revision_changes_what_it_names_and_nothing_else(members, offer, changes):
    before = stored(offer)
    lead = members.acting(members.lab)
    revise_offer(actor=lead, at=TOMORROW, offer_id=offer.pk, draft=changes, reason="It changed.")
    assert stored(offer) == before | changes


def test_invalid_revision_leaves_the_offer_as_it_was(members, offer):
    before = stored(offer)
    with pytest.raises(ActionError, match="ends before it begins"):
        revise_offer(actor=members.acting(members.lab), at=AT, offer_id=offer.pk, draft={"trl_low": 9}, reason="r")
    assert stored(offer) == before


def test_ended_offer_keeps_its_fields_and_is_readable_but_not_open(members, offer):
    before = stored(offer)
    last_day = AT.date() + dt.timedelta(days=30)
    end_offer(actor=members.acting(members.lab), at=AT, offer_id=offer.pk, last_day=last_day, reason="It closes.")
    assert stored(offer) == before | {"period": ("2026-03-02", "2026-04-01")}
    assert list(Offer.objects.possible_on(last_day)) == [offer]
    assert list(Offer.objects.possible_on(last_day + dt.timedelta(days=1))) == []
    assert list(offers(actor=PUBLIC)) == [offer]


def test_offer_does_not_end_before_it_begins(members, offer):
    first = dt.date(2026, 3, 1)
    with pytest.raises(ActionError):
        end_offer(actor=members.acting(members.lab), at=AT, offer_id=offer.pk, last_day=first, reason="r")
    assert stored(offer)["period"] == ("2026-03-02", OPEN)


@pytest.mark.parametrize("action", [revise_offer, end_offer])
def test_change_needs_a_reason(members, offer, action):
    arguments = {"draft": {"title_en": "X"}} if action is revise_offer else {"last_day": TOMORROW.date()}
    before = stored(offer)
    with pytest.raises(ActionError):
        action(actor=members.acting(members.lab), at=AT, offer_id=offer.pk, reason="  ", **arguments)
    assert stored(offer) == before


def compose(members: SampleMembers, *parts: Offer, at: dt.datetime = AT) -> Offer:
    return compose_joint_offer(
        actor=members.acting(members.network, "pilot"), at=at, network_id=members.network.pk, draft=DRAFT,
        parts=[part.pk for part in parts],
    )  # fmt: skip


def test_joint_offer_of_a_network_has_the_offers_of_its_members_as_parts(members, offer):
    other = propose(members, key="platform")
    joint = compose(members, offer, other, offer)
    assert stored(joint) == asdict(DRAFT) | {"period": ("2026-03-02", OPEN), "provider": "network"}
    assert set(JointPart.objects.values_list("joint", "part")) == {(joint.pk, offer.pk), (joint.pk, other.pk)}


def test_joint_offer_needs_two_members(members, offer):
    with pytest.raises(ActionError, match="at least two"):
        compose(members, offer, propose(members))
    with pytest.raises(ActionError, match="Not a member of this network on this day: Stranger"):
        compose(members, offer, propose(members, key="stranger"))
    assert not JointPart.objects.exists()
    assert not Offer.objects.filter(provider=members.network).exists()


def test_joint_offer_takes_no_offer_that_has_ended_or_is_hidden(members, offer):
    other = propose(members, key="platform")
    lead = members.acting(members.platform)
    end_offer(actor=lead, at=AT, offer_id=other.pk, last_day=AT.date(), reason="It closes.")
    with pytest.raises(ActionError, match="has ended"):
        compose(members, offer, other, at=TOMORROW)
    hidden = propose(members, key="platform")
    Offer.objects.filter(pk=hidden.pk).update(visibility="organisation")
    with pytest.raises(ActionError, match="not there any more"):
        compose(members, offer, hidden)
    assert not JointPart.objects.exists()


def test_joint_offer_has_a_limit_of_parts(members, offer):
    parts = [propose(members, key="platform") for _number in range(MOST_PARTS)]
    with pytest.raises(ActionError, match=f"at most {MOST_PARTS} parts"):
        compose(members, offer, *parts)


def test_member_does_not_compose_for_its_network(members, offer):
    arguments = {"network_id": members.network.pk, "draft": DRAFT, "parts": [offer.pk]}
    with pytest.raises(ActionForbiddenError):
        compose_joint_offer(actor=members.acting(members.lab, "manager"), at=AT, **arguments)


def test_a_page_of_the_past_leaves_the_index_of_today_as_it_is(offer):
    today = timezone.localdate()
    with known_at(timezone.now() - dt.timedelta(days=365)):
        assert get_offer_matcher(actor=PUBLIC, on=today).index.offers == ()
    assert [one.text.key for one in get_offer_matcher(actor=PUBLIC, on=today).index.offers] == [offer.key]
