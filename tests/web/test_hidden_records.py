"""Nothing hidden is told by any answer of the site to whom it is not open: each text of it holds a secret word."""

import io
import math
import re
import zipfile
from collections.abc import Iterable

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.visibility import grant, set_visibility, withdraw_grant
from maillage.core.actors import PUBLIC, Actor
from maillage.core.queries import named_readers
from maillage.core.security.session_scope import actor_scope
from maillage.listing.listing import LISTINGS
from maillage.offers.models import Offer
from maillage.partnerships.offer_matching import match_offers
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation
from maillage.search.queries import find_records
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from tests.hidden_records import HiddenRecords, create_hidden_records, create_manager_mandate, create_person

pytestmark = pytest.mark.django_db

_WORD = re.compile(r"zq[0-9a-f]{14}")
_OF_NOBODY = ("Contradiction", "Project", "Statement")


@pytest.fixture
def hidden(db, own_search_index) -> HiddenRecords:
    records = create_hidden_records()
    # Each search would write the records of this transaction again; they do not change.
    own_search_index.update()
    own_search_index.check_interval = math.inf
    return records


def signed_in(someone: User, organisation: int | None = None) -> Client:
    """A client of a person, with the mandate for an organisation in use."""
    client = Client()
    client.force_login(someone)
    if organisation:
        session = client.session
        session[MANDATE_SESSION_KEY] = create_manager_mandate(organisation, someone).pk
        session.save()
    return client


def told(client: Client, hidden: HiddenRecords) -> dict[str, str]:
    """Every secret word in every answer of the site, with what it belongs to and an address that tells it."""
    found = ((word, address) for address in addresses(hidden) for word in _WORD.findall(text(client, address)))
    # A page may give back the address that was asked for.
    return {word: f"{hidden.words.get(word)} {address}" for word, address in found if word not in address}


def addresses(hidden: HiddenRecords) -> list[str]:
    own, known = Organisation.objects.get(pk=hidden.own), f"?known={timezone.now():%Y-%m-%dT%H:%M:%S}Z"
    found = [
        "/fr/",
        "/fr/network",
        "/fr/map?country=all",
        "/fr/labels/timeline",
        "/fr/figures",
        "/en/ecosystems/opale?with=2021-01-01",
        "/fr/changes.atom",
        "/en/changes.atom",
        f"/fr/organisations/{own.key}",
    ]
    found += [
        "/fr/ecosystems/opale?why=900013",
        f"/fr/organisations/{own.key}{known}",
        f"/fr/organisations/{own.key}?on=2021-01-01",
    ]
    found += [f"/{language}/ecosystems/{own.key}{part}" for language in ("fr", "en") for part in ("", "/embed")]
    found += [f"/fr/ecosystems/{key}" for key in Organisation.objects.values_list("key", flat=True)[:20]]
    for name, listing in LISTINGS.items():
        found += [f"/fr/{name}/", f"/fr/{name}/{known}", f"/en/{name}/?organisation={own.key}"]
        found += [f"/fr/{name}/?format=csv", f"/fr/{name}/?format=xlsx", f"/api/v1/{name}"]
        for (model, _visibility), row in hidden.rows.items():
            if model is listing.model:
                slug = model._default_manager.values_list(listing.slug, flat=True).get(pk=row)
                found += [f"/fr/{name}/{slug}", f"/en/{name}/{slug}{known}", f"/api/v1/{name}/{slug}"]
    return found


def text(client: Client, address: str) -> str:
    response = client.get(address)
    if response.status_code == 302 and response["Location"].startswith(("/en/sign-in?next=", "/fr/sign-in?next=")):
        return ""
    assert response.status_code in (200, 404), (address, response.status_code)
    content = b"".join(response) if response.streaming else response.content
    if not address.endswith("xlsx"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def found_by(actor: Actor, words: Iterable[str]) -> list[str]:
    """The words by which finding finds something."""
    with actor_scope(actor):
        return [word for word in words if find_records(word, actor=actor, on=timezone.localdate())]


def test_the_public_and_the_neighbour_are_told_nothing(hidden):
    neighbour = create_person("Neighbour")
    clients = {
        "public": Client(),
        "neighbour": signed_in(neighbour, hidden.foreign),
        "reader": signed_in(create_person()),
    }
    for name, client in clients.items():
        assert told(client, hidden) == {}, name
    mandate = neighbour.mandates.get()
    findable = found_by(actor_of(create_person("Officer", is_officer=True), timezone.now()), hidden.words)
    assert {hidden.words[word] for word in findable} >= {(Organisation, "network"), (Offer, "named")}
    for actor in (PUBLIC, actor_of(neighbour, timezone.now(), mandate.pk)):
        assert found_by(actor, findable) == []
        words = " ".join(word for word, (model, _visibility) in hidden.words.items() if model.__name__ == "Offer")
        with actor_scope(actor):
            assert match_offers(words, actor=actor, on=timezone.localdate()).compared == 0


def test_the_own_manager_and_the_officer_are_told(hidden):
    manager, officer = User.objects.get(pk=hidden.person), create_person("Officer", is_officer=True)
    client = signed_in(manager)
    session = client.session
    session[MANDATE_SESSION_KEY] = manager.mandates.get().pk
    session.save()
    own, all_of_it = told(client, hidden), told(signed_in(officer), hidden)
    for (model, visibility), _row in hidden.rows.items():
        words = {word for word, place in hidden.words.items() if place == (model, visibility)}
        if model.__name__ == "Name":
            continue  # it has no page of its own
        assert words & set(all_of_it), (model, visibility)
        opened = visibility == "named" or model.__name__ not in _OF_NOBODY
        assert bool(words & set(own)) is opened, (model, visibility)


def offered(hidden: HiddenRecords) -> Offer:
    return Offer.objects.create(key="own-offer", provider_id=hidden.own, title_fr="Titre", title_en="Title")


def test_a_manager_says_who_sees_a_record_of_his_house(hidden):
    manager, other = User.objects.get(pk=hidden.person), create_person("Other")
    at = timezone.now()
    actor = actor_of(manager, at, manager.mandates.get().pk)
    offer = offered(hidden)
    what = {"at": at, "record_kind": "offers.offer", "record_id": offer.pk}
    set_visibility(actor=actor, visibility="named", reason="A draft.", **what)
    assert Offer.objects.visible_to(actor).filter(pk=offer.pk).exists()
    reader = Actor("other", user_id=other.pk)
    assert not Offer.objects.visible_to(reader).filter(pk=offer.pk).exists()
    create_manager_mandate(hidden.own, other)
    grant(actor=actor, email=other.email, **what)
    assert Offer.objects.visible_to(reader).filter(pk=offer.pk).exists()
    assert named_readers(offer, actor=actor) == [other, manager]
    assert named_readers(offer, actor=reader) == []
    withdraw_grant(actor=actor, person_id=other.pk, **what)
    assert not Offer.objects.visible_to(reader).filter(pk=offer.pk).exists()


def test_nobody_else_says_who_sees_it(hidden):
    neighbour, at = create_person("Neighbour"), timezone.now()
    actor = actor_of(neighbour, at, create_manager_mandate(hidden.foreign, neighbour).pk)
    offer = offered(hidden)
    what = {"at": at, "record_kind": "offers.offer", "record_id": offer.pk}
    for who in (PUBLIC, actor, Actor("reader", user_id=neighbour.pk)):
        with pytest.raises(ActionForbiddenError):
            set_visibility(actor=who, visibility="named", reason="Mine.", **what)
        with pytest.raises(ActionForbiddenError):
            grant(actor=who, email=neighbour.email, **what)
    officer = Actor("officer", roles=frozenset({"officer"}))
    with pytest.raises(ActionError):
        set_visibility(actor=officer, visibility="secret", reason="No.", **what)
    with pytest.raises(ActionError):
        set_visibility(
            actor=officer, at=at, record_kind="people.user", record_id=neighbour.pk, visibility="named", reason="No."
        )


def test_the_form_stands_on_the_page_of_those_who_may_use_it(hidden):
    offer = offered(hidden)
    manager = User.objects.get(pk=hidden.person)
    client = signed_in(manager)
    session = client.session
    session[MANDATE_SESSION_KEY] = manager.mandates.get().pk
    session.save()
    page, address = f"/fr/offers/{offer.key}", f"/fr/visibility/offers/{offer.pk}"
    assert address in client.get(page).content.decode()
    assert address not in Client().get(page).content.decode()
    assert Client().post(address, {"visibility": "named"}).status_code == 403
    response = client.post(address, {"visibility": "organisation", "reason": "Not signed yet"}, follow=True)
    assert "Not signed yet" in response.content.decode()
    assert Client().get(page).status_code == 404
