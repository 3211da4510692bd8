"""Who says who sees a record: not one party for all, not without a reason, and by name where it is kept to some."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.visibility import grant, set_visibility
from maillage.core.actors import SYSTEM
from maillage.offers.models import Offer
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation, Tie
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from tests.people.sample_mandates import actor_of_mandate, create_mandate, create_organisation, create_person

pytestmark = pytest.mark.django_db


def disclosed(actor, record, visibility: str, reason: str = "Because."):
    return set_visibility(actor=actor, at=timezone.now(), record_kind=record.kind_name(), record_id=record.pk,
                          visibility=visibility, reason=reason)  # fmt: skip


def test_one_party_does_not_decide_for_the_other():
    own, other = create_organisation("own"), create_organisation("other")
    tie = Tie.objects.create(subject=own, object=other, kind="partner", period_start="2020")
    with pytest.raises(ActionForbiddenError):
        disclosed(actor_of_mandate(create_mandate(create_person("ada"), own)), tie, "organisation")
    assert disclosed(SYSTEM, tie, "organisation").visibility == "organisation"


def test_a_manager_hides_neither_the_institute_nor_a_label():
    own = create_organisation("own")
    with pytest.raises(ActionForbiddenError):
        disclosed(actor_of_mandate(create_mandate(create_person("ada"), own)), own, "named")


def test_it_is_said_with_a_reason():
    own = create_organisation("own")
    offer = Offer.objects.create(key="offer", provider=own, title_fr="T", title_en="T")
    manager = actor_of_mandate(create_mandate(create_person("ada"), own))
    with pytest.raises(ActionError):
        disclosed(manager, offer, "organisation", " ")
    assert disclosed(manager, offer, "organisation").visibility == "organisation"


def test_a_manager_names_who_acts_in_the_own_networks_and_learns_of_nobody_else():
    own = create_organisation("own")
    offer = Offer.objects.create(key="offer", provider=own, title_fr="T", title_en="T", visibility="named")
    manager = create_mandate(create_person("ada"), own)
    disclosed(actor_of_mandate(manager), offer, "named") if offer.visibility != "named" else None
    colleague, stranger = create_mandate(create_person("bob"), own, role="lead").person, create_person("eve")
    told = []
    for email in (stranger.email, "nobody@example.org"):
        with pytest.raises(ActionError) as refused:
            named(actor_of(manager.person, timezone.now(), manager.pk), offer, email)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert named(SYSTEM, offer, colleague.email).person == colleague


def named(actor, record, email: str):
    return grant(actor=actor, at=timezone.now(), record_kind=record.kind_name(), record_id=record.pk, email=email)


def test_persons_are_named_on_the_page(client: Client):
    own = create_organisation("own", "The own unit")
    offer = Offer.objects.create(key="offer", provider=own, title_fr="Titre", title_en="Title")
    manager = create_mandate(create_person("ada"), own)
    bob = create_mandate(create_person("bob"), own, role="lead").person
    client.force_login(manager.person)
    session = client.session
    session[MANDATE_SESSION_KEY] = manager.pk
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
    from tests.people.sample_mandates import move_organisation

    own = create_organisation("own", "The own unit")
    move_organisation(actor_of_mandate(create_mandate(create_person("ada"), own)), Organisation.objects.get(pk=own.pk))
    for address in ("/en/organisations/own", "/en/changes.atom"):
        told = client.get(address).content.decode()
        assert "Ada" not in told
        assert "The own unit · Describe" in told or "<name>The own unit" in told
    client.force_login(User.objects.get(name="Ada"))
    assert "Ada" in client.get("/en/organisations/own").content.decode()
