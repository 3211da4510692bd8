"""Facts of lists are recorded, corrected, ended, withdrawn and restored."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.citations import accept_citation
from maillage.core.actions.facts import (
    correct_fact,
    end_fact,
    record_fact,
    restore_fact,
    withdraw_fact,
)
from maillage.core.actors import MANDATED_ROLES, OFFICER, ActiveMandate, Actor
from maillage.core.certainty import evidence_of
from maillage.core.models import Citation
from maillage.core.rows.list_register import FACT_LISTS
from maillage.register.models import Organisation, Tie

OFFICER_ACTOR = Actor("officer", frozenset({OFFICER}))
PAGE = "https://example.org/deed"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def run(action: Any, actor: Actor = OFFICER_ACTOR, **arguments: Any) -> Any:
    return action(actor=actor, at=timezone.now(), **arguments)


def acting_for(organisation: Organisation, role: str) -> Actor:
    mandate = ActiveMandate(
        1, role, organisation.pk, str(organisation), dt.date(2020, 1, 1), reach=frozenset({organisation.pk})
    )
    return Actor("somebody", frozenset({"reader"}), None, mandate)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are read in English here."""
    with translation.override("en"):
        yield


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    unit = run(record_fact, list_name="organisations", values={"key": "unit", "name_fr": "L’unité", "kind": "other"})
    network = run(
        record_fact, list_name="organisations", values={"key": "net", "name_fr": "Le réseau", "kind": "network"}
    )
    return unit, network


def tie(**values: str) -> Tie:
    values = {"member": "unit", "of": "net", "role": "member", **values}
    recorded: Tie = run(record_fact, list_name="memberships", values={**values, "source": [PAGE]})
    return recorded


def test_a_recorded_fact_has_its_source_and_a_lasting_key(pair: Any) -> None:
    recorded = tie(**{"from": "février 2020"})
    assert (recorded.period_start, recorded.period_end) == ("2020-02", "..")
    assert recorded.uid
    assert Citation.objects.get(record_kind="register.tie", record_id=recorded.pk).source.url == PAGE


def test_a_fact_that_is_there_is_not_recorded_again(pair: Any) -> None:
    tie(**{"from": "2020"})
    with pytest.raises(ActionError, match="recorded already"):
        tie(**{"from": "2020"})


def test_a_start_that_becomes_known_is_the_same_fact(pair: Any) -> None:
    recorded = tie()
    with pytest.raises(ActionError, match="recorded already"):
        tie(**{"from": "2020"})
    corrected = run(
        correct_fact,
        list_name="memberships",
        fact_id=str(recorded.uid),
        values={"from": "2020-02-07"},
        reason="The deed gives the day.",
    )
    assert corrected.pk == recorded.pk
    assert Tie.objects.get().period_start == "2020-02-07"


def test_a_correction_changes_what_it_is_given(pair: Any) -> None:
    recorded = tie(**{"from": "2020", "note": "kept"})
    run(correct_fact, list_name="memberships", fact_id=str(recorded.uid), values={"role": "partner"}, reason="Misread.")
    corrected = Tie.objects.get()
    assert (corrected.pk, corrected.kind, corrected.period_start, corrected.note_en) == (
        recorded.pk,
        "partner",
        "2020",
        "kept",
    )


def test_a_corrected_name_leaves_no_second_name(pair: Any) -> None:
    unit, _network = pair
    run(
        correct_fact,
        list_name="organisations",
        fact_id=str(unit.uid),
        values={"name_fr": "L’unité mixte"},
        reason="Typing error.",
    )
    unit.refresh_from_db()
    assert unit.name_fr == "L’unité mixte"
    assert list(unit.names.values_list("text", flat=True)) == ["L’unité mixte"]


def test_the_key_of_a_record_is_not_corrected(pair: Any) -> None:
    with pytest.raises(ActionError, match="key of a record stays"):
        run(correct_fact, list_name="organisations", fact_id=str(pair[0].uid), values={"key": "x"}, reason="r")


def test_an_ended_fact_stays_true_of_the_days_before(pair: Any) -> None:
    recorded = tie(**{"from": "2020"})
    run(end_fact, list_name="memberships", fact_id=str(recorded.uid), end="30/6/2024", reason="Left.")
    assert Tie.objects.get().period_end == "2024-06-30"
    with pytest.raises(ActionError, match="before it begins"):
        run(end_fact, list_name="memberships", fact_id=str(recorded.uid), end="2019", reason="r")
    with pytest.raises(ActionError, match="Give the date"):
        run(end_fact, list_name="memberships", fact_id=str(recorded.uid), end="still true", reason="r")


def test_a_withdrawn_fact_is_restored_as_it_was(pair: Any) -> None:
    recorded = tie(**{"from": "2020"})
    before = Tie.objects.values().get()
    withdrawn = run(withdraw_fact, list_name="memberships", fact_id=str(recorded.uid), reason="Never signed.")
    assert not Tie.objects.exists()
    assert withdrawn.row["source"] == [PAGE]
    assert not Citation.objects.filter(record_kind="register.tie").exists()
    run(restore_fact, withdrawn_id=withdrawn.pk, reason="The deed was found.")
    assert Tie.objects.values().get() == before
    assert Citation.objects.get(record_kind="register.tie").record_id == before["id"]
    with pytest.raises(ActionError, match="restored already"):
        run(restore_fact, withdrawn_id=withdrawn.pk, reason="r")


def test_what_others_depend_on_is_not_withdrawn(pair: Any) -> None:
    tie(**{"from": "2020"})
    with pytest.raises(ActionError, match="depend on it"):
        run(withdraw_fact, list_name="organisations", fact_id=str(pair[0].uid), reason="r")
    assert Organisation.objects.filter(key="unit").exists()


def test_another_fact_in_the_place_of_a_withdrawn_one_keeps_it_away(pair: Any) -> None:
    withdrawn = run(
        withdraw_fact, list_name="memberships", fact_id=str(tie(**{"from": "2020"}).uid), reason="Never signed."
    )
    tie(**{"from": "2020"})
    with pytest.raises(ActionError, match="taken its place"):
        run(restore_fact, withdrawn_id=withdrawn.pk, reason="r")


def test_a_manager_writes_about_the_own_organisation_alone(pair: Any) -> None:
    unit, network = pair
    other = Organisation.objects.create(key="other", name_fr="Autre", kind="other")
    values = {"member": "unit", "of": "net", "role": "partner"}
    with pytest.raises(ActionForbiddenError):
        run(record_fact, acting_for(other, "manager"), list_name="memberships", values=values)
    recorded = run(record_fact, acting_for(unit, "manager"), list_name="memberships", values=values)
    moved = {"member": "other", "of": "net"}
    with pytest.raises(ActionForbiddenError, match="organisation of yours"):
        run(
            correct_fact,
            acting_for(unit, "manager"),
            list_name="memberships",
            fact_id=str(recorded.uid),
            values={**moved, "of": "other", "member": "net"},
            reason="r",
        )
    assert Tie.objects.get(pk=recorded.pk).subject == unit
    assert network.ties_in.count() == 1


@pytest.mark.parametrize("role", MANDATED_ROLES)
def test_each_list_is_written_by_its_writers(pair: Any, role: str) -> None:
    """An empty row is refused as a row where the role may write, and as forbidden where it may not."""
    actor = acting_for(pair[0], role)
    for name, fact_list in FACT_LISTS.items():
        field = next((fact_list.field(concern) for concern in fact_list.concerns), None)
        values = {field.key: "unit"} if field else {}
        error = ActionError if role in fact_list.writers and field else ActionForbiddenError
        if role in fact_list.writers and name in ("organisations", "events", "agreements", "labels", "startups"):
            continue  # A row with its key alone is enough for some of them.
        with pytest.raises(error):
            run(record_fact, actor, list_name=name, values=values)


@pytest.mark.parametrize("fact_id", ["", "1", "00000000-0000-4000-8000-000000000000"])
def test_a_key_that_no_fact_has_is_refused(fact_id: str) -> None:
    with pytest.raises(ActionError):
        run(withdraw_fact, list_name="memberships", fact_id=fact_id, reason="r")


def certainty(record: Tie) -> str:
    key = (record.kind_name(), record.pk)
    return str(evidence_of([key], actor=OFFICER_ACTOR)[key].certainty_level(own=(), today=timezone.localdate()))


def test_what_an_organisation_states_of_itself_is_self_declared(pair: Any) -> None:
    values = {"member": "unit", "of": "net", "role": "partner"}
    recorded = run(record_fact, acting_for(pair[0], "manager"), list_name="memberships", values=values)
    assert Citation.objects.get(record_id=recorded.pk, record_kind="register.tie").source.stated_by == "unit"
    assert certainty(recorded) == "self"


def test_a_document_of_the_organisation_confirms_once_it_is_accepted(pair: Any) -> None:
    deed = {"kind": "document", "title": "Deed", "dated": "7/2/2020", "place": "article 2"}
    values = {"member": "unit", "of": "net", "role": "partner", "source": [deed]}
    recorded = run(record_fact, acting_for(pair[0], "manager"), list_name="memberships", values=values)
    citation = Citation.objects.get(record_id=recorded.pk, record_kind="register.tie")
    assert (str(citation.source), citation.accepted) == ("Deed, 2020-02-07, article 2", False)
    assert certainty(recorded) == "self"
    run(accept_citation, citation_id=citation.pk)
    assert certainty(recorded) == "confirmed"
    with pytest.raises(ActionError, match="accepted already"):
        run(accept_citation, citation_id=citation.pk)


def test_a_document_that_an_officer_cites_confirms(pair: Any) -> None:
    values = {"member": "unit", "of": "net", "role": "partner", "source": [{"kind": "letter", "title": "Letter"}]}
    assert certainty(run(record_fact, list_name="memberships", values=values)) == "confirmed"


def test_an_end_that_is_not_known_is_exported_as_such(pair: Any) -> None:
    recorded = tie(**{"from": "2020", "to": "not known"})
    row = FACT_LISTS["memberships"].to_row(recorded)
    assert (recorded.period_end, row["to"]) == ("", "")
    run(withdraw_fact, list_name="memberships", fact_id=str(recorded.uid), reason="To load it again.")
    row.pop("id")
    assert run(record_fact, list_name="memberships", values=row).period_end == ""
