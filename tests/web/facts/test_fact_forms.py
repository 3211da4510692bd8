"""What the form of a fact shows, refuses, warns of and keeps; and to whom it is shown."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actions.facts import FactError, correct_fact, record_fact
from maillage.core.models import Source, WithdrawnFact
from maillage.people.models import Mandate
from maillage.people.queries import actor_of
from maillage.proposals.actions.proposals import propose_change
from maillage.register.models import Organisation, Tie
from tests.web.clients import client_for, page_text
from tests.web.facts.clients import OFFICER_ACTOR, PAGE, address, form_values, new_address, record, values_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_search_index")]
TIE = {"member": "unit", "role": "member", "of": "net", "from": "2020"}


def tie(**values: str) -> Tie:
    recorded: Tie = record("memberships", **{**TIE, **values})
    return recorded


def offered(response: Any) -> list[str]:
    """The keys of the organisations that the picker of the first organisation offers."""
    return re.findall(r'name="member-picked"\s+value="([^"]+)"', page_text(response))


def test_what_was_typed_is_kept_and_the_fault_has_the_focus(officer: Client) -> None:
    typed = {**TIE, "from": "2020", "to": "2019", "note": "A note.", "source_url": PAGE}
    refused = officer.post(new_address("memberships"), typed)
    assert refused.status_code == 422
    page = page_text(refused)
    assert {name: text for name, text in values_of(page).items() if name in typed} == typed
    assert "the period ends (2019) before it begins (2020)" in words(refused)
    fault = page[page.index('name="to"') :]
    assert "autofocus" in fault[: fault.index(">")]
    assert 'aria-invalid="true"' in fault[: fault.index(">")]


def test_each_fault_stands_at_its_field(officer: Client) -> None:
    sent = {"name_fr": "X", "kind": "other", "website": "nowhere", "siren": "123", "since": "soon"}
    refused = officer.post(new_address("organisations"), {**sent, "source_url": "nothing", "country": "Nowhere"})
    assert refused.status_code == 422
    assert page_text(refused).count('<ul class="errorlist"') == 5
    assert '<details class="more-fields" open>' in page_text(refused)


def test_a_text_that_means_several_organisations_offers_them(officer: Client) -> None:
    for key, town in (("twin-a", "Lyon"), ("twin-b", "Paris")):
        record("organisations", key=key, name_fr="Le centre", acronym="CTR", kind="other", city=town)
    unclear = officer.post(new_address("memberships"), {**TIE, "member": "CTR"})
    assert unclear.status_code == 422
    assert "Choose which one is meant." in words(unclear)
    assert sorted(offered(unclear)) == ["twin-a", "twin-b"]
    kept = officer.post(new_address("memberships"), {**TIE, "member": "CTR", "member-picked": "twin-b", "from": "soon"})
    assert values_of(page_text(kept))["member"] == "Le centre · Paris · twin-b"
    chosen = officer.post(new_address("memberships"), {**TIE, "member": "CTR", "member-picked": "twin-b"})
    assert chosen.status_code == 302
    assert Tie.objects.get().subject.key == "twin-b"


@pytest.mark.parametrize("text", ["unité", "Lyon", "130005481", "the un", "Ancien nom"])
def test_the_picker_finds_by_name_town_identifier_and_former_name(officer: Client, text: str) -> None:
    unit = Organisation.objects.get(key="unit")
    unit.identifiers.create(scheme="siren", value="130005481")
    unit.names.create(text="Ancien nom", kind="official", language="fr", period_end="2010")
    options = officer.get("/en/facts/options", {"lists": "organisations", "member": text})
    assert "unit" in offered(options)


def test_a_name_that_is_there_already_is_offered_to_be_corrected(officer: Client) -> None:
    assert "/en/organisations/unit" in page_text(officer.get("/en/facts/resembling", {"name_fr": "unité"}))


@pytest.mark.parametrize(
    ("text", "empty", "understood"),
    [
        ("fev 2020", "unknown", "February 2020"),
        ("", "open", "it still holds"),
        ("", "unknown", "not known"),
        ("2026-06-10/2026-06-12", "unknown", "10"),
        ("31/2/2020", "unknown", "2020-02-31"),
    ],
)
def test_a_date_says_how_it_is_understood(officer: Client, text: str, empty: str, understood: str) -> None:
    assert understood in words(officer.get("/en/facts/understood", {"empty": empty, "from": text}))


def test_the_next_fact_of_a_sitting_shares_organisations_and_source(officer: Client) -> None:
    letter = {"source_kind": "letter", "source_title": "Letter of the dean", "source_dated": "7/2/2020"}
    sent = officer.post(new_address("memberships"), {**TIE, **letter, "another": "yes"})
    assert sent.status_code == 302
    shared = form_values(officer, sent["Location"])
    assert shared["member"].endswith("unit")
    assert shared["source_kind"] == "letter"
    assert shared["source_title"] == "Letter of the dean"
    assert shared["from"] == ""
    assert Source.objects.get().dated == "2020-02-07"


def test_a_tie_that_overlaps_another_leads_to_the_correction_of_that_one(officer: Client) -> None:
    first = tie(**{"from": "2020"})
    warned = officer.post(new_address("memberships"), {**TIE, "from": "2021"})
    assert warned.status_code == 422
    assert "It overlaps a fact of the same kind" in words(warned)
    assert address(first, "correct") in page_text(warned)
    assert "Save anyway" not in words(warned)
    assert officer.post(new_address("memberships"), {**TIE, "from": "2021", "anyway": "yes"}).status_code == 422


def test_an_overlapping_office_is_saved_only_anyway(officer: Client) -> None:
    office = {"name": "Ada Exemple", "role": "director", "of": "unit", "from": "2020"}
    record("people_roles", **office)
    warned = officer.post(new_address("people_roles"), {**office, "from": "2021"})
    assert "Save anyway" in words(warned)
    sent = officer.post(new_address("people_roles"), {**office, "from": "2021", "anyway": "yes"})
    assert sent.status_code == 302


def test_a_namesake_in_the_same_town_is_warned_of(officer: Client) -> None:
    typed = {"name_fr": "L’unité", "kind": "other", "city": "LYON"}
    warned = officer.post(new_address("organisations"), typed)
    assert "An organisation of this name is in the register already" in words(warned)
    assert officer.post(new_address("organisations"), {**typed, "city": "Nantes"}).status_code == 302


def test_a_tie_before_its_organisation_existed_is_warned_of(officer: Client) -> None:
    record("organisations", key="young", name_fr="La jeune", kind="other", since="2022", until="2024")
    assert "before La jeune existed (2022)" in words(officer.post(new_address("memberships"), {**TIE, "of": "young"}))
    late = officer.post(new_address("memberships"), {**TIE, "of": "young", "from": "2025"})
    assert "after La jeune ended (2024)" in words(late)


def test_what_will_change_is_shown_before_it_is_saved(officer: Client) -> None:
    fact = tie()
    values = form_values(officer, address(fact, "correct"))
    shown = officer.post(address(fact, "changes"), {**values, "from": "fév. 2020", "role": "partner"})
    assert "Tie member of → partner of" in words(shown)
    assert "Start 2020 → February 2020" in words(shown)
    assert Tie.objects.get().period_start == "2020"


def test_an_end_that_is_emptied_is_open_again(officer: Client) -> None:
    fact = tie(to="2024")
    values = form_values(officer, address(fact, "correct"))
    assert officer.post(address(fact, "correct"), {**values, "to": "", "reason": "It goes on."}).status_code == 302
    assert Tie.objects.get().period_end == ".."


def test_the_second_who_corrects_a_fact_sees_what_the_first_changed(officer: Client) -> None:
    fact = tie()
    first, second = (form_values(officer, address(fact, "correct")) for _person in range(2))
    assert officer.post(address(fact, "correct"), {**first, "from": "2021", "reason": "Deed."}).status_code == 302
    late = officer.post(address(fact, "correct"), {**second, "note": "Mine.", "reason": "Note."})
    assert late.status_code == 422
    assert "Changed in the meantime by somebody else: Start 2020 → 2021" in words(late)
    again = values_of(page_text(late))
    assert (again["from"], again["note"], again["reason"]) == ("2021", "Mine.", "Note.")
    assert officer.post(address(fact, "correct"), again).status_code == 302
    fact.refresh_from_db()
    assert (fact.period_start, fact.note_en) == ("2021", "Mine.")


def test_two_who_correct_the_same_field_are_told(officer: Client) -> None:
    fact = tie()
    first, second = (form_values(officer, address(fact, "correct")) for _person in range(2))
    officer.post(address(fact, "correct"), {**first, "from": "2021", "reason": "Deed."})
    late = officer.post(address(fact, "correct"), {**second, "from": "2019", "reason": "Report."})
    assert values_of(page_text(late))["from"] == "2019"
    assert "Start 2020 → 2021" in words(late)
    assert "Start 2021 → 2019" in words(late)


def test_an_old_page_does_not_end_what_was_changed(officer: Client) -> None:
    fact = tie()
    values = form_values(officer, address(fact, "correct"))
    end = form_values(officer, address(fact, "end"))
    officer.post(address(fact, "correct"), {**values, "from": "2021", "reason": "Deed."})
    late = officer.post(address(fact, "end"), {**end, "end": "2024", "reason": "Over."})
    assert late.status_code == 422
    assert officer.post(address(fact, "end"), values_of(page_text(late))).status_code == 302
    fact.refresh_from_db()
    assert fact.period_end == "2024"


@pytest.mark.parametrize("role", ["manager", "lead", "pilot"])
def test_a_manager_changes_the_own_facts_alone(register: None, role: str) -> None:
    fact = tie()
    record("organisations", key="other", name_fr="Une autre", kind="other")
    stranger, own = client_for("other", role), client_for("unit", role)
    for act in ("correct", "end", "withdraw"):
        assert stranger.get(address(fact, act)).status_code == 403
        assert own.get(address(fact, act)).status_code == 200
    assert stranger.post(new_address("memberships"), TIE).status_code == 403
    assert "Correct it" not in words(stranger.get(fact.get_absolute_url()))
    assert "Correct it" in words(own.get(fact.get_absolute_url()))


def test_a_manager_gives_the_statement_of_the_own_organisation(register: None) -> None:
    manager = client_for("unit")
    assert form_values(manager, new_address("memberships"))["member"].endswith("unit")
    assert (
        manager.post(new_address("memberships"), {**TIE, "role": "partner", "source_kind": "statement"}).status_code
        == 302
    )
    assert Source.objects.get().stated_by == "unit"
    refused = manager.post(new_address("memberships"), {**TIE, "source_kind": "statement"})
    assert refused.status_code == 422
    assert "ask an officer of the site" in words(refused)
    assert manager.get(new_address("organisations")).status_code == 403
    assert manager.get(new_address("awards")).status_code == 403


def test_nobody_else_is_shown_a_form(register: None) -> None:
    fact, reader = tie(), Client()
    for at in (new_address("memberships"), address(fact, "correct"), address(fact, "withdraw"), "/en/facts/"):
        assert reader.get(at).status_code == 403
    page = words(reader.get(fact.get_absolute_url()))
    assert "Withdraw it" not in page
    assert "Add a fact" not in words(reader.get("/en/ties/"))
    assert "Add a fact" not in words(reader.get("/en/organisations/unit"))


def test_facts_are_added_from_their_organisation_with_it_filled_in(officer: Client) -> None:
    page = page_text(officer.get("/en/organisations/unit"))
    assert "/en/facts/memberships/new?member=unit" in page
    assert "/en/facts/awards/new?holder=unit" in page
    assert "/en/facts/agreements/new?parties=unit" in page
    assert form_values(officer, "/en/facts/agreements/new?parties=unit")["parties-0"].endswith("unit")
    assert "new?member=unit" in page_text(officer.get("/en/ties/?organisation=unit"))
    manager = page_text(client_for("unit").get("/en/organisations/unit"))
    assert "/en/facts/memberships/new?member=unit" in manager
    assert "/en/facts/awards/new" not in manager


def test_a_withdrawn_record_says_so_to_those_who_may_know(officer: Client) -> None:
    record("organisations", key="other", name_fr="Une autre", kind="other")
    fact = tie()
    at = fact.get_absolute_url()
    officer.post(address(fact, "withdraw"), {"reason": "Never signed."})
    assert WithdrawnFact.objects.exists()
    for client in (officer, client_for("unit")):
        gone = client.get(at)
        assert gone.status_code == 410
        assert "Never signed." in words(gone)
    assert "Restore it" not in words(client_for("net").get(at))
    assert client_for("other").get(at).status_code == 404
    assert Client().get(at).status_code == 404


def test_keys_are_made_from_names(officer: Client) -> None:
    for key in ("unite-d-essai", "unite-d-essai-2"):
        sent = officer.post(new_address("organisations"), {"name_fr": "Unité d’essai", "kind": "other", "anyway": "y"})
        assert sent["Location"].endswith(f"/organisations/{key}")


def test_the_names_of_an_organisation_over_time_are_added_corrected_and_removed(officer: Client) -> None:
    unit = Organisation.objects.get(key="unit")
    at = address(unit, "correct")
    former = {"names-0-text": "L’atelier", "names-0-language": "fr", "names-0-to": "juillet 2010"}
    sent = officer.post(at, {**form_values(officer, at), **former, "reason": "Its name before."})
    assert sent.status_code == 302, words(sent)
    assert unit.names.get(text="L’atelier").period_end == "2010-07"
    values = form_values(officer, at)
    assert (values["names-0-text"], values["names-0-to"], values["names-1-text"]) == ("L’atelier", "2010-07", "")
    assert officer.post(at, {**values, "names-0-text": "Les ateliers", "reason": "Misread."}).status_code == 302
    texts = ("L’unité", "The unit", "Les ateliers")
    assert sorted(unit.names.values_list("text", flat=True)) == sorted(texts)
    assert officer.post(at, {**form_values(officer, at), "names-0-text": "", "reason": "Never."}).status_code == 302
    assert sorted(unit.names.values_list("text", flat=True)) == sorted(texts[:2])


@pytest.mark.parametrize("key", ["nobody", "secret", "%00"])
def test_an_address_that_names_an_unknown_or_hidden_organisation_says_so(register: None, key: str) -> None:
    record("organisations", key="secret", name_fr="Secret", kind="other", visibility="named")
    manager = client_for("unit", "manager")
    for page in (new_address("people_roles"), "/en/facts/people_roles/propose"):
        answer = manager.get(f"{page}?of={key}")
        assert answer.status_code == 404, words(answer)
        assert "the register has no such record, or it is not for you" in words(answer)
        assert manager.get(f"{page}?of=unit").status_code == 200


@pytest.mark.parametrize("key", ["nobody", "secret"])
def test_a_statement_of_an_unknown_or_hidden_organisation_is_refused(register: None, english: None, key: str) -> None:
    record("organisations", key="secret", name_fr="Secret", kind="other", visibility="named")
    client_for("unit", "manager")
    mandate = Mandate.objects.get(organisation__key="unit")
    manager = actor_of(mandate.person, timezone.now(), mandate.pk)
    values = {"name": "Ada", "role": "director", "of": "unit", "source": [{"kind": "statement", "of": key}]}
    about = {"actor": manager, "at": timezone.now(), "list_name": "people_roles"}
    with pytest.raises(FactError, match="no such organisation") as refusal:
        record_fact(**about, values=values)
    assert refusal.value.field == "source"
    with pytest.raises(FactError, match="no such organisation"):
        propose_change(**about, kind="record", values=values)
    values["source"] = [{"kind": "statement", "of": "unit"}]
    office = record_fact(**about, values=values)
    # What an officer has cited stays when others correct the rest.
    correct = {"at": timezone.now(), "list_name": "people_roles", "fact_id": str(office.uid), "reason": "Title."}
    if key == "secret":
        cited = {"source": [{"kind": "statement", "of": "secret"}]}
        correct_fact(actor=OFFICER_ACTOR, values=cited, **correct)
    correct_fact(actor=manager, values={"role_fr": "directrice"}, **correct)
