"""Forms of revisions pass on the fields that were posted, and no others."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from maillage.offers.models import Offer
from maillage.web.charter.forms import MeetingForm, ObjectiveForm, ResultForm
from maillage.web.label_agreements.forms import EntityForm
from maillage.web.offers.forms import CapacityForm, RevisionForm
from maillage.web.partnerships.forms import RatingForm, ReplyForm
from maillage.web.reviews.forms import ReviewerForm

OFFER = Offer(title_fr="Criblage", title_en="Screening", languages=["fr"])


@pytest.mark.parametrize(
    ("form_class", "posted", "expected"),
    [
        (CapacityForm, "note_en=Busy", {"note_en": "Busy"}),
        (CapacityForm, "free_from=", {"free_from": None}),
        (MeetingForm, "conclusion=Stop", {"conclusion": "Stop"}),
        (ResultForm, "reached=8", {"reached": Decimal(8)}),
        (EntityForm, "organisation=unit&share=50", {"organisation": "unit", "share": "50"}),
        (ReviewerForm, "email=a@example.org", {"email": "a@example.org"}),
        (ReplyForm, "takes_part=no&note=", {"takes_part": "no", "note": ""}),
        (RatingForm, "score=4", {"score": 4}),
    ],
)
def test_form_passes_on_the_posted_fields_alone(form_class, posted, expected):
    form = form_class(QueryDict(posted))
    assert form.is_valid(), form.errors
    assert form.posted == expected


def test_box_that_is_not_ticked_differs_from_one_that_is_not_shown():
    for posted, expected in (
        ("key=a", {}),
        ("key=a&fewer=", {"fewer": False}),
        ("key=a&fewer=&fewer=on", {"fewer": True}),
    ):
        form = ObjectiveForm(QueryDict(f"key=a{posted}"), figures=set())
        assert form.is_valid(), form.errors
        assert {name: value for name, value in form.posted.items() if name == "fewer"} == expected
    shown = str(ObjectiveForm(figures=set())["fewer"])
    assert shown.startswith('<input type="hidden" name="fewer" value="">')


def test_boxes_of_which_none_is_ticked_empty_the_field():
    for posted, expected in (
        ("", {}),
        ("languages=", {"languages": []}),
        ("languages=&languages=en", {"languages": ["en"]}),
    ):
        form = RevisionForm(QueryDict(f"reason=r&{posted}"), offer=OFFER)
        assert form.is_valid(), form.errors
        assert form.changes == expected


def test_required_field_of_a_revision_may_be_left_out_but_not_emptied():
    assert RevisionForm(QueryDict("reason=r&title_en=X"), offer=OFFER).is_valid()
    assert set(RevisionForm(QueryDict("reason=r&title_en="), offer=OFFER).errors) == {"title_en"}
    assert set(RevisionForm(QueryDict("title_en=X"), offer=OFFER).errors) == {"reason"}


@pytest.mark.parametrize(
    ("form_class", "missing"),
    [
        (ResultForm, "reached"),
        (EntityForm, "organisation"),
        (ReviewerForm, "email"),
        (ReplyForm, "takes_part"),
        (RatingForm, "score"),
    ],
)
def test_form_asks_for_what_the_action_cannot_do_without(form_class, missing):
    assert set(form_class(QueryDict("note=x")).errors) == {missing}
