"""Dossiers: written together without losing an edit, signed as they read, sent before the last moment, checked."""

import datetime as dt

import pytest

from maillage.calls.actions.applications import add_party, assign_section, begin_application, remove_party
from maillage.calls.actions.eligibility import check_application, overrule
from maillage.calls.actions.replies import pull_figure, write_reply
from maillage.calls.actions.submission import (
    send_application,
    sign_application,
    take_back_application,
    withdraw_application,
)
from maillage.calls.completeness import application_digest
from maillage.calls.models import Application, RuleVerdict
from maillage.calls.queries import applications, progress_by_section, replies_by_section, reply_changes
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.record_versions import StaleRecordError
from tests.calls.sample_call import (
    CLOSES,
    DURING,
    OPENS,
    begin_sample_application,
    complete_sample_application,
    send_sample_application,
    sign_sample_application,
    write_sample_reply,
)

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


def test_only_kinds_that_may_apply_do_and_only_while_it_is_open(wave):
    by = {"call_id": wave.call.pk, "title": "Ours"}
    with pytest.raises(ActionError):
        begin_application(actor=wave.acting(wave.host), at=DURING, lead_id=wave.host.pk, **by)
    for at in (OPENS - SECOND, CLOSES):
        with pytest.raises(ActionError):
            begin_application(actor=wave.acting(wave.institute), at=at, lead_id=wave.institute.pk, **by)
    with pytest.raises(ActionForbiddenError):
        begin_application(actor=wave.acting(wave.rival), at=DURING, lead_id=wave.institute.pk, **by)


def test_a_application_is_for_those_who_write_it(wave):
    application = begin_sample_application(wave)
    readers = {key: bool(applications(actor=wave.acting(getattr(wave, key))).filter(pk=application.pk))
               for key in ("institute", "host", "rival", "agency", "stranger")}  # fmt: skip
    assert readers == {"institute": True, "host": True, "rival": False, "agency": False, "stranger": False}
    with pytest.raises(ActionForbiddenError):
        write_sample_reply(wave, application, "summary/abstract", "Mine.", wave.rival)


@pytest.mark.parametrize(
    ("place", "given", "kept"),
    [
        ("summary/abstract", "  Text. ", "Text."),
        ("summary/charter", "no", False),
        ("summary/receipts", "1 234 567,50", "1234567.50"),
        ("summary/receipts", "1,234.5", "1234.5"),
        ("summary/field", "aml", "aml"),
        ("sites/staff", [{"who": "A", "months": "3"}, {"who": "", "months": ""}], [{"who": "A", "months": "3"}]),
        ("summary/abstract", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("summary/abstract", "", None),
    ],
)
def test_replies_are_kept_in_one_form(wave, place, given, kept):
    assert write_sample_reply(wave, begin_sample_application(wave), place, given).value == kept


@pytest.mark.parametrize(
    ("place", "given", "told"),
    [
        ("summary/abstract", "x" * 401, "400 characters"),
        ("summary/receipts", "much", "a number"),
        ("summary/receipts", "NaN", "a number"),
        ("summary/field", "cml", "Choose one"),
        ("summary/charter", "perhaps", "yes or no"),
        ("summary/answered", "100", "pull the figure"),
        ("sites/staff", [{"who": "A"}] * 3, "2 rows"),
        ("sites/staff", [{"whom": "A"}], "no column"),
        ("sites/staff", "A", "list of rows"),
        ("summary/unknown", "A", "does not ask this"),
    ],
)
def test_what_a_question_does_not_take_is_told(wave, english, place, given, told):
    with pytest.raises(ActionError, match=told):
        write_sample_reply(wave, begin_sample_application(wave), place, given)


def test_two_who_write_at_once_lose_nothing(wave):
    application = begin_sample_application(wave)
    write_sample_reply(wave, application, "summary/abstract", "First words.")
    # Two read version 1; another question is no matter, the same one is refused and shows what was written.
    write_sample_reply(wave, application, "summary/charter", "yes", wave.host)
    write_sample_reply(wave, application, "summary/abstract", "Words of the institute.", base=1)
    with pytest.raises(StaleRecordError):
        write_sample_reply(wave, application, "summary/abstract", "Words of the host.", wave.host, base=1)
    assert replies_by_section(application)["summary"][1]["abstract"].value == "Words of the institute."
    write_sample_reply(wave, application, "summary/abstract", "Words of the institute.", wave.host, base=1)


def test_every_version_of_a_reply_can_be_read_with_who_wrote_it(wave):
    application = begin_sample_application(wave)
    write_sample_reply(wave, application, "summary/abstract", "One.")
    write_sample_reply(wave, application, "summary/abstract", "Two.", wave.host, base=1)
    found = [(one.before, one.after, one.on_behalf) for one in reply_changes(application)]
    assert found == [("One.", "Two.", "Host"), (None, "One.", "Institute")]


def test_a_section_can_be_given_to_one_body(wave):
    application = begin_sample_application(wave)
    add_party(
        actor=wave.acting(wave.institute),
        at=DURING,
        application_id=application.pk,
        organisation_id=wave.rival.pk,
        part="partner",
    )
    assign_section(actor=wave.acting(wave.institute), at=DURING, application_id=application.pk, section="sites",
              organisation_ids=[wave.host.pk])  # fmt: skip
    write_sample_reply(wave, application, "sites/name", "Lyon", wave.host, number=2)
    write_sample_reply(wave, application, "summary/abstract", "Ours.", wave.rival)
    with pytest.raises(ActionForbiddenError):
        write_sample_reply(wave, application, "sites/name", "Paris", wave.rival)
    with pytest.raises(ActionError):
        write_sample_reply(wave, application, "sites/name", "Nice", wave.host, number=4)


def test_who_was_taken_out_reads_no_more(wave):
    application = begin_sample_application(wave)
    remove_party(
        actor=wave.acting(wave.institute), at=DURING, application_id=application.pk, organisation_id=wave.host.pk
    )
    assert not applications(actor=wave.acting(wave.host)).exists()
    with pytest.raises(ActionError):
        remove_party(actor=wave.acting(wave.institute), at=DURING, application_id=application.pk,
                     organisation_id=wave.institute.pk)  # fmt: skip


def test_what_is_missing_is_named_before_it_is_sent(wave, english):
    application = begin_sample_application(wave)
    by = {"actor": wave.acting(wave.institute), "at": DURING, "application_id": application.pk}
    with pytest.raises(ActionError, match="2 replies are missing: In brief, Summary; In brief, Charter signed"):
        send_application(**by)
    write_sample_reply(wave, application, "summary/abstract", "Ours.")
    write_sample_reply(wave, application, "summary/charter", "yes")
    with pytest.raises(ActionError, match="Not signed as it reads now: Institute, Host"):
        send_application(**by)
    sign_sample_application(wave, application, wave.institute, wave.host)
    assert send_application(**by).digest == application_digest(application)


def test_a_signature_is_for_what_was_read(wave, english):
    application = complete_sample_application(wave)
    write_sample_reply(wave, application, "summary/abstract", "Something else.", base=1)
    with pytest.raises(ActionError, match="Not signed as it reads now: Institute, Host"):
        send_application(actor=wave.acting(wave.institute), at=DURING, application_id=application.pk)
    with pytest.raises(ActionError, match="has changed since"):
        sign_application(
            actor=wave.acting(wave.host),
            at=DURING,
            application_id=application.pk,
            organisation_id=wave.host.pk,
            digest="0" * 64,
        )
    with pytest.raises(ActionForbiddenError):
        sign_application(
            actor=wave.acting(wave.institute),
            at=DURING,
            application_id=application.pk,
            organisation_id=wave.host.pk,
            digest=application_digest(application),
        )


def test_the_last_moment_counts_to_the_second(wave, english):
    early, late = complete_sample_application(wave), complete_sample_application(wave, wave.rival)
    sending = {"application_id": early.pk, "actor": wave.acting(wave.institute, at=CLOSES)}
    assert send_application(at=CLOSES - dt.timedelta(microseconds=1), **sending).sent_at
    with pytest.raises(ActionError, match=r"closed at 2026-04-30 13:00:00 CEST, 1 second ago"):
        send_application(actor=wave.acting(wave.rival, at=CLOSES), at=CLOSES, application_id=late.pk)


def test_what_is_sent_changes_no_more_unless_taken_back(wave):
    application = send_sample_application(wave)
    with pytest.raises(ActionError):
        write_sample_reply(wave, application, "summary/abstract", "Later.", base=1)
    manager = wave.acting(wave.institute)
    take_back_application(actor=manager, at=DURING, application_id=application.pk, reason="A figure was wrong.")
    assert not applications(actor=wave.acting(wave.agency, "label-officer")).exists()
    write_sample_reply(wave, application, "summary/abstract", "Later.", base=1)
    with pytest.raises(ActionError):
        take_back_application(actor=manager, at=CLOSES, application_id=application.pk, reason="Too late.")


def test_a_withdrawn_application_is_closed(wave):
    application = begin_sample_application(wave)
    withdraw_application(
        actor=wave.acting(wave.institute), at=DURING, application_id=application.pk, reason="Next wave."
    )
    with pytest.raises(ActionError):
        write_sample_reply(wave, application, "summary/abstract", "Later.")


def test_progress_says_what_is_left(wave):
    application = begin_sample_application(wave)
    write_sample_reply(wave, application, "summary/abstract", "Ours.")
    found = {one.section.key: (one.answered, one.questions, one.missing)
             for one in progress_by_section(application, replies_by_section(application))}  # fmt: skip
    assert found == {"summary": (1, 6, 1), "sites": (0, 2, 0)}


def test_a_figure_comes_with_its_evidence_or_not_at_all(wave, english):
    application = begin_sample_application(wave)
    with pytest.raises(ActionError, match="does not know this figure"):
        pull_figure(actor=wave.acting(wave.institute), at=DURING, application_id=application.pk, section="summary",
                    question="answered")  # fmt: skip


def test_rules_are_checked_and_overruled_with_a_reason(wave, english):
    application = send_sample_application(wave)
    agency = wave.acting(wave.agency, "label-officer")
    found = {one.rule: one for one in check_application(actor=agency, at=DURING, application_id=application.pk)}
    assert {key: one.verdict for key, one in found.items()} == {"kind": "met", "hosts": "met", "charter": "met"}
    assert "Host" in found["hosts"].evidence
    with pytest.raises(ActionError):
        overrule(actor=agency, at=DURING, verdict_id=found["hosts"].pk, verdict="not-met", reason=" ")
    overrule(actor=agency, at=DURING, verdict_id=found["hosts"].pk, verdict="not-met", reason="The host left.")
    assert RuleVerdict.objects.get(rule="hosts").effective_verdict == "not-met"
    with pytest.raises(ActionForbiddenError):
        check_application(actor=wave.acting(wave.institute, "label-officer"), at=DURING, application_id=application.pk)


def test_the_digest_is_of_what_is_said_alone(wave):
    application = complete_sample_application(wave)
    before = application_digest(application)
    write_sample_reply(wave, application, "summary/receipts", "")
    assert application_digest(Application.objects.get()) == before
    write_sample_reply(wave, application, "summary/receipts", "5", base=1)
    assert application_digest(Application.objects.get()) != before


def test_a_file_is_not_written_by_hand(wave):
    application = begin_sample_application(wave)
    with pytest.raises(ActionError):
        write_reply(actor=wave.acting(wave.institute), at=DURING, application_id=application.pk, section="summary",
                    question="annex", value="name.pdf")  # fmt: skip
