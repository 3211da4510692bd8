"""A page that is refused says what its reader can do about it."""

import pytest
from django.test import Client

from maillage.people.models import Mandate, User
from maillage.register.models import Organisation
from maillage.ventures.models import Startup
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from tests.web.clients import client_for, get_organisation, page_text
from tests.web.facts.clients import values_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CLOSED = "/en/facts/"


def test_a_reader_is_led_to_sign_in_and_back() -> None:
    refused = Client().get(CLOSED)
    assert refused.status_code == 403
    assert f"?next={CLOSED}" in page_text(refused)


def test_a_hidden_record_and_a_public_page_that_is_not_there_offer_to_sign_in(hidden: Startup) -> None:
    refused = Client().get(f"/en/startups/{hidden.key}")
    assert refused.status_code == 404
    assert f"?next=/en/startups/{hidden.key}" in page_text(refused)
    assert "If a mail led you here" in page_text(refused)
    assert "If a mail led you here" not in page_text(Client().get("/en/nothing/at/all"))


@pytest.fixture
def hidden() -> Startup:
    lab = Organisation.objects.create(key="lab", name_fr="Le laboratoire", kind="other")
    startup: Startup = Startup.objects.create(key="young", organisation=lab, visibility="organisation")
    return startup


def test_a_page_chooses_the_mandate_that_it_needs_and_names_it(hidden: Startup) -> None:
    Organisation.objects.create(key="other", name_fr="L’autre", kind="other")
    client, address = client_for("lab"), f"/en/startups/{hidden.key}"
    for_other = Mandate.objects.create(
        person=User.objects.get(), organisation=get_organisation("other"), role="manager", first_day="2020-01-01"
    )
    for mandate in (None, for_other.pk):
        session = client.session
        session.pop(MANDATE_SESSION_KEY, None)
        session.update({MANDATE_SESSION_KEY: mandate} if mandate else {})
        session.save()
        opened = client.get(address)
        assert (opened.status_code, opened.headers.get("Location")) == (302, address), mandate
        page = client.get(address)
        assert page.status_code == 200
        assert "You act here as: manager, Le laboratoire." in page_text(page)


def test_a_form_is_not_sent_by_another_mandate_than_the_one_shown(hidden: Startup) -> None:
    client = client_for("lab")
    session = client.session
    del session[MANDATE_SESSION_KEY]
    session.save()
    assert client.post("/en/facts/organisations/new", {"name_fr": "X"}).status_code == 403


def use(client: Client, mandate: Mandate | None) -> None:
    assert client.post("/en/mandates/use", {"mandate": mandate.pk if mandate else ""}).status_code == 302


def test_a_form_is_sent_by_the_mandate_under_which_it_was_opened(hidden: Startup) -> None:
    other = Organisation.objects.create(key="other", name_fr="L’autre", kind="other")
    client = client_for("lab")
    first = Mandate.objects.get()
    second = Mandate.objects.create(person=first.person, organisation=other, role="manager", first_day="2020-01-01")
    address = f"/en/facts/organisations/{get_organisation('lab').uid}/correct"
    form = {**values_of(page_text(client.get(address))), "city": "Lyon", "reason": "It moved."}
    assert form["opened_under"] == str(first.pk)

    use(client, second)
    assert client.post(address, form).status_code == 302
    assert get_organisation("lab").city == "Lyon"
    assert "Sent as: manager, Le laboratoire" in page_text(client.get("/en/mandates/"))
    assert client.session[MANDATE_SESSION_KEY] == second.pk

    Mandate.objects.filter(pk=first.pk).update(last_day="2021-01-01")
    refused = client.post(address, {**form, "city": "Nantes"})
    assert refused.status_code == 403
    assert "Nantes" in page_text(refused)
    assert get_organisation("lab").city == "Lyon"


def test_a_form_that_was_refused_is_not_said_to_be_sent(hidden: Startup) -> None:
    other = Organisation.objects.create(key="other", name_fr="L’autre", kind="other")
    client = client_for("lab")
    first = Mandate.objects.get()
    use(client, Mandate.objects.create(person=first.person, organisation=other, role="manager", first_day="2020-01-01"))
    form = {"opened_under": str(first.pk), "address": "no address"}
    assert client.post(f"/en/visibility/startups/{hidden.pk}/name", form).status_code == 302
    page = page_text(client.get("/en/mandates/"))
    assert "Give a mail address." in page
    assert "Sent as" not in page


def test_a_page_that_no_mandate_opens_stays_closed(hidden: Startup) -> None:
    Organisation.objects.create(key="other", name_fr="L’autre", kind="other")
    assert client_for("other").get(f"/en/startups/{hidden.key}").status_code == 404


def test_an_unknown_address_of_the_api_is_told_as_one() -> None:
    assert Client().get("/api/v1/schemas/nope").status_code == 404


def test_a_page_as_it_was_known_is_not_opened_by_another_mandate(hidden: Startup) -> None:
    client = client_for("lab")
    session = client.session
    del session[MANDATE_SESSION_KEY]
    session.save()
    assert client.get(f"/en/startups/{hidden.key}", {"known": "2020-01-01T00:00"}).status_code == 404
