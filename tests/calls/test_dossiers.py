"""Dossiers: written together without losing an edit, signed as they read, sent before the last moment, checked."""

import datetime as dt

import pytest

from maillage.calls.applying import add_party, begin_dossier, remove_party, share_out, write_reply
from maillage.calls.models import Dossier, RuleVerdict
from maillage.calls.queries import changes_of, dossiers, progress_of, replies_of
from maillage.calls.sending import (
    check_dossier,
    digest_of,
    overrule,
    pull_figure,
    send_dossier,
    sign_dossier,
    take_back,
    withdraw_dossier,
)
from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.versions import Stale
from tests.calls.wave import CLOSES, DURING, OPENS, begun, ready, said, sent, sign

SECOND = dt.timedelta(seconds=1)


def test_only_kinds_that_may_apply_do_and_only_while_it_is_open(wave):
    by = {"call_id": wave.call.pk, "title": "Ours"}
    with pytest.raises(Impossible):
        begin_dossier(actor=wave.acting(wave.host), at=DURING, lead_id=wave.host.pk, **by)
    for at in (OPENS - SECOND, CLOSES):
        with pytest.raises(Impossible):
            begin_dossier(actor=wave.acting(wave.institute), at=at, lead_id=wave.institute.pk, **by)
    with pytest.raises(Forbidden):
        begin_dossier(actor=wave.acting(wave.rival), at=DURING, lead_id=wave.institute.pk, **by)


def test_a_dossier_is_for_those_who_write_it(wave):
    dossier = begun(wave)
    readers = {key: bool(dossiers(actor=wave.acting(getattr(wave, key))).filter(pk=dossier.pk))
               for key in ("institute", "host", "rival", "agency", "stranger")}  # fmt: skip
    assert readers == {"institute": True, "host": True, "rival": False, "agency": False, "stranger": False}
    with pytest.raises(Forbidden):
        said(wave, dossier, "summary/abstract", "Mine.", wave.rival)


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
    assert said(wave, begun(wave), place, given).value == kept


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
    with pytest.raises(Impossible, match=told):
        said(wave, begun(wave), place, given)


def test_two_who_write_at_once_lose_nothing(wave):
    dossier = begun(wave)
    said(wave, dossier, "summary/abstract", "First words.")
    # Two read version 1; another question is no matter, the same one is refused and shows what was written.
    said(wave, dossier, "summary/charter", "yes", wave.host)
    said(wave, dossier, "summary/abstract", "Words of the institute.", base=1)
    with pytest.raises(Stale):
        said(wave, dossier, "summary/abstract", "Words of the host.", wave.host, base=1)
    assert replies_of(dossier)["summary"][1]["abstract"].value == "Words of the institute."
    said(wave, dossier, "summary/abstract", "Words of the institute.", wave.host, base=1)


def test_every_version_of_a_reply_can_be_read_with_who_wrote_it(wave):
    dossier = begun(wave)
    said(wave, dossier, "summary/abstract", "One.")
    said(wave, dossier, "summary/abstract", "Two.", wave.host, base=1)
    found = [(one.before, one.after, one.on_behalf) for one in changes_of(dossier)]
    assert found == [("One.", "Two.", "Host"), (None, "One.", "Institute")]


def test_a_section_can_be_given_to_one_body(wave):
    dossier = begun(wave)
    add_party(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, organisation_id=wave.rival.pk,
              part="partner")  # fmt: skip
    share_out(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, section="sites",
              bodies=[wave.host.pk])  # fmt: skip
    said(wave, dossier, "sites/name", "Lyon", wave.host, number=2)
    said(wave, dossier, "summary/abstract", "Ours.", wave.rival)
    with pytest.raises(Forbidden):
        said(wave, dossier, "sites/name", "Paris", wave.rival)
    with pytest.raises(Impossible):
        said(wave, dossier, "sites/name", "Nice", wave.host, number=4)


def test_who_was_taken_out_reads_no_more(wave):
    dossier = begun(wave)
    remove_party(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, organisation_id=wave.host.pk)
    assert not dossiers(actor=wave.acting(wave.host)).exists()
    with pytest.raises(Impossible):
        remove_party(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk,
                     organisation_id=wave.institute.pk)  # fmt: skip


def test_what_is_missing_is_named_before_it_is_sent(wave, english):
    dossier = begun(wave)
    by = {"actor": wave.acting(wave.institute), "at": DURING, "dossier_id": dossier.pk}
    with pytest.raises(Impossible, match="2 replies are missing: In brief, Summary; In brief, Charter signed"):
        send_dossier(**by)
    said(wave, dossier, "summary/abstract", "Ours.")
    said(wave, dossier, "summary/charter", "yes")
    with pytest.raises(Impossible, match="Not signed as it reads now: Institute, Host"):
        send_dossier(**by)
    sign(wave, dossier, wave.institute, wave.host)
    assert send_dossier(**by).digest == digest_of(dossier)


def test_a_signature_is_for_what_was_read(wave, english):
    dossier = ready(wave)
    said(wave, dossier, "summary/abstract", "Something else.", base=1)
    with pytest.raises(Impossible, match="Not signed as it reads now: Institute, Host"):
        send_dossier(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk)
    with pytest.raises(Impossible, match="has changed since"):
        sign_dossier(actor=wave.acting(wave.host), at=DURING, dossier_id=dossier.pk, organisation_id=wave.host.pk,
                     digest="0" * 64)  # fmt: skip
    with pytest.raises(Forbidden):
        sign_dossier(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, organisation_id=wave.host.pk,
                     digest=digest_of(dossier))  # fmt: skip


def test_the_last_moment_counts_to_the_second(wave, english):
    early, late = ready(wave), ready(wave, wave.rival)
    sending = {"dossier_id": early.pk, "actor": wave.acting(wave.institute, at=CLOSES)}
    assert send_dossier(at=CLOSES - dt.timedelta(microseconds=1), **sending).sent_at
    with pytest.raises(Impossible, match=r"closed at 2026-04-30 13:00:00 CEST, 1 second ago"):
        send_dossier(actor=wave.acting(wave.rival, at=CLOSES), at=CLOSES, dossier_id=late.pk)


def test_what_is_sent_changes_no_more_unless_taken_back(wave):
    dossier = sent(wave)
    with pytest.raises(Impossible):
        said(wave, dossier, "summary/abstract", "Later.", base=1)
    manager = wave.acting(wave.institute)
    take_back(actor=manager, at=DURING, dossier_id=dossier.pk, reason="A figure was wrong.")
    assert not dossiers(actor=wave.acting(wave.agency, "label-officer")).exists()
    said(wave, dossier, "summary/abstract", "Later.", base=1)
    with pytest.raises(Impossible):
        take_back(actor=manager, at=CLOSES, dossier_id=dossier.pk, reason="Too late.")


def test_a_withdrawn_dossier_is_closed(wave):
    dossier = begun(wave)
    withdraw_dossier(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, reason="Next wave.")
    with pytest.raises(Impossible):
        said(wave, dossier, "summary/abstract", "Later.")


def test_progress_says_what_is_left(wave):
    dossier = begun(wave)
    said(wave, dossier, "summary/abstract", "Ours.")
    found = {one.section.key: (one.answered, one.questions, one.missing)
             for one in progress_of(dossier, replies_of(dossier))}  # fmt: skip
    assert found == {"summary": (1, 6, 1), "sites": (0, 2, 0)}


def test_a_figure_comes_with_its_evidence_or_not_at_all(wave, english):
    dossier = begun(wave)
    with pytest.raises(Impossible, match="does not know this figure"):
        pull_figure(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, section="summary",
                    question="answered")  # fmt: skip


def test_rules_are_checked_and_overruled_with_a_reason(wave, english):
    dossier = sent(wave)
    agency = wave.acting(wave.agency, "label-officer")
    found = {one.rule: one for one in check_dossier(actor=agency, at=DURING, dossier_id=dossier.pk)}
    assert {key: one.verdict for key, one in found.items()} == {"kind": "met", "hosts": "met", "charter": "met"}
    assert "Host" in found["hosts"].evidence
    with pytest.raises(Impossible):
        overrule(actor=agency, at=DURING, verdict_id=found["hosts"].pk, verdict="not-met", reason=" ")
    overrule(actor=agency, at=DURING, verdict_id=found["hosts"].pk, verdict="not-met", reason="The host left.")
    assert RuleVerdict.objects.get(rule="hosts").stands == "not-met"
    with pytest.raises(Forbidden):
        check_dossier(actor=wave.acting(wave.institute, "label-officer"), at=DURING, dossier_id=dossier.pk)


def test_the_digest_is_of_what_is_said_alone(wave):
    dossier = ready(wave)
    before = digest_of(dossier)
    said(wave, dossier, "summary/receipts", "")
    assert digest_of(Dossier.objects.get()) == before
    said(wave, dossier, "summary/receipts", "5", base=1)
    assert digest_of(Dossier.objects.get()) != before


def test_a_file_is_not_written_by_hand(wave):
    dossier = begun(wave)
    with pytest.raises(Impossible):
        write_reply(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, section="summary",
                    question="annex", value="name.pdf")  # fmt: skip
