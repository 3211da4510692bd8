"""What those who write about their own organisations may not open, see or take away by the way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.facts import correct_fact, end_fact, record_fact, restore_fact, withdraw_fact
from maillage.core.actors import OFFICER, ActiveMandate, Actor
from maillage.core.models import Source
from maillage.people.models import Mandate, User
from maillage.register.models import Organisation, Tie

OFFICER_ACTOR = Actor("officer", frozenset({OFFICER}))
TIE = {"member": "neighbour", "of": "net", "role": "member", "from": "2020"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def neighbour() -> Organisation:
    Organisation.objects.create(key="net", name_fr="Le réseau", kind="network")
    Organisation.objects.create(key="third", name_fr="Le tiers", kind="other")
    return Organisation.objects.create(key="neighbour", name_fr="Le voisin", kind="institute")


def run(action: Callable[..., Any], actor: Actor = OFFICER_ACTOR, **arguments: Any) -> Any:
    return action(actor=actor, at=timezone.now(), **arguments)


def manager(*organisations: Organisation) -> Actor:
    own = organisations[0]
    mandate = ActiveMandate(
        1, "manager", own.pk, str(own), timezone.localdate(), reach=frozenset(each.pk for each in organisations)
    )
    return Actor("manager", frozenset({"reader"}), None, mandate)


def corrected(record: Any, actor: Actor, **values: str) -> Any:
    return run(correct_fact, actor, list_name="memberships", fact_id=str(record.uid), values=values, reason="Misread.")


def test_nobody_joins_a_network_by_recording_it(neighbour: Organisation) -> None:
    with pytest.raises(ActionError, match="ask an officer"):
        run(record_fact, manager(neighbour), list_name="memberships", values=TIE)
    assert not Tie.objects.exists()
    partner = run(record_fact, manager(neighbour), list_name="memberships", values={**TIE, "role": "partner"})
    with pytest.raises(ActionError, match="ask an officer"):
        corrected(partner, manager(neighbour), role="member")
    assert Tie.objects.get().kind == "partner"


def test_who_acts_for_both_ends_records_a_membership(neighbour: Organisation) -> None:
    both = manager(neighbour, Organisation.objects.get(key="net"))
    assert run(record_fact, both, list_name="memberships", values=TIE).kind == "member"


def test_a_parent_is_no_way_round(neighbour: Organisation) -> None:
    with pytest.raises(ActionError, match="officers of the site"):
        run(
            correct_fact,
            manager(neighbour),
            list_name="organisations",
            fact_id=str(neighbour.uid),
            values={"parent": "net"},
            reason="r",
        )
    assert not Tie.objects.exists()


def test_a_membership_that_is_over_is_not_opened_again(neighbour: Organisation) -> None:
    tie = run(record_fact, list_name="memberships", values={**TIE, "to": "2022"})
    actor = manager(neighbour)
    with pytest.raises(ActionError, match="ask an officer"):
        corrected(tie, actor, to="still true")
    with pytest.raises(ActionError, match="ask an officer"):
        run(end_fact, actor, list_name="memberships", fact_id=str(tie.uid), end="2040", reason="r")
    assert corrected(tie, actor, note="Left in 2022.").note_en == "Left in 2022."
    assert (
        run(end_fact, actor, list_name="memberships", fact_id=str(tie.uid), end="2021", reason="r").period_end == "2021"
    )


def test_a_tie_by_which_one_acts_for_another_is_not_led_to_a_third(neighbour: Organisation) -> None:
    tie = run(record_fact, list_name="memberships", values={**TIE, "role": "host"})
    Tie.objects.filter(pk=tie.pk).update(managed_by="subject")
    with pytest.raises(ActionError, match="ask an officer"):
        corrected(tie, manager(neighbour), of="third")
    assert Tie.objects.get().object.key == "net"


def test_the_visibility_that_others_share_is_not_changed_by_a_correction(neighbour: Organisation) -> None:
    tie = run(record_fact, list_name="memberships", values={**TIE, "role": "partner", "visibility": "organisation"})
    with pytest.raises(ActionError, match="who reads it"):
        corrected(tie, manager(neighbour), visibility="public")
    assert Tie.objects.get().visibility == "organisation"


def test_a_hidden_fact_is_not_named_to_whom_it_is_hidden_from(neighbour: Organisation) -> None:
    event = {"key": "jubilee", "name": "The secret jubilee", "kind": "meeting", "organiser": "third"}
    run(record_fact, list_name="events", values={**event, "visibility": "organisation"})
    own = {"key": "jubilee", "name": "Ours", "kind": "meeting", "organiser": "neighbour"}
    with pytest.raises(ActionError, match="not open to you") as error:
        run(record_fact, manager(neighbour), list_name="events", values=own)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("fact_id", ["", "1", "no-key"])
def test_a_key_that_is_none_is_refused_and_no_fault_of_the_server(neighbour: Organisation, fact_id: str) -> None:
    with pytest.raises((ActionError, ActionForbiddenError)):
        run(withdraw_fact, manager(neighbour), list_name="memberships", fact_id=fact_id, reason="r")


def test_the_words_of_a_source_that_others_cite_stay(neighbour: Organisation) -> None:
    decree = {"url": "https://example.org/decree", "title": "The decree"}
    run(record_fact, list_name="memberships", values={**TIE, "source": [decree]})
    forged = {**decree, "title": "A joke"}
    values = {**TIE, "of": "third", "role": "partner", "source": [forged]}
    run(record_fact, manager(neighbour), list_name="memberships", values=values)
    assert Source.objects.get(url=decree["url"]).title == "The decree"


def test_an_organisation_for_which_persons_act_is_not_withdrawn(neighbour: Organisation) -> None:
    person = User.objects.create(email="a@example.org", name="A")
    Mandate.objects.create(person=person, organisation=neighbour, role="manager", first_day=timezone.localdate())
    with pytest.raises(ActionError, match="depend on it"):
        run(withdraw_fact, list_name="organisations", fact_id=str(neighbour.uid), reason="r")
    assert Mandate.objects.exists()


def test_a_fact_is_not_restored_without_what_it_refers_to(neighbour: Organisation) -> None:
    tie = run(record_fact, list_name="memberships", values=TIE)
    withdrawn = run(withdraw_fact, list_name="memberships", fact_id=str(tie.uid), reason="r")
    run(withdraw_fact, list_name="organisations", fact_id=str(neighbour.uid), reason="r")
    with pytest.raises(ActionError, match="refers to is gone"):
        run(restore_fact, withdrawn_id=withdrawn.pk, reason="r")
    assert not Tie.objects.exists()
