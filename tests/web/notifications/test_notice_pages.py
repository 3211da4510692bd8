"""Each person reads their own notices on the site, and chooses how to be told."""

import datetime as dt
import re

import pytest
from django.test import Client

from maillage.core.actions.contradictions import settle_contradiction
from maillage.core.actors import SYSTEM, Actor
from maillage.core.models import Contradiction, ContradictionSubject
from maillage.notifications.models import Notice
from maillage.people.models import Mandate, User
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def lab(db) -> Organisation:
    return Organisation.objects.create(key="lab", kind="other", name_fr="Le laboratoire", name_en="The laboratory")


def manager(lab: Organisation, language: str, role: str = "manager") -> User:
    person = User.objects.create(email=f"{language}-{role}@example.org", name=f"Mme <{language}>", language=language)
    Mandate.objects.create(person=person, organisation=lab, role=role, first_day=dt.date(2020, 1, 1))
    return person


@pytest.fixture
def dispute(lab) -> Contradiction:
    made = Contradiction.objects.create(topic_en="The year", topic_fr="L’année", a_en="2001", b_en="2002")
    ContradictionSubject.objects.create(contradiction=made, record_kind="register.organisation", record_id=lab.pk)
    return made


def settle(dispute: Contradiction, actor: Actor = SYSTEM) -> None:
    settle_contradiction(actor=actor, at=AT, contradiction_id=dispute.pk, side="a", reason="The deed & seal.")


def test_the_site_shows_each_person_their_own(lab, dispute):
    person, other = manager(lab, "en"), User.objects.create(email="z@example.org", name="Z")
    settle(dispute)
    mine, theirs = Client(), Client()
    mine.force_login(person)
    theirs.force_login(other)
    page = mine.get("/en/notices/").content.decode()
    assert "Settled: The year" in page
    assert "(1<span" in page
    newest = Notice.objects.get().pk
    theirs.post("/en/notices/read", {"newest": newest})
    assert Notice.objects.get().read_at is None
    assert "Settled" not in theirs.get("/en/notices/").content.decode()
    assert "(1<span" not in mine.post("/en/notices/read", {"newest": newest}, follow=True).content.decode()
    assert Client().get("/en/notices/").status_code == 302
    kept = mine.post("/en/notices/choices", {"contradictions": "digest"}, follow=True)
    assert 'value="digest" checked' in kept.content.decode()
    choices = {"contradictions": "digest", "deadlines": "immediate", "cases": "none", "all-mails": "weekly"}
    page = mine.post("/en/notices/choices", choices, follow=True).content.decode()
    chosen = {name: re.search(rf'name="{name}" value="(\w+)" checked', page)[1] for name in list(choices)[:3]}
    assert chosen == {"contradictions": "weekly", "deadlines": "digest", "cases": "none"}
