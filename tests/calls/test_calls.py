"""Calls: read with every fault on its line, published by version, withdrawn."""

import datetime as dt

import pytest

from maillage.calls.actions.calls import publish_call, withdraw_call
from maillage.calls.actions.versions import move_application
from maillage.calls.models import Call
from maillage.calls.parser import parse_call
from maillage.calls.queries import open_calls
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC
from maillage.documents.faults import InvalidDocumentError
from tests.calls.sample_call import (
    CLOSES,
    DURING,
    EXAMPLES,
    OPENS,
    TEXT,
    begin_sample_application,
    send_sample_application,
)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_example_is_a_call(path):
    call = parse_call(path.read_text("utf-8"))
    assert sum(one.weight for one in call.criteria) == 1
    assert call.sections
    assert any(one.label for one in call.outcomes)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("weight: 0.4", "weight: 0.3"), "sum to 0.9, and must to 1: add 0.1"),
        (("closes: 2026-04-30T13:00", "closes: 2026-01-30T13:00"), "closes before it opens"),
        (("zone: Europe/Paris", "zone: Europe/Pari"), "no time zone"),
        (("check: holder-kind", "check: holder-kin"), "holder-kind"),
        (("number: 1, ", ""), "number:"),
        (("kind: amount", "kind: amounts"), "amount"),
        (("figure: needs-answered-in-time", "figure: nothing"), "needs-answered-in-time"),
        (("months: 60, ", ""), "months:"),
        (("5: {fr: forte", "7: {fr: forte"), "not on the scale"),
        (("title: {fr: En bref, en: In brief}", "title: En bref"), "both languages"),
        (("call: simulated", "call: Simulated call"), "no name"),
        (("review: {reviews: 2, years: 3}", "review: {days: 7}"), "make it less than the 7 days"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(english, change, told):
    assert change[0] in TEXT
    with pytest.raises(InvalidDocumentError) as caught:
        parse_call(TEXT.replace(*change, 1))
    assert told in str(caught.value)
    place = "criteria:" if "sum to" in told else change[0]
    assert TEXT[: TEXT.index(place)].count("\n") + 1 in [fault.line for fault in caught.value.faults]


@pytest.mark.parametrize("text", ["", "[]", "call: {", "a: &a [1]\nb: *a", "x" * 300_000, "call: \x00"])
def test_hostile_texts_are_refused(text):
    with pytest.raises(InvalidDocumentError):
        parse_call(text)


def test_the_agency_publishes_and_others_do_not(wave):
    text = TEXT.replace("call: simulated", "call: second")
    agency = wave.acting(wave.agency, "label-officer")
    assert publish_call(actor=agency, at=DURING, text=text, reason="A second call.").version == 1
    other = wave.acting(wave.stranger, "label-officer")
    with pytest.raises(ActionForbiddenError):
        publish_call(actor=other, at=DURING, text=text.replace("second", "third"), reason="Mine.")


def test_a_body_or_label_that_is_not_there_is_named(wave, english):
    agency = wave.acting(wave.agency, "label-officer")
    for change, told in ((("decides: ministry", "decides: nobody"), "nobody"),
                         (("label: mark-ahead", "label: mark-behind"), "mark-behind")):  # fmt: skip
        with pytest.raises(ActionError, match=told):
            publish_call(actor=agency, at=DURING, text=TEXT.replace(*change), reason="Another.")


def test_a_new_version_leaves_those_who_began_on_theirs(wave):
    application = begin_sample_application(wave)
    agency = wave.acting(wave.agency, "label-officer")
    later = TEXT.replace("2026-04-30T13:00", "2026-05-29T13:00")
    made = publish_call(actor=agency, at=DURING, text=later, reason="A month more.", base=1)
    application.refresh_from_db()
    assert (made.version, application.version.version) == (2, 1)
    assert application.call_document.closes == CLOSES
    moved = move_application(
        actor=agency, at=DURING, application_id=application.pk, version=2, reason="All get the month."
    )
    assert moved.call_document.closes == CLOSES + dt.timedelta(days=29)
    assert begin_sample_application(wave, wave.rival).version.version == 2


def test_two_officers_at_once_do_not_overwrite_each_other(wave):
    agency = wave.acting(wave.agency, "label-officer")
    first = TEXT.replace("most: 400", "most: 500")
    publish_call(actor=agency, at=DURING, text=first, reason="Longer.", base=1)
    with pytest.raises(ActionError, match="2"):
        publish_call(actor=agency, at=DURING, text=TEXT.replace("most: 400", "most: 600"), reason="Longer.", base=1)


def test_a_withdrawn_call_takes_nothing_and_says_why(wave):
    application = begin_sample_application(wave)
    agency = wave.acting(wave.agency, "label-officer")
    withdraw_call(actor=agency, at=DURING, call_id=wave.call.pk, reason="The envelope was halved.")
    with pytest.raises(ActionError, match="halved"):
        begin_sample_application(wave, wave.rival)
    assert application in type(application).objects.visible_to(wave.acting(wave.institute))
    assert not open_calls(DURING, actor=PUBLIC)


def test_a_call_is_open_from_its_first_to_before_its_last_moment(wave):
    second = dt.timedelta(seconds=1)
    opened = [bool(open_calls(at, actor=PUBLIC)) for at in (OPENS - second, OPENS, CLOSES - second, CLOSES)]
    assert opened == [False, True, True, False]


def test_a_version_is_never_changed(wave):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.get().versions.update(text="another")


def test_who_runs_the_call_reads_a_application_only_once_sent(wave):
    agency = wave.acting(wave.agency, "label-officer")
    application = begin_sample_application(wave)
    assert application not in type(application).objects.visible_to(agency)
    assert send_sample_application(wave, wave.rival) in type(application).objects.visible_to(agency)
