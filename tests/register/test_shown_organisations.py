"""The organisations whose ecosystem the site shows."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.register.actions.merges import merge_organisations, undo_merge
from maillage.register.actions.shown_organisations import choose_shown_organisations
from maillage.register.models import Organisation
from maillage.register.queries import shown_organisations

pytestmark = pytest.mark.django_db


def now() -> dt.datetime:
    return timezone.now()


def organisation(key: str, visibility: str = "public") -> Organisation:
    return Organisation.objects.create(key=key, kind="institute", name_en=key.title(), visibility=visibility)


def choose(*chosen: Organisation) -> None:
    choose_shown_organisations(actor=SYSTEM, at=now(), organisation_ids=[record.pk for record in chosen])


def shown() -> list[str]:
    return [record.key for record in shown_organisations(actor=PUBLIC)]


def test_they_are_shown_in_the_order_of_the_latest_choice() -> None:
    first, second, third = (organisation(key) for key in ("first", "second", "third"))
    assert shown() == []
    choose(first, second)
    choose(third, first)
    assert shown() == ["third", "first"]


def test_one_that_is_not_public_is_not_shown_to_the_public() -> None:
    choose(organisation("open"), organisation("closed", "organisation"))
    assert shown() == ["open"]


def test_a_merge_shows_the_record_that_is_kept_until_it_is_undone() -> None:
    kept, absorbed = organisation("kept"), organisation("absorbed")
    choose(absorbed)
    merge = merge_organisations(actor=SYSTEM, at=now(), kept_id=kept.pk, absorbed_id=absorbed.pk, reason="the same")
    assert shown() == ["kept"]
    undo_merge(actor=SYSTEM, at=now(), merge_id=merge.pk, reason="not the same")
    assert shown() == ["absorbed"]


def test_the_environment_takes_precedence_and_says_so(settings) -> None:
    choose(organisation("chosen"))
    other = organisation("named")
    settings.SHOWN_ORGANISATIONS = ("named", "unknown")
    assert shown() == ["named"]
    with pytest.raises(ActionError, match="MAILLAGE_SHOWN"):
        choose(other)
