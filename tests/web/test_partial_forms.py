"""Forms of revisions pass on the fields that were posted, and pages leave the others as they are."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from maillage.offers.models import Capacity, Offer
from maillage.partnerships.models import Need
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.web.charter.forms import MeetingForm, ObjectiveForm, ResultForm
from maillage.web.label_agreements.forms import EntityForm
from maillage.web.offers.forms import CapacityForm, RevisionForm
from maillage.web.partnerships.forms import RatingForm, ReplyForm
from maillage.web.reviews.forms import ReviewerForm
from tests.partnerships.sample_needs import create_sample_network, state_sample_need
from tests.web.clients import client_for

OFFER: dict[str, Any] = {
    "title_fr": "Criblage", "title_en": "Screening", "keywords": ["screening", "cells"], "stage_fr": "Prototype",
    "stage_en": "Prototype", "trl_low": 3, "trl_high": 5, "languages": ["fr"], "cost": Decimal(900), "currency": "CHF",
    "note_fr": "Note", "note_en": "Remark",
}  # fmt: skip


@pytest.mark.parametrize(
    ("form_class", "posted", "expected"),
    [
        (CapacityForm, "note_en=Busy", {"note_en": "Busy"}),
        (CapacityForm, "free_from=", {"free_from": None}),
        (MeetingForm, "conclusion=Stop", {"conclusion": "Stop"}),
        (ResultForm, "reached=8", {"reached": Decimal(8)}),
        (EntityForm, "organisation=unit&share=50", {"organisation": "unit", "share": "50"}),
        (ReviewerForm, "email=a@example.org", {"email": "a@example.org"}),
        (ReplyForm, "takes_part=no&note=", {"takes_part": "no", "note": ""}),
        (RatingForm, "score=4", {"score": 4}),
    ],
)
def test_form_passes_on_the_posted_fields_alone(form_class, posted, expected):
    form = form_class(QueryDict(posted))
    assert form.is_valid(), form.errors
    assert form.posted == expected


def test_box_that_is_not_ticked_differs_from_one_that_is_not_shown():
    for posted, expected in (("key=a", {}), ("key=a&fewer=", {"fewer": False}), ("fewer=&fewer=on", {"fewer": True})):
        form = ObjectiveForm(QueryDict(posted), figures=set())
        assert form.is_valid(), form.errors
        assert {name: value for name, value in form.posted.items() if name == "fewer"} == expected
    shown = str(ObjectiveForm(figures=set())["fewer"])
    assert shown.startswith('<input type="hidden" name="fewer" value="">')


def test_boxes_of_which_none_is_ticked_empty_the_field():
    for posted, expected in (
        ("", {}),
        ("languages=", {"languages": []}),
        ("languages=&languages=en", {"languages": ["en"]}),
    ):
        form = RevisionForm(QueryDict(f"reason=r&{posted}"), offer=Offer(**OFFER))
        assert form.is_valid(), form.errors
        assert form.changes == expected


def test_required_field_of_a_revision_may_be_left_out_but_not_emptied():
    assert RevisionForm(QueryDict("reason=r&title_en=X"), offer=Offer(**OFFER)).is_valid()
    assert set(RevisionForm(QueryDict("reason=r&title_en="), offer=Offer(**OFFER)).errors) == {"title_en"}
    assert set(RevisionForm(QueryDict("title_en=X"), offer=Offer(**OFFER)).errors) == {"reason"}


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


def test_description_page_keeps_the_fields_that_are_not_posted(lab):
    client = client_for("lab", "lead")
    sent = client.post("/en/organisations/lab/describe", {"city": "Paris", "reason": "It moved."})
    assert sent.status_code == 302, sent.content
    lab.refresh_from_db()
    assert (lab.city, lab.country, lab.website) == ("Paris", "FR", "https://lab.example.org")


def test_account_page_keeps_the_language_that_is_not_posted(db):
    person = User.objects.create(email="person@example.org", name="A person", language="en", password="unusable")
    client = Client()
    client.force_login(person)
    assert client.post("/en/account", {"name": "Another name"}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language) == ("Another name", "en")


def test_terms_page_keeps_the_terms_and_capabilities_that_are_not_posted(db):
    network = create_sample_network()
    need: Need = state_sample_need(network)
    Need.objects.filter(pk=need.pk).update(budget=5000, currency="CHF", countries=["FR"])
    need.asked.create(concept="aml")
    client = client_for(network.institute.key)
    sent = client.post(f"/en/needs/{need.key}/specify", {"trl_low": "3", "trl_high": "4"})
    assert sent.status_code == 302, sent.content
    need.refresh_from_db()
    assert (need.trl_low, need.trl_high, need.budget, need.currency, need.countries) == (3, 4, 5000, "CHF", ["FR"])
    assert [one.concept for one in need.asked.all()] == ["aml"]
