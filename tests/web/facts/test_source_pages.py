"""Sources and identifiers are lists of their own: who reads them, who corrects them, and what follows."""

import pytest
from django.test import Client

from maillage.core.actions.facts import FactError
from maillage.core.models import Citation, Source
from maillage.register.models import Identifier, Office
from tests.web.clients import client_for, page_text
from tests.web.facts.clients import address, form_values, new_address, record, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_search_index")]

DECREE = {"kind": "document", "title": "The decree", "dated": "2020-02-07"}


def test_the_page_of_a_source_names_the_facts_that_cite_it(officer: Client) -> None:
    record("people_roles", name="Ada Exemple", role="director", of="unit", source=[DECREE])
    record("identifiers", of="unit", scheme="wikidata", value="Q42", source=[DECREE])
    source = Source.objects.get()
    reader = Client()
    fact = Office.objects.get().get_absolute_url()
    assert f'/sources/{source.pk}"' in page_text(officer.get(fact))
    assert f"/en/sources/{source.pk}" in page_text(reader.get("/en/sources/"))
    page = words(reader.get(f"/en/sources/{source.pk}"))
    assert "Ada Exemple, director" in page
    assert "The unit, Wikidata Q42" in page
    assert "Correct it" not in page
    at = address(source, "correct")
    sent = officer.post(at, {**form_values(officer, at), "title": "The order", "reason": "It is one."})
    assert sent.status_code == 302, words(sent)
    assert [str(citation.source) for citation in Citation.objects.all()] == ["The order, 2020-02-07"] * 2


def test_a_source_is_read_by_those_who_read_a_fact_that_cites_it(officer: Client) -> None:
    office = {"name": "Ada Exemple", "role": "director", "of": "unit", "source": [DECREE]}
    record("people_roles", **office, visibility="organisation")
    record("sources", **DECREE | {"title": "Cited by nothing"})
    source = Source.objects.get(title="The decree")
    for client, is_shown in ((Client(), False), (client_for("net"), False), (client_for("unit"), True)):
        assert ("The decree" in page_text(client.get("/en/sources/"))) is is_shown
        assert (client.get(f"/en/sources/{source.pk}").status_code == 200) is is_shown
        assert "Cited by nothing" not in page_text(client.get("/en/sources/"))
    assert "Cited by nothing" in page_text(officer.get("/en/sources/"))
    assert client_for("unit", "lead").get(address(source, "correct")).status_code == 403


def test_pages_of_one_site_are_told_apart_in_the_list(register: None) -> None:
    pages = [f"https://www.example.org/{name}" for name in ("one", "two")]
    record("people_roles", name="Ada Exemple", role="director", of="unit", source=pages)
    page = words(Client().get("/en/sources/"))
    assert "example.org/one" in page
    assert "example.org/two" in page
    # A source that no fact cites is read by officers alone, so that none is proposed.
    assert "Propose a fact" not in page


def test_what_is_cited_is_not_withdrawn(officer: Client) -> None:
    record("people_roles", name="Ada Exemple", role="director", of="unit", source=[DECREE])
    refused = officer.post(address(Source.objects.get(), "withdraw"), {"reason": "Gone."})
    assert "Other records depend on it" in words(refused)


def test_an_identifier_is_written_in_its_own_form_by_those_who_write_its_organisation(register: None) -> None:
    ours = client_for("unit")
    typed = {"of": "unit", "scheme": "ror", "value": "https://ror.org/02vjkv261", "source_url": "https://ror.org/x"}
    sent = ours.post(new_address("identifiers"), typed)
    assert sent.status_code == 302, words(sent)
    identifier = Identifier.objects.get()
    assert identifier.value == "02vjkv261"
    page = page_text(ours.get("/en/organisations/unit"))
    assert address(identifier, "correct") in page
    assert address(identifier, "propose") in page_text(Client().get("/en/organisations/unit"))
    # Its page is drafted from the facts: it has no sentences of its own to be seen.
    assert "See the sentences of its page" not in page
    assert "checksum is wrong" in words(ours.post(new_address("identifiers"), {**typed, "value": "02vjkv262"}))
    assert client_for("net").get(address(identifier, "correct")).status_code == 403
    with pytest.raises(FactError, match="is that of “unit” already"):
        record("identifiers", of="net", scheme="ror", value="02vjkv261")
