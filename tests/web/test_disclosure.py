"""Who says who sees a record: not one party for all, not without a reason, and by name where it is kept to some."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.actors import SYSTEM
from maillage.kernel.disclosure import grant, set_visibility
from maillage.offers.models import Offer
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation, Tie
from maillage.web.middleware import MANDATE
from tests.people.test_mandates import acting, body, mandate, person

pytestmark = pytest.mark.django_db


def disclosed(actor, record, visibility: str, reason: str = "Because."):
    return set_visibility(actor=actor, at=timezone.now(), record_kind=record.kind_name(), record_id=record.pk,
                          visibility=visibility, reason=reason)  # fmt: skip


def test_one_party_does_not_decide_for_the_other():
    own, other = body("own"), body("other")
    tie = Tie.objects.create(subject=own, object=other, kind="partner", period_start="2020")
    with pytest.raises(Forbidden):
        disclosed(acting(mandate(person("ada"), own)), tie, "organisation")
    assert disclosed(SYSTEM, tie, "organisation").visibility == "organisation"


def test_a_manager_hides_neither_the_institute_nor_a_label():
    own = body("own")
    with pytest.raises(Forbidden):
        disclosed(acting(mandate(person("ada"), own)), own, "named")


def test_it_is_said_with_a_reason():
    own = body("own")
    offer = Offer.objects.create(key="offer", provider=own, title_fr="T", title_en="T")
    manager = acting(mandate(person("ada"), own))
    with pytest.raises(Impossible):
        disclosed(manager, offer, "organisation", " ")
    assert disclosed(manager, offer, "organisation").visibility == "organisation"


def test_a_manager_names_who_acts_in_the_own_networks_and_learns_of_nobody_else():
    own = body("own")
    offer = Offer.objects.create(key="offer", provider=own, title_fr="T", title_en="T", visibility="named")
    manager = mandate(person("ada"), own)
    disclosed(acting(manager), offer, "named") if offer.visibility != "named" else None
    colleague, stranger = mandate(person("bob"), own, role="lead").person, person("eve")
    told = []
    for email in (stranger.email, "nobody@example.org"):
        with pytest.raises(Impossible) as refused:
            named(actor_of(manager.person, timezone.now(), manager.pk), offer, email)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert named(SYSTEM, offer, colleague.email).person == colleague


def named(actor, record, email: str):
    return grant(actor=actor, at=timezone.now(), record_kind=record.kind_name(), record_id=record.pk, email=email)


def test_persons_are_named_on_the_page(client: Client):
    own = body("own", "The own unit")
    offer = Offer.objects.create(key="offer", provider=own, title_fr="Titre", title_en="Title")
    manager = mandate(person("ada"), own)
    bob = mandate(person("bob"), own, role="lead").person
    client.force_login(manager.person)
    session = client.session
    session[MANDATE] = manager.pk
    session.save()
    version = re.search(r'name="version" value="([^"]*)"', page(client))[1].replace("&quot;", '"')
    client.post(f"/en/visibility/offers/{offer.pk}", {"visibility": "named", "reason": "A draft.", "version": version})
    late = {"visibility": "public", "reason": "Ready.", "version": version}
    assert (
        "somebody has changed it since"
        in client.post(f"/en/visibility/offers/{offer.pk}", late, follow=True).content.decode()
    )
    reader = Client()
    reader.force_login(bob)
    assert reader.get("/en/offers/offer").status_code == 404
    client.post(f"/en/visibility/offers/{offer.pk}/name", {"email": "bob@example.org"})
    assert reader.get("/en/offers/offer").status_code == 200
    assert "Bob" in page(client)
    client.post(f"/en/visibility/offers/{offer.pk}/{bob.pk}/unname")
    assert reader.get("/en/offers/offer").status_code == 404


def page(client: Client) -> str:
    return client.get("/en/offers/offer").content.decode()


def test_the_public_reads_for_whom_it_was_done_and_not_by_whom(client: Client):
    from tests.people.test_mandates import describe

    own = body("own", "The own unit")
    describe(acting(mandate(person("ada"), own)), Organisation.objects.get(pk=own.pk))
    for address in ("/en/organisations/own", "/en/changes.atom"):
        told = client.get(address).content.decode()
        assert "Ada" not in told
        assert "The own unit · Describe" in told or "<name>The own unit" in told
    client.force_login(User.objects.get(name="Ada"))
    assert "Ada" in client.get("/en/organisations/own").content.decode()
