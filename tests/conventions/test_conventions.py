"""A convention is written by all it concerns, signed as it reads, amended with a reason, re-opened at a new wave."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from maillage.calls.reading import from_text
from maillage.conventions.actions import begin_amendment, drop_amendment, open_convention
from maillage.conventions.models import Convention, Entity, Member
from maillage.conventions.paper import paper_of
from maillage.conventions.queries import changes_of, concerned, conventions, entities_of, members_of, signers_of
from maillage.conventions.signing import digest_of, missing_of, sign_convention
from maillage.conventions.writing import remove_entity, write_clause
from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.actors import PUBLIC
from maillage.kernel.documents.reader import BadDocument
from maillage.kernel.notices.models import Notice
from maillage.kernel.scope import scope_of
from maillage.kernel.versions import Stale
from maillage.labels.terms import end_award, extend_award
from maillage.reviews.appeals import answer_appeal, file_appeal
from tests.calls.wave import DURING
from tests.conventions.concluding import (
    HEADINGS,
    WITH_HEADINGS,
    body,
    concluded,
    entity,
    given,
    opened,
    signed,
)

DAY = DURING.date()


@pytest.fixture
def convention(wave) -> Convention:
    return opened(wave, wave.institute)[0]


def test_headings_are_data_with_faults_by_line(english):
    says = from_text(WITH_HEADINGS)
    assert [(one.key, one.kind.value, one.required) for one in says.convention] == [
        ("perimeter", "perimeter", True), ("governance", "text", True), ("objectives", "objectives", False),
        ("annex", "attachment", False)]  # fmt: skip
    bad = WITH_HEADINGS.replace("kind: objectives", "kind: perimeter").replace("kind: attachment", "kind: song")
    with pytest.raises(BadDocument) as told:
        from_text(bad)
    first = WITH_HEADINGS.splitlines().index("convention:") + 1
    assert [fault.line - first for fault in told.value.faults] == [3, 4]


def test_a_call_without_headings_has_no_convention(wave, english):
    with pytest.raises(Impossible, match="gives no headings"):
        opened(wave, wave.institute, text=WITH_HEADINGS.replace(HEADINGS, ""))


def test_the_perimeter_begins_from_the_dossier_and_waits_to_be_confirmed(wave, convention, english):
    begun = Entity.objects.get()
    assert (begun.organisation.key, begun.host, begun.share, begun.confirmed) == ("unit", wave.host, None, False)
    assert missing_of(convention.last) == ["Governance", "Unit, to be confirmed"]
    assert [one.key for one in signers_of(convention.last)] == ["agency", "host"]
    with pytest.raises(Impossible, match="open already"):
        open_convention(actor=wave.acting(wave.agency, "label-officer"), at=DURING,
                        decision_id=convention.award.decision.pk)  # fmt: skip


def test_what_is_no_share_is_told(wave, convention, english):
    for share in ("0", "100.01", "-5", "half", "NaN", "33.333"):
        with pytest.raises(Impossible, match="above 0 and at most 100"):
            entity(wave, convention, share)


def test_two_who_write_at_once_lose_nothing(wave, convention):
    said = given(wave, convention) | {"heading": "governance"}
    write_clause(**said, value="A board of five.")
    write_clause(**said, value="A board of five.")
    with pytest.raises(Stale):
        write_clause(**said, value="A board of six.")
    office = said | {"actor": wave.acting(wave.agency, "label-officer")}
    assert write_clause(**office, value="A board of six.", base=1).edition == 2
    entity(wave, convention, "60")
    with pytest.raises(Stale):
        entity(wave, convention, "50", base=1)
    with pytest.raises(Stale):
        remove_entity(**given(wave, convention), organisation_id=body("unit").pk, base=1)


def test_in_force_once_all_have_signed_what_they_read(wave, convention, english):
    entity(wave, convention, "60")
    write_clause(**given(wave, convention), heading="governance", value="A board of five.")
    by = {"convention_id": convention.pk, "version": 1, "at": DURING}
    agency = wave.acting(wave.agency, "label-officer")
    read = digest_of(convention.last)
    sign_convention(actor=agency, **by, organisation_id=wave.agency.pk, digest=read)
    write_clause(**given(wave, convention), heading="governance", value="A board of six.", base=1)
    with pytest.raises(Impossible, match="has changed since"):
        sign_convention(actor=wave.acting(wave.host), **by, organisation_id=wave.host.pk, digest=read)
    read = digest_of(convention.last)
    with pytest.raises(Impossible, match="does not sign"):
        sign_convention(actor=wave.acting(wave.institute), **by, organisation_id=wave.institute.pk, digest=read)
    sign_convention(actor=wave.acting(wave.host), **by, organisation_id=wave.host.pk, digest=read)
    assert convention.last.in_force_at is None
    assert not Member.objects.exists()
    sign_convention(actor=agency, **by, organisation_id=wave.agency.pk, digest=read)
    assert (convention.last.in_force_at, convention.last.digest) == (DURING, read)
    with pytest.raises(Impossible, match="begin an amendment"):
        entity(wave, convention, "70")
    with pytest.raises(DatabaseError, match="stays as it was signed"), transaction.atomic():
        Entity.objects.update(share=70)


def test_which_entities_belong_is_public_and_their_shares_are_not(wave, convention):
    concluded(wave, convention, "60")
    award = convention.award
    held = [(one.organisation.key, one.host.key, one.share) for one in entities_of(award, DAY)]
    assert held == [("unit", "host", 60)]
    assert not entities_of(award, dt.date(2040, 1, 1))
    neighbours = [PUBLIC, wave.acting(wave.stranger), wave.acting(wave.rival)]
    for actor in neighbours:
        with scope_of(actor):
            assert [one.organisation.key for one in members_of(award, DAY, actor=actor)] == ["unit"]
            assert not conventions(actor=actor).exists()
            assert not entities_of(award, DAY)
            assert not Convention.objects.exists()
    for one in (wave.institute, wave.host, wave.ministry, body("unit")):
        with scope_of(actor := wave.acting(one)):
            assert conventions(actor=actor).get() == convention
            assert len(entities_of(award, DAY)) == 1
    with pytest.raises(Forbidden):
        write_clause(**given(wave, convention, wave.rival), heading="governance", value="Ours.")


def test_entities_belong_for_as_long_as_the_label_is_held(wave, convention, english):
    concluded(wave, convention, "60")
    ministry = wave.acting(wave.ministry, "label-officer")
    given = {"actor": ministry, "at": DURING, "award_id": convention.award_id}
    with pytest.raises(Impossible, match="No label is held for so long"):
        extend_award(**given, last_day=dt.date.max, reason="For ever.")
    end_award(**given, last_day=DAY, reason_fr="La charte n’est plus tenue.")
    assert Member.objects.get().period_end == DAY.isoformat()
    told = Notice.objects.filter(kind="awards", person__email="manager-institute@example.org").values_list("subject_en")
    assert [one.partition(":")[0] for (one,) in told] == ["The term of a label has changed"]


def test_its_bodies_are_told_when_it_opens_waits_and_is_in_force(wave):
    wave.acting(wave.institute), wave.acting(wave.host)
    concluded(wave, opened(wave, wave.institute)[0], "60")
    told = Notice.objects.filter(kind="conventions", person__email="manager-host@example.org").order_by("pk")
    assert [one.subject_en.partition(":")[0] for one in told] == [
        "A convention to write together", "A convention waits for signatures",
    ]  # fmt: skip
    lead = Notice.objects.filter(kind="conventions", person__email="manager-institute@example.org")
    assert "Signed by all, and in force" in [one.subject_en.partition(":")[0] for one in lead]


def test_an_entity_is_not_given_away_twice(wave, english):
    first, second = opened(wave, wave.institute, wave.rival)
    concluded(wave, first, "60", until="2028-12-31")
    with pytest.raises(Impossible) as told:
        entity(wave, second, "40.5", wave.rival)
    assert "40.5% is more than the 40% that is left; 60% is held already." in str(told.value)
    with pytest.raises(Impossible, match=r"held already \(Institute 60\)"):
        entity(wave, second, "40.5", actor=wave.acting(wave.agency, "label-officer"))
    # Days on which the other does not have it, and the part that is left, are free.
    entity(wave, second, "100", wave.rival, since="2029-01-01")
    with pytest.raises(Impossible, match="before the label begins"):
        entity(wave, second, "100", wave.rival, until="2026-01-31")
    concluded(wave, second, "40", wave.rival)
    begin_amendment(actor=wave.acting(wave.institute), at=DURING, convention_id=first.pk, reason="It grows.")
    with pytest.raises(Impossible, match="60% that is left"):
        entity(wave, first, "61")
    assert entity(wave, first, "60").confirmed


def test_what_was_free_when_it_was_written_is_checked_again_when_it_comes_into_force(wave, english):
    first, second = opened(wave, wave.institute, wave.rival)
    entity(wave, second, "70", wave.rival)
    write_clause(**given(wave, second, wave.rival), heading="governance", value="Two directors.")
    concluded(wave, first, "60")
    with pytest.raises(Impossible, match="40% that is left"):
        signed(wave, second)
    second.refresh_from_db()
    assert second.in_force is None


def test_an_amendment_begins_from_the_last_version_and_shows_what_it_changes(wave, convention, english):
    concluded(wave, convention, "60")
    new_host = body("newhost", "university")
    by = {"actor": wave.acting(wave.institute), "at": DURING, "convention_id": convention.pk}
    with pytest.raises(Impossible, match="Say why"):
        begin_amendment(**by, reason=" ")
    begin_amendment(**by, reason="A team joins.")
    with pytest.raises(Impossible, match="still being written"):
        begin_amendment(**by, reason="Another one.")
    entity(wave, convention, "100", key="team", host=new_host, since="2027-01-01")
    assert [one.key for one in signers_of(convention.last)] == ["agency", "host", "newhost"]
    assert [(one.title, one.before, one.after) for one in changes_of(convention.last)] == [
        ("Team", "", "100%, Newhost, since 1 January 2027")
    ]
    assert [one.organisation.key for one in entities_of(convention.award, DAY)] == ["unit"]
    signed(wave, convention, wave.host, new_host)
    assert len(entities_of(convention.award, dt.date(2027, 1, 1))) == 2
    assert len(entities_of(convention.award, DAY)) == 1
    assert Member.objects.get(organisation__key="team").period_start == "2027-01-01"


def test_a_host_named_by_mistake_reads_it_no_more(wave, convention):
    entity(wave, convention, "60", host=wave.stranger)
    assert conventions(actor=wave.acting(wave.stranger)).exists()
    entity(wave, convention, "60")
    assert not conventions(actor=wave.acting(wave.stranger)).exists()


def test_an_amendment_is_given_up_with_a_reason(wave, convention, english):
    by = given(wave, convention) | {"reason": "Not needed."}
    with pytest.raises(Impossible, match="first version"):
        drop_amendment(**by)
    concluded(wave, convention, "60")
    begin_amendment(actor=by["actor"], at=DURING, convention_id=convention.pk, reason="More.")
    entity(wave, convention, "60", host=wave.stranger)
    assert conventions(actor=wave.acting(wave.stranger)).exists()
    drop_amendment(**by | {"version": 2})
    assert convention.last.number == 1
    assert not conventions(actor=wave.acting(wave.stranger)).exists()


def test_an_appeal_that_is_upheld_ends_what_belongs_and_the_convention_can_still_be_amended(wave, convention):
    concluded(wave, convention, "60")
    dossier = convention.award.decision.dossier
    filed = file_appeal(actor=wave.acting(wave.institute), at=DURING, dossier_id=dossier.pk, text="Less is enough.")
    later = DURING + dt.timedelta(days=10)
    answer_appeal(actor=wave.acting(wave.ministry, "label-officer"), at=later, appeal_id=filed.pk, upheld=True,
                  outcome="preparatory", answer="Granted.")  # fmt: skip
    assert Member.objects.get().period_end == (later.date() - dt.timedelta(days=1)).isoformat()
    convention = Convention.objects.get()
    begin_amendment(actor=wave.acting(wave.institute), at=later, convention_id=convention.pk, reason="To wind up.")
    entity(wave, convention, "50")
    assert wave.host.pk in concerned(convention_id=convention.pk)


def test_at_a_new_wave_the_perimeter_is_confirmed_entity_by_entity(wave, convention, english):
    concluded(wave, convention, "60")
    text = WITH_HEADINGS.replace("call: simulated", "call: next").replace("wave: first", "wave: second")
    # The first call is still that of the fixture; the next one has its own name.
    later = DURING + dt.timedelta(days=3)
    following = _next_wave(wave, text, later)
    begun = following.last.entities.get()
    assert (begun.share, begun.host, begun.confirmed) == (60, wave.host, False)
    write_clause(**given(wave, following), heading="governance", value="As before.")
    with pytest.raises(Impossible, match="Unit, to be confirmed"):
        signed(wave, following)
    # The holder's own earlier convention takes nothing from the later one.
    entity(wave, following, "80")
    signed(wave, following)
    assert [one.share for one in entities_of(following.award, later.date())] == [80]


def _next_wave(wave, text: str, at: dt.datetime) -> Convention:
    from maillage.calls.actions import publish_call
    from maillage.calls.applying import add_party, begin_dossier, write_reply
    from maillage.calls.models import Call
    from maillage.calls.sending import send_dossier
    from maillage.kernel.actors import SYSTEM
    from maillage.reviews.deciding import decide, propose_outcome
    from maillage.reviews.publication import publish_decisions
    from tests.calls.wave import sign

    publish_call(actor=SYSTEM, at=at, text=text, reason="The next wave.")
    call = Call.objects.get(key="next")
    lead, office = wave.acting(wave.institute), wave.acting(wave.agency, "label-officer")
    by = {"actor": lead, "at": at}
    dossier = begin_dossier(**by, call_id=call.pk, lead_id=wave.institute.pk, title="Again")
    add_party(**by, dossier_id=dossier.pk, organisation_id=wave.host.pk, part="host")
    for question, value in (("abstract", "More."), ("charter", "yes")):
        write_reply(**by, dossier_id=dossier.pk, section="summary", question=question, value=value)
    sign(wave, dossier, wave.institute, wave.host)
    send_dossier(**by, dossier_id=dossier.pk)
    propose_outcome(actor=office, at=at, dossier_id=dossier.pk, outcome="award")
    ministry = wave.acting(wave.ministry, "label-officer")
    decide(actor=ministry, at=at, call_id=call.pk)
    publish_decisions(actor=ministry, at=at, call_id=call.pk)
    return open_convention(actor=office, at=at, decision_id=dossier.decision.pk)


def test_a_convention_on_paper(wave, convention):
    concluded(wave, convention, "60")
    assert paper_of(convention.last).startswith(b"%PDF")
