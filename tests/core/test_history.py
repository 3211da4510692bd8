"""The register read as it was known at a moment."""

import datetime as dt

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.contradictions import reopen_contradiction, settle_contradiction
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.history import known_at, tracked_models
from maillage.core.models import Contradiction
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db


def _moment() -> dt.datetime:
    """A moment after every change made so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def test_a_settled_contradiction_was_open_before(example: None) -> None:
    contradiction = Contradiction.objects.get(topic_en="Founders of THEMA")
    before = _moment()
    settle_contradiction(
        actor=SYSTEM, at=timezone.now(), contradiction_id=contradiction.pk, side="a", reason="The deed was read."
    )
    assert not Contradiction.objects.get(pk=contradiction.pk).is_open
    with known_at(before):
        assert Contradiction.objects.get(pk=contradiction.pk).is_open
    assert not Contradiction.objects.get(pk=contradiction.pk).is_open


def test_before_anything_was_known_the_register_is_empty(example: None) -> None:
    with known_at(dt.datetime(2000, 1, 1, tzinfo=dt.UTC)):
        assert Organisation.objects.count() == 0


def test_a_deleted_record_is_still_known_in_the_past(example: None) -> None:
    before = _moment()
    Organisation.objects.get(key="gfm").names.all().delete()
    with known_at(before):
        assert Organisation.objects.get(key="gfm").names.count() > 0
    assert Organisation.objects.get(key="gfm").names.count() == 0


def test_the_past_cannot_be_written(example: None) -> None:
    with pytest.raises(InternalError, match="read-only"), transaction.atomic(), known_at(_moment()):
        Organisation.objects.filter(key="opale").update(city="Lyon")


def test_every_tracked_table_has_its_past() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.views WHERE table_schema = 'as_known'")
        views = {row[0] for row in cursor.fetchall()}
    assert views == {model._meta.db_table for model, _event in tracked_models()}
    assert "register_organisation" in views


def test_settling_needs_a_mandate_a_side_and_a_reason(example: None) -> None:
    pk = Contradiction.objects.first().pk
    with pytest.raises(ActionForbiddenError):
        settle_contradiction(actor=PUBLIC, at=timezone.now(), contradiction_id=pk, side="a", reason="x")
    with pytest.raises(ActionError):
        settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=pk, side="c", reason="x")
    with pytest.raises(ActionError):
        settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=pk, side="a", reason=" ")
    settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=pk, side="b", reason="x")
    with pytest.raises(ActionError):
        settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=pk, side="a", reason="x")
    assert reopen_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=pk, reason="new deed").is_open
