"""Forms of a follow-up leave what is not posted as it was."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from maillage.charter.actions.objectives import YearTarget, declare_reached, set_objective
from maillage.charter.actions.reviews import hold_review
from maillage.charter.models import Objective
from tests.charter.sample_charter import AT, SampleCharter, publish_sample_charter
from tests.files import sample_files
from tests.web.clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture
def charter(db) -> SampleCharter:
    return publish_sample_charter()


@pytest.fixture
def objective(charter) -> Objective:
    targets = [YearTarget(2025, Decimal(10)), YearTarget(2026, Decimal(12))]
    return charter.done(
        set_objective, charter.agency, key="contracts", text="Contracts", unit="contracts", fewer=True, aims=targets
    )


def test_objective_page_keeps_the_fields_that_are_not_posted(charter, objective):
    address = f"/en/follow-ups/{charter.follow_up.pk}/objectives/contracts"
    sent = client_of(charter.agency).post(address, {"key": "contracts", "text": "New contracts"})
    assert sent.status_code == 302, sent.content
    objective.refresh_from_db()
    assert (objective.text, objective.unit, objective.fewer) == ("New contracts", "contracts", True)
    assert list(objective.targets.order_by("year").values_list("year", "target")) == [(2025, 10), (2026, 12)]


def test_result_page_keeps_the_words_when_a_file_is_added(charter, objective):
    charter.done(declare_reached, key="contracts", year=2025, reached=Decimal(8), evidence="The list of contracts")
    address = f"/en/follow-ups/{charter.follow_up.pk}/objectives/contracts/2025"
    file = SimpleUploadedFile("list.pdf", sample_files.PDF)
    sent = client_of(charter.holder).post(address, {"reached": "9", "file": file})
    assert sent.status_code == 302, sent.content
    target = objective.targets.get(year=2025)
    assert (target.target, target.reached, target.evidence) == (10, 9, "The list of contracts")
    assert target.digest
    other = objective.targets.get(year=2026)
    assert (other.reached, other.evidence, other.digest) == (None, "", "")


def test_review_page_keeps_the_fields_that_are_not_posted(charter):
    held_on = dt.date(2026, 3, 2)
    meeting = hold_review(
        actor=charter.agency, at=AT, follow_up_id=charter.follow_up.pk, review="mid-term", held_on=held_on,
        conclusion="Go on.", minutes="We met.",
    )  # fmt: skip
    address = f"/en/follow-ups/{charter.follow_up.pk}/reviews/mid-term"
    sent = client_of(charter.agency).post(address, {"conclusion": "Stop."})
    assert sent.status_code == 302, sent.content
    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.conclusion, meeting.minutes) == (held_on, "Stop.", "We met.")


@pytest.mark.parametrize(
    ("path", "posted"),
    [("objectives/contracts", {"text": "New contracts"}), ("objectives/contracts/2025", {"evidence": "The list"})],
)
def test_form_without_what_the_action_cannot_do_without_is_shown_again(charter, objective, path, posted):
    client = client_of(charter.agency if "text" in posted else charter.holder)
    assert client.post(f"/en/follow-ups/{charter.follow_up.pk}/{path}", posted).status_code == 422
    objective.refresh_from_db()
    assert objective.text == "Contracts"
