"""The pages by which the facts of every list are recorded, corrected, ended, withdrawn and restored."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from maillage.core.models import Citation, WithdrawnFact
from maillage.core.rows.list_register import FACT_LISTS
from maillage.web.facts.fields import picks_several
from maillage.web.facts.forms import editable_fields
from tests.web.clients import page_text
from tests.web.facts.clients import PAGE, address, form_values, new_address, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_search_index")]

# What a person types for a fact of each list, by field; then a correction of it.
TYPED: dict[str, dict[str, str]] = {
    "organisations": {"name_fr": "Le laboratoire", "kind": "research-unit", "city": "Lyon", "ror": ""},
    "sources": {"kind": "document", "title": "The decree", "issuer": "A ministry", "dated": "7/2/2020"},
    "identifiers": {"of": "unit", "scheme": "wikidata", "value": "Q42"},
    "names": {"of": "unit", "text": "L’atelier", "kind": "official", "language": "fr", "from": "2001", "to": "2010"},
    "memberships": {"member": "unit", "role": "member", "of": "net", "from": "février 2020"},
    "people_roles": {"name": "Ada Exemple", "role": "director", "of": "unit", "from": "2020"},
    "offers": {
        "provider": "unit",
        "title_fr": "Criblage",
        "title_en": "Screening",
        "keywords": "alpha; beta",
        "from": "2020",
    },
    "labels": {"name": "Label d’essai", "authority": "Ministry of Trials", "since": "2006"},
    "awards": {"label": "mark", "holder": "unit", "from": "2020"},
    "waves": {"label": "mark", "key": "2020", "name": "Vague 2020", "from": "2020"},
    "parameters": {"label": "mark", "name": "length", "value": "48", "mark": "confirmed"},
    "answer_delays": {"organisation": "unit", "working_days": "10", "from": "2024"},
    "trials": {"registry": "EUCT", "number": "2024-1", "short_title": "A trial", "group-0": "unit"},
    "startups": {"key": "unit", "origin": "net", "founded": "2021"},
    "agreements": {
        "parties-0": "unit",
        "parties-1": "Somebody else",
        "kind": "framework",
        "purpose": "Work together",
        "signed": "2020",
    },
    "funding": {"from": "net", "to": "unit", "year": "2022", "purpose": "A grant"},
    "events": {"name": "Open days", "kind": "visit", "organiser": "unit", "date": "10/6/2026"},
    "statements": {"n": "1", "text": "It is so.", "about-0": "unit"},
    "contradictions": {"topic": "When it began", "a": "2006", "b": "2007"},
}
CORRECTED: dict[str, tuple[str, str]] = {
    "organisations": ("city", "Paris"),
    "sources": ("title", "The order"),
    "identifiers": ("value", "Q43"),
    "names": ("text", "Les ateliers"),
    "memberships": ("from", "2021"),
    "people_roles": ("name", "Ada Example"),
    "offers": ("keywords", "gamma"),
    "labels": ("name", "Label corrigé"),
    "awards": ("from", "2021"),
    "waves": ("name", "Vague d’essai"),
    "parameters": ("value", "60"),
    "answer_delays": ("working_days", "12"),
    "trials": ("short_title", "Another title"),
    "startups": ("founded", "2022"),
    "agreements": ("parties-1", "Somebody known"),
    "funding": ("purpose", "A loan"),
    "events": ("name", "Open evenings"),
    "statements": ("text", "It was so."),
    "contradictions": ("b", "2008"),
}


def recorded(client: Client, list_name: str, **typed: str) -> Any:
    model = FACT_LISTS[list_name].model
    before = set(model.objects.values_list("pk", flat=True))
    sent = client.post(new_address(list_name), {**TYPED[list_name], "source_url": PAGE, **typed})
    assert sent.status_code == 302, words(sent)
    return model.objects.exclude(pk__in=before).get()


def test_every_list_is_typed_and_corrected_here() -> None:
    assert set(TYPED) == set(CORRECTED) == set(FACT_LISTS)


@pytest.mark.parametrize("list_name", list(TYPED))
def test_the_form_of_a_list_has_each_of_its_fields(officer: Client, list_name: str) -> None:
    for language in ("en", "fr"):
        names = form_values(officer, new_address(list_name, language))
        for field in editable_fields(FACT_LISTS[list_name]):
            assert (f"{field.key}-0" if picks_several(field) else field.key) in names


@pytest.mark.parametrize("list_name", list(TYPED))
def test_a_fact_is_recorded_corrected_ended_withdrawn_and_restored(officer: Client, list_name: str) -> None:
    fact = recorded(officer, list_name)
    fact_list = FACT_LISTS[list_name]
    cited = Citation.objects.filter(record_kind=fact.kind_name(), record_id=fact.pk, source__url=PAGE)
    assert cited.exists() == fact_list.has_sources

    values = form_values(officer, address(fact, "correct"))
    before = fact_list.to_row(fact)
    unchanged = officer.post(address(fact, "correct"), {**values, "reason": "Nothing."})
    assert unchanged.status_code == 302, words(unchanged)
    assert fact_list.to_row(fact_list.model.objects.get(pk=fact.pk)) == before
    key, text = CORRECTED[list_name]
    values = form_values(officer, address(fact, "correct"))
    corrected = officer.post(address(fact, "correct"), {**values, key: text, "reason": "Misread."})
    assert corrected.status_code == 302, words(corrected)
    after = fact_list.to_row(fact_list.model.objects.get(pk=fact.pk))
    field = key.partition("-")[0]
    assert text in str(after[field])
    assert {name: value for name, value in after.items() if name != field} == {
        name: value for name, value in before.items() if name != field
    }

    ended = officer.get(address(fact, "end"))
    assert ended.status_code == (200 if fact_list.end_field else 404)
    if fact_list.end_field:
        letter = {"source_kind": "letter", "source_title": "Letter of June 2025"} if fact_list.has_sources else {}
        sent = officer.post(address(fact, "end"), {"end": "June 2025", "reason": "Over.", **letter})
        assert sent.status_code == 302, words(sent)
        told = Citation.objects.filter(record_kind=fact.kind_name(), record_id=fact.pk, source__kind="letter")
        assert told.exists() == fact_list.has_sources
        assert fact_list.to_row(fact_list.model.objects.get(pk=fact.pk))[fact_list.end_field.key] == "2025-06"

    assert officer.post(address(fact, "withdraw"), {"reason": "Never so."}).status_code == 302
    assert not fact_list.model.objects.filter(pk=fact.pk).exists()
    gone = officer.get(address(fact, "correct"))
    assert gone.status_code == 410
    assert "Never so." in page_text(gone)
    withdrawn = WithdrawnFact.objects.get()
    assert str(withdrawn) in unescape(page_text(officer.get("/en/facts/withdrawn/")))
    assert officer.post(f"/en/facts/withdrawn/{withdrawn.pk}/restore", {"reason": "It was."}).status_code == 302
    assert fact_list.model.objects.filter(pk=fact.pk).exists()


def undo_addresses(client: Client, fact: Any) -> list[str]:
    """The addresses in the history of a fact at which its changes are undone, the latest first."""
    page = page_text(client.get(fact.get_absolute_url().replace("/fr/", "/en/")))
    return [f"/en{path}" for path in re.findall(r'href="/en(/facts/[^"]+/undo/[^"]+)"', page)]


def test_a_correction_is_undone_from_the_history(officer: Client) -> None:
    fact = recorded(officer, "memberships")
    source = {"source_url": "https://example.org/other"}
    for typed in ({"from": "2021", **source}, {"note": "As they told us."}):
        officer.post(
            address(fact, "correct"), {**form_values(officer, address(fact, "correct")), **typed, "reason": "R."}
        )
    officer.post(address(fact, "end"), {"end": "June 2025", "reason": "Over."})
    ended, noted, corrected = undo_addresses(officer, fact)
    page = words(officer.get(corrected))
    assert "2021 → February 2020" in page
    assert officer.post(corrected, {**form_values(officer, corrected), "reason": ""}).status_code == 422
    assert officer.post(corrected, {**form_values(officer, corrected), "reason": "It was right."}).status_code == 302
    fact.refresh_from_db()
    assert (fact.period_start, fact.period_end, fact.note_en) == ("2020-02", "2025-06", "As they told us.")
    assert [citation.source.url for citation in Citation.objects.filter(record_id=fact.pk)] == [PAGE]
    assert "undone since" in words(officer.get(fact.get_absolute_url()))
    assert officer.post(ended, {**form_values(officer, ended), "reason": "Not over."}).status_code == 302
    fact.refresh_from_db()
    assert fact.period_end == ".."
    assert noted in undo_addresses(officer, fact)


def test_a_change_that_a_later_one_touched_is_not_undone(officer: Client) -> None:
    fact = recorded(officer, "memberships")
    for start in ("2021", "2022"):
        officer.post(
            address(fact, "correct"), {**form_values(officer, address(fact, "correct")), "from": start, "reason": "R."}
        )
    _latest, first = undo_addresses(officer, fact)
    assert "a later change touched the same fields" in words(officer.get(first))
    assert officer.post(first, {"reason": "Undo."}).status_code == 422
    fact.refresh_from_db()
    assert fact.period_start == "2022"


def test_a_corrected_identifier_and_a_replaced_name_are_undone(officer: Client) -> None:
    fact = recorded(officer, "organisations")
    before = FACT_LISTS["organisations"].to_row(fact)
    at = address(fact, "correct")
    officer.post(at, {**form_values(officer, at), "name_fr": "Le labo", "wikidata": "Q42", "reason": "Renamed."})
    page = words(officer.get(fact.get_absolute_url()))
    assert "Q42" in page
    (corrected,) = undo_addresses(officer, fact)
    assert officer.post(corrected, {**form_values(officer, corrected), "reason": "It was right."}).status_code == 302
    assert FACT_LISTS["organisations"].to_row(type(fact).objects.get(pk=fact.pk)) == before


def test_a_renamed_organisation_is_called_by_its_name_without_an_end(officer: Client) -> None:
    unit = FACT_LISTS["organisations"].model.objects.get(key="unit")
    old = unit.names.get(text="The unit")
    assert address(old, "end") in page_text(officer.get("/en/organisations/unit"))
    assert officer.post(address(old, "withdraw"), {"reason": "Never."}).status_code == 422
    assert officer.post(address(old, "end"), {"end": "2024", "reason": "Renamed."}).status_code == 302
    recorded(officer, "names", text="The workshop", language="en", **{"from": "2024", "to": ""})
    unit.refresh_from_db()
    assert (unit.name_en, unit.name_fr) == ("The workshop", "L’unité")
    new = unit.names.get(text="The workshop")
    at = address(new, "correct")
    officer.post(at, {**form_values(officer, at), "text": "The open workshop", "reason": "Misread."})
    unit.refresh_from_db()
    assert unit.name_en == "The open workshop"


def test_a_source_is_corrected_and_removed_with_a_reason(officer: Client) -> None:
    fact = recorded(officer, "memberships")
    citation = Citation.objects.get(record_id=fact.pk, record_kind=fact.kind_name())
    at = f"/en/facts/citations/{citation.pk}/correct"
    assert at in page_text(officer.get(fact.get_absolute_url().replace("/fr/", "/en/")))
    values = form_values(officer, at)
    assert values["source_url"] == PAGE
    assert officer.post(at, {**values, "source_url": "", "reason": "R."}).status_code == 422
    document = {"source_kind": "document", "source_title": "The deed", "source_dated": "July 2024"}
    assert officer.post(at, {**values, **document, "reason": "It is on paper."}).status_code == 302
    citation.refresh_from_db()
    assert (citation.source.title, citation.source.dated, citation.accepted) == ("The deed", "2024-07", True)
    assert officer.post(f"/en/facts/citations/{citation.pk}/remove", {"reason": "Says nothing."}).status_code == 302
    assert not Citation.objects.filter(record_id=fact.pk, record_kind=fact.kind_name()).exists()
    history = words(officer.get(fact.get_absolute_url().replace("/fr/", "/en/")))
    assert "It is on paper." in history
    assert "Remove a source of a fact: Says nothing." in history
    assert Client().get(at).status_code == 404


def test_a_source_kept_for_a_sitting_serves_the_facts_recorded_next(officer: Client) -> None:
    deed = {"source_kind": "document", "source_title": "The deed", "keep_source": "on"}
    recorded(officer, "memberships", **deed)
    values = form_values(officer, new_address("offers"))
    assert (values["source_kind"], values["source_title"]) == ("document", "The deed")
    offer = recorded(officer, "offers", **{key: values[key] for key in ("source_kind", "source_title")})
    assert Citation.objects.get(record_kind=offer.kind_name(), record_id=offer.pk).source.title == "The deed"
    assert form_values(officer, new_address("offers"))["source_title"] == ""
