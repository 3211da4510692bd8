"""Revisions change the fields that are given, and no others: absent, `null` and `""` are three different things."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from maillage.api.action_endpoints import arguments_model
from maillage.charter.actions.objectives import YearTarget, set_objective
from maillage.charter.actions.reviews import hold_review
from maillage.charter.models import Target
from maillage.core.action_registry import REGISTRY, ActionError
from maillage.core.actors import PUBLIC, Actor
from maillage.offers.models import Capacity, Offer
from maillage.partnerships.actions.answers import answer_need, ask_teams, reply_to_request
from maillage.partnerships.actions.requester import rate_need
from maillage.partnerships.need_inputs import NeedTerms, RequestedCapabilityInput
from maillage.people.queries import actor_of
from maillage.register.models import Organisation
from maillage.reviews.actions.assignments import assign_reviews
from tests.calls.sample_call import DURING, publish_sample_call, send_sample_application
from tests.charter.sample_charter import AT, publish_sample_charter
from tests.label_agreements.sample_agreements import open_agreements, write_sample_entity
from tests.partnerships.sample_needs import LETTER, create_sample_network, proposed_team, state_sample_need, working_day
from tests.reviews.sample_panel import list_assignments, name_sample_reviewer, reviewer_actor, write_sample_review

pytestmark = pytest.mark.django_db
ACTIONS = "/api/v1/actions/"


def run_json(action_name: str, actor: Actor, at: dt.datetime, **arguments: Any) -> Any:
    """Run an action with arguments read from JSON as the API reads them, at a moment of the past."""
    action = REGISTRY[action_name]
    model = arguments_model(action).model_validate_json(json.dumps(arguments))
    return action.run(actor=actor, at=at, **{field: getattr(model, field) for field in type(model).model_fields})


def changed_fields(record: Any, before: dict[str, Any]) -> set[str]:
    record.refresh_from_db()
    return {name for name, value in model_to_dict(record).items() if value != before[name]}


@pytest.fixture
def offer() -> Offer:
    lab = Organisation.objects.create(key="lab", kind="research-unit", name_fr="Lab")
    return Offer.objects.create(
        key="screening", provider=lab, title_fr="Criblage", title_en="Screening", keywords=["screening"],
        stage_fr="Prototype", stage_en="Prototype", trl_low=3, trl_high=5, languages=["fr"], cost=Decimal(900),
        currency="CHF", note_fr="Note", note_en="Remark", period_start="2020",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "changed"),
    [
        ({"title_en": "Screening of cells"}, {"title_en"}),
        ({"trl_low": 2}, {"trl_low"}),
        ({"trl_low": None, "trl_high": None}, {"trl_low", "trl_high"}),
        ({"note_fr": ""}, {"note_fr"}),
        ({"languages": []}, {"languages"}),
        ({}, set()),
    ],
)
def test_offer_keeps_the_fields_that_a_revision_does_not_name(offer, officer, with_token, draft, changed):
    before = model_to_dict(offer)
    body = {"offer_id": offer.pk, "draft": draft, "reason": "r"}
    client = with_token(officer, "read", "write")
    response = client.post(f"{ACTIONS}offers.revise_offer", json.dumps(body), "application/json")
    assert response.status_code == 200, response.content
    assert changed_fields(offer, before) == changed


def test_unknown_field_of_a_revision_is_refused(offer, officer, with_token):
    body = {"offer_id": offer.pk, "draft": {"titel_en": "x"}, "reason": "r"}
    client = with_token(officer, "read", "write")
    response = client.post(f"{ACTIONS}offers.revise_offer", json.dumps(body), "application/json")
    assert response.status_code == 422


def test_capacity_keeps_what_is_absent_and_empties_what_is_null(offer, officer, with_token):
    capacity = Capacity.objects.create(
        organisation=offer.provider, free_from=dt.date(2030, 1, 1), note_fr="Complet", note_en="Full",
        said_at=timezone.now(),
    )  # fmt: skip
    client = with_token(officer, "read", "write")
    for given, expected in (
        ({"note_en": "Busy"}, (dt.date(2030, 1, 1), "Complet", "Busy")),
        ({"free_from": None}, (None, "Complet", "Busy")),
        ({"note_fr": ""}, (None, "", "Busy")),
    ):
        body = json.dumps({"organisation_id": offer.provider_id} | given)
        assert client.post(f"{ACTIONS}offers.say_capacity", body, "application/json").status_code == 200
        capacity.refresh_from_db()
        assert (capacity.free_from, capacity.note_fr, capacity.note_en) == expected


def test_schema_shows_an_argument_that_may_be_absent_without_default():
    schema = arguments_model(REGISTRY["offers.say_capacity"]).model_json_schema()
    assert schema["required"] == ["organisation_id"]
    assert schema["properties"]["note_fr"] == {"title": "Note Fr", "type": "string"}


def test_account_keeps_its_language_when_the_name_changes(person):
    person.language, person.password = "en", "unusable"
    person.save()
    run_json("people.revise_account", actor_of(person, timezone.now()), timezone.now(), name="Another name")
    person.refresh_from_db()
    assert (person.name, person.language) == ("Another name", "en")


def test_need_keeps_terms_and_capabilities_that_are_not_given():
    network = create_sample_network()
    terms = NeedTerms(countries=["FR"], trl_low=2, trl_high=4, budget=Decimal(5000), currency="CHF")
    need = state_sample_need(network, terms=terms, asked=[RequestedCapabilityInput("aml")])
    before, manager = model_to_dict(need), network.acting(network.institute)
    run_json("partnerships.specify_need", manager, working_day(1), need_id=need.pk, terms={"budget": None})
    assert changed_fields(need, before) == {"budget"}
    assert list(need.asked.values_list("concept", "essential")) == [("aml", True)]
    run_json("partnerships.specify_need", manager, working_day(1), need_id=need.pk, asked=[])
    assert changed_fields(need, before) == {"budget"}
    assert not need.asked.exists()


def test_reply_of_a_team_keeps_its_day():
    network = create_sample_network()
    need = state_sample_need(network)
    asked = {"need_id": need.pk, "offers": [network.offers[0].pk]}
    manager, lead = network.acting(network.institute), network.acting(network.lab, "lead")
    (request,) = ask_teams(actor=manager, at=working_day(1), message="Please.", **asked)
    free = dt.date(2026, 5, 1)
    reply_to_request(
        actor=lead, at=working_day(1), request_id=request.pk, takes_part=True, free_from=free, note="Soon."
    )
    run_json("partnerships.reply_to_request", lead, working_day(2), request_id=request.pk, takes_part=False)
    run_json("partnerships.ask_teams", manager, working_day(2), **asked)
    request.refresh_from_db()
    assert (request.reply, request.free_from) == ("no", free)


def test_rating_keeps_its_comment_when_the_score_changes():
    network = create_sample_network()
    need = state_sample_need(network)
    manager = network.acting(network.institute)
    answer_need(actor=manager, at=working_day(1), need_id=need.pk, letter=LETTER, team=proposed_team(network))
    by = {"actor": PUBLIC, "at": working_day(2), "need_id": need.pk}
    rating = rate_need(score=2, comment="Too general.", **by)
    before = model_to_dict(rating)
    rate_need(score=4, **by)
    assert changed_fields(rating, before) == {"score"}
    rate_need(score=4, comment="", **by)
    assert changed_fields(rating, before) == {"score", "comment"}
    assert rating.comment == ""


def test_objective_keeps_what_is_not_set_again():
    charter = publish_sample_charter()
    aims = [YearTarget(2026, Decimal(4))]
    about = {"follow_up_id": charter.follow_up.pk, "key": "contracts"}
    objective = set_objective(
        actor=charter.agency, at=AT, text="Contracts", unit="contracts", fewer=True, aims=aims, **about
    )
    before = model_to_dict(objective)
    run_json("charter.set_objective", charter.agency, AT, text="New contracts", **about)
    assert changed_fields(objective, before) == {"text"}
    assert objective.targets.count() == 1
    with pytest.raises(ActionError):
        run_json("charter.set_objective", charter.agency, AT, text="", **about)


def test_result_keeps_the_evidence_that_is_not_given_again():
    charter = publish_sample_charter()
    about = {"follow_up_id": charter.follow_up.pk, "key": "contracts"}
    aims = [YearTarget(2025, Decimal(10)), YearTarget(2026, Decimal(12))]
    objective = set_objective(actor=charter.agency, at=AT, text="Contracts", aims=aims, **about)
    about |= {"year": 2025}
    evidence = "The list of contracts"
    run_json("charter.declare_reached", charter.holder, AT, reached="8", evidence=evidence, **about)
    target, other = objective.targets.order_by("year")
    Target.objects.filter(pk=target.pk).update(digest="a" * 64)
    before, other_before = model_to_dict(target) | {"digest": "a" * 64}, model_to_dict(other)
    run_json("charter.declare_reached", charter.holder, AT, reached="9", evidence="The new list", **about)
    assert changed_fields(target, before) == {"reached", "evidence"}
    assert (target.reached, target.evidence, target.digest) == (9, "The new list", "a" * 64)
    with pytest.raises(ActionError):
        run_json("charter.declare_reached", charter.holder, AT, reached="10", **about)
    target.refresh_from_db()
    assert target.reached == 9
    assert changed_fields(other, other_before) == set()


def test_review_meeting_keeps_its_minutes_when_the_conclusion_is_corrected():
    charter = publish_sample_charter()
    about = {"follow_up_id": charter.follow_up.pk, "review": "mid-term"}
    meeting = hold_review(
        actor=charter.agency, at=AT, held_on=dt.date(2026, 3, 2), conclusion="Go on.", minutes="We met.", **about
    )
    before = model_to_dict(meeting)
    run_json("charter.hold_review", charter.agency, AT, conclusion="Stop.", **about)
    assert changed_fields(meeting, before) == {"conclusion"}
    with pytest.raises(ActionError):
        run_json("charter.hold_review", charter.agency, AT, conclusion="Go on.", **about | {"review": "final"})


def test_reviewer_keeps_employer_and_competences_when_named_again():
    wave = publish_sample_call()
    reviewer = name_sample_reviewer(wave, "one", wave.stranger, competences=["law"], most=3)
    before, agency = model_to_dict(reviewer), wave.acting(wave.agency, "label-officer")
    run_json("reviews.name_reviewer", agency, DURING, call_id=wave.call.pk, email="one@example.org", most=2)
    assert changed_fields(reviewer, before) == {"most"}


def test_review_keeps_marks_and_words_that_are_not_given():
    wave = publish_sample_call()
    send_sample_application(wave)
    name_sample_reviewer(wave, "one")
    assign_reviews(actor=wave.acting(wave.agency, "label-officer"), at=DURING, call_id=wave.call.pk)
    assignment = list_assignments()[0]
    review = write_sample_review(assignment, "5", "4", send=False)
    before, reviewer = model_to_dict(review), reviewer_actor(assignment.reviewer)
    run_json("reviews.write_review", reviewer, DURING, assignment_id=assignment.pk, marks={"means": 3})
    assert changed_fields(review, before) <= {"marks", "written_at"}
    assert review.marks == {"strategy": "5", "means": "3"}
    run_json("reviews.write_review", reviewer, DURING, assignment_id=assignment.pk, marks={"means": ""}, to_panel="")
    review.refresh_from_db()
    assert (review.marks, review.to_panel, review.to_applicant) == ({"strategy": "5"}, "", before["to_applicant"])


def test_entity_keeps_its_days_when_its_share_changes():
    wave = publish_sample_call()
    (agreement,) = open_agreements(wave, wave.institute)
    entity = write_sample_entity(wave, agreement, "60", since="2027-01-01")
    before = model_to_dict(entity)
    about = {"agreement_id": agreement.pk, "version": agreement.last.number, "organisation_id": entity.organisation_id}
    holder = wave.acting(wave.institute)
    run_json("label_agreements.write_entity", holder, DURING, share="50", base=entity.edition, **about)
    assert changed_fields(entity, before) == {"share", "edition"}
