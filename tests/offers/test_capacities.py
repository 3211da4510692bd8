"""An organisation says from when it can take work; what it says again replaces what is given, and nothing else."""

import datetime as dt

import pytest

from maillage.core.action_registry import ActionForbiddenError
from maillage.offers.actions.capacities import MAX_NOTE_LENGTH, say_capacity
from maillage.offers.models import Capacity
from maillage.offers.queries import busy_until
from tests.offers.sample_offers import AT, SampleMembers, create_sample_members

pytestmark = pytest.mark.django_db

FREE = dt.date(2026, 6, 1)


@pytest.fixture
def members(db) -> SampleMembers:
    return create_sample_members()


def say(members: SampleMembers, at: dt.datetime = AT, **arguments: object) -> Capacity:
    say_capacity(actor=members.acting(members.lab), at=at, organisation_id=members.lab.pk, **arguments)
    return Capacity.objects.get()


def test_capacity_has_the_day_the_notes_and_the_moment(members):
    said = say(members, free_from=FREE, note_fr=" Complet ", note_en="Full" * 100)
    assert (said.organisation, said.free_from, said.said_at) == (members.lab, FREE, AT)
    assert (said.note_fr, said.note_en) == ("Complet", ("Full" * 100)[:MAX_NOTE_LENGTH])


def test_capacity_said_again_keeps_what_is_not_given(members):
    say(members, free_from=FREE, note_fr="Complet", note_en="Full")
    later = AT + dt.timedelta(days=1)
    for given, expected in (
        ({}, (FREE, "Complet", "Full")),
        ({"note_en": "Busy"}, (FREE, "Complet", "Busy")),
        ({"note_fr": ""}, (FREE, "", "Busy")),
        ({"free_from": None}, (None, "", "Busy")),
    ):
        said = say(members, later, **given)
        assert (said.free_from, said.note_fr, said.note_en, said.said_at) == (*expected, later)


def test_organisation_is_busy_until_the_day_it_said(members):
    say(members, free_from=FREE)
    ids = [members.lab.pk, members.platform.pk]
    assert busy_until(ids, FREE - dt.timedelta(days=1)) == {members.lab.pk: FREE}
    assert busy_until(ids, FREE) == {}


def test_nobody_says_it_for_another(members):
    with pytest.raises(ActionForbiddenError):
        say_capacity(actor=members.acting(members.stranger), at=AT, organisation_id=members.lab.pk, free_from=FREE)
    assert not Capacity.objects.exists()
