"""A convention is written by all it concerns, signed as it reads, amended with a reason, re-opened at a new wave."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from maillage.calls.parser import parse_call
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.facts import correct_fact, end_fact
from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.core.record_versions import StaleRecordError
from maillage.core.security.session_scope import actor_scope
from maillage.documents.faults import InvalidDocumentError
from maillage.label_agreements.actions.agreements import open_agreement
from maillage.label_agreements.actions.amendments import begin_amendment, drop_amendment
from maillage.label_agreements.actions.clauses import write_clause
from maillage.label_agreements.actions.perimeter import remove_entity
from maillage.label_agreements.actions.signatures import sign_agreement
from maillage.label_agreements.agreement_pdf import render_agreement_pdf
from maillage.label_agreements.completeness import agreement_digest, missing_items
from maillage.label_agreements.models import LabelAgreement, PerimeterEntity, PerimeterMember
from maillage.label_agreements.queries import (
    agreement_organisations,
    agreements,
    entities_on,
    members_on,
    required_signers,
    version_changes,
)
from maillage.labels.actions.awards import end_award, extend_award
from maillage.notifications.models import Notice
from maillage.reviews.actions.appeals import answer_appeal, file_appeal
from tests.calls.sample_call import DURING
from tests.label_agreements.sample_agreements import (
    CALL_WITH_HEADINGS,
    HEADINGS,
    conclude_agreement,
    get_or_create_organisation,
    holder_arguments,
    open_agreements,
    sign_by_all,
    write_sample_entity,
)

DAY = DURING.date()


@pytest.fixture
def agreement(wave) -> LabelAgreement:
    return open_agreements(wave, wave.institute)[0]


def test_headings_are_data_with_faults_by_line(english):
    document = parse_call(CALL_WITH_HEADINGS)
    assert [(heading.key, heading.kind.value, heading.required) for heading in document.agreement] == [
        ("perimeter", "perimeter", True), ("governance", "text", True), ("objectives", "objectives", False),
        ("annex", "attachment", False)]  # fmt: skip
    bad = CALL_WITH_HEADINGS.replace("kind: objectives", "kind: perimeter").replace("kind: attachment", "kind: song")
    with pytest.raises(InvalidDocumentError) as error:
        parse_call(bad)
    first = CALL_WITH_HEADINGS.splitlines().index("convention:") + 1
    assert [fault.line - first for fault in error.value.faults] == [3, 4]


def test_a_call_without_headings_has_no_agreement(wave, english):
    with pytest.raises(ActionError, match="gives no headings"):
        open_agreements(wave, wave.institute, text=CALL_WITH_HEADINGS.replace(HEADINGS, ""))


def test_the_perimeter_begins_from_the_application_and_waits_to_be_confirmed(wave, agreement, english):
    begun = PerimeterEntity.objects.get()
    assert (begun.organisation.key, begun.host, begun.share, begun.confirmed) == ("unit", wave.host, None, False)
    assert missing_items(agreement.last) == ["Governance", "Unit, to be confirmed"]
    assert [signer.key for signer in required_signers(agreement.last)] == ["agency", "host"]
    with pytest.raises(ActionError, match="open already"):
        open_agreement(actor=wave.acting(wave.agency, "label-officer"), at=DURING,
                        decision_id=agreement.award.decision.pk)  # fmt: skip


def test_what_is_no_share_is_told(wave, agreement, english):
    for share in ("0", "100.01", "-5", "half", "NaN", "33.333"):
        with pytest.raises(ActionError, match="above 0 and at most 100"):
            write_sample_entity(wave, agreement, share)


def test_two_who_write_at_once_lose_nothing(wave, agreement):
    arguments = holder_arguments(wave, agreement) | {"heading": "governance"}
    write_clause(**arguments, value="A board of five.")
    write_clause(**arguments, value="A board of five.")
    with pytest.raises(StaleRecordError):
        write_clause(**arguments, value="A board of six.")
    office = arguments | {"actor": wave.acting(wave.agency, "label-officer")}
    assert write_clause(**office, value="A board of six.", base=1).edition == 2
    write_sample_entity(wave, agreement, "60")
    with pytest.raises(StaleRecordError):
        write_sample_entity(wave, agreement, "50", base=1)
    with pytest.raises(StaleRecordError):
        remove_entity(
            **holder_arguments(wave, agreement), organisation_id=get_or_create_organisation("unit").pk, base=1
        )


def test_in_force_once_all_have_signed_what_they_read(wave, agreement, english):
    write_sample_entity(wave, agreement, "60")
    write_clause(**holder_arguments(wave, agreement), heading="governance", value="A board of five.")
    by = {"agreement_id": agreement.pk, "version": 1, "at": DURING}
    agency = wave.acting(wave.agency, "label-officer")
    read = agreement_digest(agreement.last)
    sign_agreement(actor=agency, **by, organisation_id=wave.agency.pk, digest=read)
    write_clause(**holder_arguments(wave, agreement), heading="governance", value="A board of six.", base=1)
    with pytest.raises(ActionError, match="has changed since"):
        sign_agreement(actor=wave.acting(wave.host), **by, organisation_id=wave.host.pk, digest=read)
    read = agreement_digest(agreement.last)
    with pytest.raises(ActionError, match="does not sign"):
        sign_agreement(actor=wave.acting(wave.institute), **by, organisation_id=wave.institute.pk, digest=read)
    sign_agreement(actor=wave.acting(wave.host), **by, organisation_id=wave.host.pk, digest=read)
    assert agreement.last.in_force_at is None
    assert not PerimeterMember.objects.exists()
    sign_agreement(actor=agency, **by, organisation_id=wave.agency.pk, digest=read)
    assert (agreement.last.in_force_at, agreement.last.digest) == (DURING, read)
    with pytest.raises(ActionError, match="begin an amendment"):
        write_sample_entity(wave, agreement, "70")
    with pytest.raises(DatabaseError, match="stays as it was signed"), transaction.atomic():
        PerimeterEntity.objects.update(share=70)


def test_which_entities_belong_is_public_and_their_shares_are_not(wave, agreement):
    conclude_agreement(wave, agreement, "60")
    award = agreement.award
    values = [(entity.organisation.key, entity.host.key, entity.share) for entity in entities_on(award, DAY)]
    assert values == [("unit", "host", 60)]
    assert not entities_on(award, dt.date(2040, 1, 1))
    neighbours = [PUBLIC, wave.acting(wave.stranger), wave.acting(wave.rival)]
    for actor in neighbours:
        with actor_scope(actor):
            assert [one.organisation.key for one in members_on(award, DAY, actor=actor)] == ["unit"]
            assert not agreements(actor=actor).exists()
            assert not entities_on(award, DAY)
            assert not LabelAgreement.objects.exists()
    for item in (wave.institute, wave.host, wave.ministry, get_or_create_organisation("unit")):
        with actor_scope(actor := wave.acting(item)):
            assert agreements(actor=actor).get() == agreement
            assert len(entities_on(award, DAY)) == 1
    with pytest.raises(ActionForbiddenError):
        write_clause(**holder_arguments(wave, agreement, wave.rival), heading="governance", value="Ours.")


def test_entities_belong_for_as_long_as_the_label_is_held(wave, agreement, english):
    conclude_agreement(wave, agreement, "60")
    ministry = wave.acting(wave.ministry, "label-officer")
    arguments = {"actor": ministry, "at": DURING, "award_id": agreement.award_id}
    with pytest.raises(ActionError, match="No label is held for so long"):
        extend_award(**arguments, last_day=dt.date.max, reason="For ever.")
    end_award(**arguments, last_day=DAY, reason_fr="La charte n’est plus tenue.")
    _assert_ends_and_manager_knows(DAY, notices=1)


def test_an_award_ended_or_corrected_as_a_fact_ends_its_members_and_is_said(wave, agreement, english):
    conclude_agreement(wave, agreement, "60")
    uid = str(agreement.award.uid)
    arguments = {"actor": Actor("officer", frozenset({OFFICER})), "at": DURING, "list_name": "awards", "fact_id": uid}
    end_fact(**arguments, end=DAY.isoformat(), reason="The charter is kept no more.")
    _assert_ends_and_manager_knows(DAY, notices=1)
    correct_fact(**arguments, values={"to": "2028-06-30"}, reason="The order says June.")
    _assert_ends_and_manager_knows(dt.date(2028, 6, 30), notices=2)
    correct_fact(**arguments, values={"note": "By an order."}, reason="Said more fully.")
    _assert_ends_and_manager_knows(dt.date(2028, 6, 30), notices=2)


def _assert_ends_and_manager_knows(day: dt.date, *, notices: int) -> None:
    assert PerimeterMember.objects.get().period_end == day.isoformat()
    found = Notice.objects.filter(kind="awards", person__email="manager-institute@example.org")
    assert [notice.subject_en.partition(":")[0] for notice in found] == ["The term of a label has changed"] * notices


def test_its_bodies_are_told_when_it_opens_waits_and_is_in_force(wave):
    wave.acting(wave.institute), wave.acting(wave.host)
    conclude_agreement(wave, open_agreements(wave, wave.institute)[0], "60")
    notices = Notice.objects.filter(kind="conventions", person__email="manager-host@example.org").order_by("pk")
    assert [notice.subject_en.partition(":")[0] for notice in notices] == [
        "An agreement to write together", "An agreement waits for signatures",
    ]  # fmt: skip
    lead = Notice.objects.filter(kind="conventions", person__email="manager-institute@example.org")
    assert "Signed by all, and in force" in [notice.subject_en.partition(":")[0] for notice in lead]


def test_an_entity_is_not_given_away_twice(wave, english):
    first, second = open_agreements(wave, wave.institute, wave.rival)
    conclude_agreement(wave, first, "60", until="2028-12-31")
    with pytest.raises(ActionError) as error:
        write_sample_entity(wave, second, "40.5", wave.rival)
    assert "40.5% is more than the 40% that is left; 60% is held already." in str(error.value)
    with pytest.raises(ActionError, match=r"held already \(Institute 60\)"):
        write_sample_entity(wave, second, "40.5", actor=wave.acting(wave.agency, "label-officer"))
    # Days on which the other does not have it, and the part that is left, are free.
    write_sample_entity(wave, second, "100", wave.rival, since="2029-01-01")
    with pytest.raises(ActionError, match="before the label begins"):
        write_sample_entity(wave, second, "100", wave.rival, until="2026-01-31")
    conclude_agreement(wave, second, "40", wave.rival, since="")
    begin_amendment(actor=wave.acting(wave.institute), at=DURING, agreement_id=first.pk, reason="It grows.")
    with pytest.raises(ActionError, match="60% that is left"):
        write_sample_entity(wave, first, "61")
    assert write_sample_entity(wave, first, "60").confirmed


def test_what_was_free_when_it_was_written_is_checked_again_when_it_comes_into_force(wave, english):
    first, second = open_agreements(wave, wave.institute, wave.rival)
    write_sample_entity(wave, second, "70", wave.rival)
    write_clause(**holder_arguments(wave, second, wave.rival), heading="governance", value="Two directors.")
    conclude_agreement(wave, first, "60")
    with pytest.raises(ActionError, match="40% that is left"):
        sign_by_all(wave, second)
    second.refresh_from_db()
    assert second.in_force is None


def test_an_amendment_begins_from_the_last_version_and_shows_what_it_changes(wave, agreement, english):
    conclude_agreement(wave, agreement, "60")
    new_host = get_or_create_organisation("newhost", "university")
    by = {"actor": wave.acting(wave.institute), "at": DURING, "agreement_id": agreement.pk}
    with pytest.raises(ActionError, match="Give a reason"):
        begin_amendment(**by, reason=" ")
    begin_amendment(**by, reason="A team joins.")
    with pytest.raises(ActionError, match="still being written"):
        begin_amendment(**by, reason="Another one.")
    write_sample_entity(wave, agreement, "100", key="team", host=new_host, since="2027-01-01")
    assert [signer.key for signer in required_signers(agreement.last)] == ["agency", "host", "newhost"]
    assert [
        (version_change.title, version_change.before, version_change.after)
        for version_change in version_changes(agreement.last)
    ] == [("Team", "", "100%, Newhost, since 1 January 2027")]
    assert [one.organisation.key for one in entities_on(agreement.award, DAY)] == ["unit"]
    sign_by_all(wave, agreement, wave.host, new_host)
    assert len(entities_on(agreement.award, dt.date(2027, 1, 1))) == 2
    assert len(entities_on(agreement.award, DAY)) == 1
    assert PerimeterMember.objects.get(organisation__key="team").period_start == "2027-01-01"


def test_a_host_named_by_mistake_reads_it_no_more(wave, agreement):
    write_sample_entity(wave, agreement, "60", host=wave.stranger)
    assert agreements(actor=wave.acting(wave.stranger)).exists()
    write_sample_entity(wave, agreement, "60")
    assert not agreements(actor=wave.acting(wave.stranger)).exists()


def test_an_amendment_is_given_up_with_a_reason(wave, agreement, english):
    by = holder_arguments(wave, agreement) | {"reason": "Not needed."}
    with pytest.raises(ActionError, match="first version"):
        drop_amendment(**by)
    conclude_agreement(wave, agreement, "60")
    begin_amendment(actor=by["actor"], at=DURING, agreement_id=agreement.pk, reason="More.")
    write_sample_entity(wave, agreement, "60", host=wave.stranger)
    assert agreements(actor=wave.acting(wave.stranger)).exists()
    drop_amendment(**by | {"version": 2})
    assert agreement.last.number == 1
    assert not agreements(actor=wave.acting(wave.stranger)).exists()


def test_an_appeal_that_is_upheld_ends_what_belongs_and_the_agreement_can_still_be_amended(wave, agreement):
    conclude_agreement(wave, agreement, "60")
    application = agreement.award.decision.application
    filed = file_appeal(
        actor=wave.acting(wave.institute), at=DURING, application_id=application.pk, text="Less is enough."
    )
    later = DURING + dt.timedelta(days=10)
    answer_appeal(actor=wave.acting(wave.ministry, "label-officer"), at=later, appeal_id=filed.pk, upheld=True,
                  outcome="preparatory", answer="Granted.")  # fmt: skip
    assert PerimeterMember.objects.get().period_end == (later.date() - dt.timedelta(days=1)).isoformat()
    agreement = LabelAgreement.objects.get()
    begin_amendment(actor=wave.acting(wave.institute), at=later, agreement_id=agreement.pk, reason="To wind up.")
    write_sample_entity(wave, agreement, "50")
    assert wave.host.pk in agreement_organisations(agreement_id=agreement.pk)


def test_at_a_new_wave_the_perimeter_is_confirmed_entity_by_entity(wave, agreement, english):
    conclude_agreement(wave, agreement, "60")
    text = CALL_WITH_HEADINGS.replace("call: simulated", "call: next").replace("wave: first", "wave: second")
    # The first call is still that of the fixture; the next one has its own name.
    later = DURING + dt.timedelta(days=3)
    following = _next_wave(wave, text, later)
    begun = following.last.entities.get()
    assert (begun.share, begun.host, begun.confirmed) == (60, wave.host, False)
    write_clause(**holder_arguments(wave, following), heading="governance", value="As before.")
    with pytest.raises(ActionError, match="Unit, to be confirmed"):
        sign_by_all(wave, following)
    # The holder's own earlier convention takes nothing from the later one.
    write_sample_entity(wave, following, "80")
    sign_by_all(wave, following)
    assert [one.share for one in entities_on(following.award, later.date())] == [80]


def _next_wave(wave, text: str, at: dt.datetime) -> LabelAgreement:
    from maillage.calls.actions.applications import add_party, begin_application
    from maillage.calls.actions.calls import publish_call
    from maillage.calls.actions.replies import write_reply
    from maillage.calls.actions.submission import send_application
    from maillage.calls.models import Call
    from maillage.core.actors import SYSTEM
    from maillage.reviews.actions.decisions import decide, propose_outcome
    from maillage.reviews.actions.publication import publish_decisions
    from tests.calls.sample_call import sign_sample_application

    publish_call(actor=SYSTEM, at=at, text=text, reason="The next wave.")
    call = Call.objects.get(key="next")
    lead, office = wave.acting(wave.institute), wave.acting(wave.agency, "label-officer")
    by = {"actor": lead, "at": at}
    application = begin_application(**by, call_id=call.pk, lead_id=wave.institute.pk, title="Again")
    add_party(**by, application_id=application.pk, organisation_id=wave.host.pk, part="host")
    for question, value in (("abstract", "More."), ("charter", "yes")):
        write_reply(**by, application_id=application.pk, section="summary", question=question, value=value)
    sign_sample_application(wave, application, wave.institute, wave.host)
    send_application(**by, application_id=application.pk)
    propose_outcome(actor=office, at=at, application_id=application.pk, outcome="award")
    ministry = wave.acting(wave.ministry, "label-officer")
    decide(actor=ministry, at=at, call_id=call.pk)
    publish_decisions(actor=ministry, at=at, call_id=call.pk)
    return open_agreement(actor=office, at=at, decision_id=application.decision.pk)


def test_a_agreement_on_paper(wave, agreement):
    conclude_agreement(wave, agreement, "60")
    assert render_agreement_pdf(agreement.last).startswith(b"%PDF")
