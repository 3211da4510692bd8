"""The forms of an offer and of a capacity leave what is not posted as it was."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from maillage.offers.models import Capacity, Offer
from maillage.register.models import Organisation
from tests.web.clients import client_for

pytestmark = pytest.mark.django_db

OFFER: dict[str, Any] = {
    "title_fr": "Criblage", "title_en": "Screening", "keywords": ["screening", "cells"], "stage_fr": "Prototype",
    "stage_en": "Prototype", "trl_low": 3, "trl_high": 5, "languages": ["fr"], "cost": Decimal(900), "currency": "CHF",
    "note_fr": "Note", "note_en": "Remark",
}  # fmt: skip


@pytest.fixture
def lab(db) -> Organisation:
    return Organisation.objects.create(
        key="lab", kind="research-unit", name_fr="Lab", city="Lyon", country="FR", website="https://lab.example.org"
    )


def test_offer_page_keeps_the_fields_that_are_not_posted(lab):
    offer = Offer.objects.create(key="screening", provider=lab, period_start="2020", **OFFER)
    client = client_for("lab", "lead")
    sent = client.post("/en/offers/screening/revise", {"title_en": "Screening of cells", "reason": "r"})
    assert sent.status_code == 302, sent.content
    offer.refresh_from_db()
    assert {name: getattr(offer, name) for name in OFFER} == OFFER | {"title_en": "Screening of cells"}


def test_capacity_page_keeps_the_fields_that_are_not_posted(lab):
    free = dt.date(2030, 1, 1)
    capacity = Capacity.objects.create(organisation=lab, free_from=free, note_fr="Complet", said_at=timezone.now())
    client = client_for("lab", "lead")
    assert client.post("/en/organisations/lab/capacity", {"note_en": "Full"}).status_code == 302
    capacity.refresh_from_db()
    assert (capacity.free_from, capacity.note_fr, capacity.note_en) == (free, "Complet", "Full")
