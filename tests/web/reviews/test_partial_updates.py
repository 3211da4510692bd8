"""The forms of reviewers and of reviews leave what is not posted as it was."""

import pytest
from django.test import Client

from maillage.reviews.actions.assignments import assign_reviews
from maillage.reviews.models import Assignment, Reviewer
from tests.calls.sample_call import DURING, SampleCall, publish_sample_call, send_sample_application
from tests.reviews.sample_panel import list_assignments, name_sample_reviewer, reviewer_actor, write_sample_review
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db

PANEL = "/en/calls/simulated/panel"


@pytest.fixture
def wave(db) -> SampleCall:
    return publish_sample_call()


@pytest.fixture
def reviewer(wave) -> Reviewer:
    return name_sample_reviewer(wave, "one", wave.stranger, competences=["law", "contracts"], most=3)


@pytest.fixture
def agency(wave) -> Client:
    return client_of(wave.acting(wave.agency, "label-officer"))


@pytest.fixture
def assignment(wave, reviewer) -> Assignment:
    send_sample_application(wave)
    assign_reviews(actor=wave.acting(wave.agency, "label-officer"), at=DURING, call_id=wave.call.pk)
    return list_assignments()[0]


def test_panel_page_keeps_the_fields_of_a_reviewer_that_are_not_posted(wave, reviewer, agency):
    sent = agency.post(PANEL, {"do": "name", "email": "one@example.org", "most": "2"})
    assert sent.status_code == 302, sent.content
    reviewer.refresh_from_db()
    assert (reviewer.most, reviewer.employer, reviewer.competences) == (2, wave.stranger, ["law", "contracts"])
    agency.post(PANEL, {"do": "name", "email": "one@example.org", "employer": ""})
    reviewer.refresh_from_db()
    assert (reviewer.most, reviewer.employer, reviewer.competences) == (2, None, ["law", "contracts"])


def test_reviewer_is_not_named_without_an_address(reviewer, agency):
    assert agency.post(PANEL, {"do": "name", "most": "2"}).status_code == 422
    reviewer.refresh_from_db()
    assert reviewer.most == 3


def test_review_page_keeps_the_marks_and_texts_that_are_not_posted(assignment):
    review = write_sample_review(assignment, "5", "4", send=False)
    reviewer = client_of(reviewer_actor(assignment.reviewer))
    sent = reviewer.post(f"/en/reviews/{assignment.pk}", {"mark-means": "3"})
    assert sent.status_code == 302, sent.content
    words = (review.to_applicant, review.to_panel)
    review.refresh_from_db()
    assert review.marks == {"strategy": "5", "means": "3"}
    assert (review.to_applicant, review.to_panel) == words
    reviewer.post(f"/en/reviews/{assignment.pk}", {"mark-means": "", "to_panel": ""})
    review.refresh_from_db()
    assert (review.marks, review.to_applicant, review.to_panel) == ({"strategy": "5"}, words[0], "")
