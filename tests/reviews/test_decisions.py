"""From the decision on: a letter each, publication at a set minute, appeals, and what becomes of a label."""

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.calls.actions import publish_call
from maillage.calls.sending import withdraw_dossier
from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.actors import PUBLIC
from maillage.kernel.models import Citation
from maillage.kernel.notices.models import Notice
from maillage.labels.models import Award, Label
from maillage.labels.schemes import scheme_of
from maillage.labels.terms import confirm_award, end_award, extend_award
from maillage.register.models import Organisation, Tie
from maillage.reviews.actions import name_reviewer
from maillage.reviews.appeals import answer_appeal, file_appeal
from maillage.reviews.deciding import decide, propose_outcome, reopen_decision
from maillage.reviews.letters import _content, letters_of
from maillage.reviews.models import Decision, Panel
from maillage.reviews.publication import plan_publication, publish_decisions
from maillage.reviews.tasks import publish_planned
from tests.calls.wave import DURING, TEXT, sent

DAY = dt.date(2026, 3, 16)


@pytest.fixture
def both(wave):
    """Two dossiers sent, the first of the institute proposed for the label, the second refused."""
    own, rival = sent(wave), sent(wave, wave.rival)
    agency = wave.acting(wave.agency, "label-officer")
    for dossier, outcome in ((own, "award"), (rival, "refusal")):
        propose_outcome(actor=agency, at=DURING, dossier_id=dossier.pk, outcome=outcome, reason="The panel says so.")
    return own, rival


@pytest.fixture
def ministry(wave):
    return wave.acting(wave.ministry, "label-officer")


@pytest.fixture
def published(wave, both, ministry):
    """Both decisions, published."""
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    return [Decision.objects.get(dossier=one) for one in both]


def test_a_refusal_needs_its_reason(wave, english):
    dossier = sent(wave)
    agency = wave.acting(wave.agency, "label-officer")
    with pytest.raises(Impossible, match="Say why"):
        propose_outcome(actor=agency, at=DURING, dossier_id=dossier.pk, outcome="refusal")


def test_decisions_are_published_at_the_minute_that_is_set(wave, both, ministry, english):
    moment = DURING + dt.timedelta(days=2)
    given = {"actor": ministry, "at": DURING, "call_id": wave.call.pk}
    with pytest.raises(Impossible, match="Decide first"):
        plan_publication(**given, moment=moment)
    decide(**given)
    with pytest.raises(Impossible, match="past"):
        plan_publication(**given, moment=DURING)
    with pytest.raises(Forbidden):
        plan_publication(**given | {"actor": wave.acting(wave.agency, "label-officer")}, moment=moment)
    plan_publication(**given, moment=moment)
    # The worker has it on its list of what comes back every minute, and the minute is long past by the clock.
    assert any(one.task.name == "reviews.publish_planned" for one in app.periodic_registry.periodic_tasks.values())
    assert publish_planned(0) == 1
    assert publish_planned(0) == 0
    assert Award.objects.count() == 1
    assert Panel.objects.get().publish_at is None
    told = Notice.objects.filter(kind="decisions", person__email="manager-rival@example.org")
    assert [one.subject_en for one in told] == ["Dossier of rival: Refusal"]


def test_a_moment_to_come_is_waited_for_and_can_be_given_up(wave, both, ministry):
    given = {"actor": ministry, "at": DURING, "call_id": wave.call.pk}
    decide(**given)
    plan_publication(**given, moment=timezone.now() + dt.timedelta(minutes=5))
    assert publish_planned(0) == 0
    plan_publication(**given)
    assert Panel.objects.get().publish_at is None


def test_each_applicant_has_its_letter_in_both_languages(wave, both, ministry, english):
    letter = "letter: {fr: 'Le dossier {dossier} est retenu.', en: 'The dossier {dossier} runs to {last_day}.'}"
    text = TEXT.replace("label: mark, months: 60, most: 1", f"label: mark, months: 60, most: 1, {letter}")
    text = text.replace("simulated: yes", "simulated: no")
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="Letters.", base=1)
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    own = Decision.objects.get(dossier=both[0])
    assert _content(own)["footer"].startswith("Draft")
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    own, rival = (_content(Decision.objects.get(dossier=one)) for one in both)
    assert own["paragraphs"][0] == "The dossier Dossier of institute runs to 15 March 2031."
    assert own["to"] == ["Institute", "Host"]
    assert "It was decided: Refusal. The reasons follow." in rival["paragraphs"]
    assert rival["paragraphs"][-1] == "You can appeal until 15 May 2026, on the page of your dossier."
    made = dict(letters_of(wave.call))
    assert sorted(name.rpartition("-")[2] for name in made) == ["award.pdf", "refusal.pdf"]
    assert all(one.startswith(b"%PDF") for one in made.values())


def test_an_appeal_that_is_upheld_gives_the_label_from_that_day(wave, published, ministry, english):
    _own, rival = published
    lead = wave.acting(wave.rival)
    given = {"actor": lead, "at": DURING, "dossier_id": rival.dossier_id, "text": "Our receipts were misread."}
    for other in (wave.acting(wave.institute), wave.acting(wave.host)):
        with pytest.raises(Forbidden):
            file_appeal(**given | {"actor": other})
    with pytest.raises(Impossible, match="last day to appeal"):
        file_appeal(**given | {"at": DURING + dt.timedelta(days=61)})
    appeal = file_appeal(**given)
    with pytest.raises(Impossible, match="filed already"):
        file_appeal(**given)
    answer = {"at": DURING + dt.timedelta(days=30), "appeal_id": appeal.pk, "upheld": True, "answer": "They were."}
    with pytest.raises(Forbidden):
        answer_appeal(actor=wave.acting(wave.agency, "label-officer"), **answer, outcome="award")
    with pytest.raises(Impossible, match="another outcome"):
        answer_appeal(actor=ministry, **answer, outcome="refusal")
    answer_appeal(actor=ministry, **answer, outcome="award")
    held = Award.objects.get(holder=wave.rival)
    assert (held.period_start, held.period_end) == ("2026-04-15", "2031-04-14")
    assert Award.objects.filter(label__key="mark").count() == 2
    with pytest.raises(Impossible, match="is answered"):
        answer_appeal(actor=ministry, **answer, outcome="award")


def test_an_appeal_that_is_dismissed_changes_nothing(wave, published, ministry):
    appeal = file_appeal(actor=wave.acting(wave.rival), at=DURING, dossier_id=published[1].dossier_id, text="No.")
    answer_appeal(actor=ministry, at=DURING, appeal_id=appeal.pk, upheld=False, answer="Nothing was misread.")
    assert not Award.objects.filter(holder=wave.rival).exists()
    assert Notice.objects.filter(subject_en__contains="dismissed").exists()


def test_a_probation_is_confirmed_or_ends(wave, ministry, english):
    text = TEXT.replace("months: 60, most: 1", "months: 18, confirmed_months: 60, most: 1")
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="A probation first.", base=1)
    dossier = sent(wave)
    propose_outcome(actor=agency, at=DURING, dossier_id=dossier.pk, outcome="award")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    award = Award.objects.get()
    assert award.probation_until == dt.date(2027, 9, 15)
    given = {"actor": ministry, "at": DURING, "award_id": award.pk}
    with pytest.raises(Forbidden):
        end_award(**given | {"actor": agency}, last_day=DAY, reason_fr="Fin.")
    with pytest.raises(Impossible, match="beyond its probation"):
        confirm_award(**given, last_day=dt.date(2027, 1, 1), reason="Passed.")
    held = confirm_award(**given, last_day=dt.date(2031, 3, 15), reason="Passed.")
    assert (held.probation_until, held.period_end) == (None, "2031-03-15")
    with pytest.raises(Impossible, match="not on probation"):
        confirm_award(**given, last_day=dt.date(2032, 3, 15), reason="Passed.")
    assert extend_award(**given, last_day=dt.date(2032, 3, 15), reason="The wave.").period_end == "2032-03-15"
    with pytest.raises(Impossible, match="beyond the end"):
        extend_award(**given, last_day=dt.date(2032, 3, 15), reason="The wave.")
    with pytest.raises(Impossible, match="end early"):
        end_award(**given, last_day=dt.date(2032, 3, 15), reason_fr="Fin.")
    ended = end_award(**given, last_day=dt.date(2028, 1, 31), reason_fr="La charte n’est plus tenue.")
    assert (ended.period_end, ended.note_fr) == ("2028-01-31", "La charte n’est plus tenue.")


def test_a_published_wave_stands_among_those_of_its_label(wave, both, ministry):
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(
        actor=agency, at=DURING, text=TEXT.replace("simulated: yes", "simulated: no"), reason="For good.", base=1
    )
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    (known,) = scheme_of(wave.call.label, actor=PUBLIC).waves
    assert (known.wave.key, known.wave.decided, str(known.wave.period)) == (
        "first", "2026-03-16", "2026-03-16/2031-03-15",
    )  # fmt: skip
    told = {name: one.day or int(one.number) for name, one in known.parameters.items()}
    assert told == {"candidates": 2, "awarded": 1, "call-opened": "2026-03-02", "call-closed": "2026-04-30"}
    cited = {(one.record_kind, one.source.url) for one in Citation.objects.all()}
    assert {kind for kind, _url in cited} == {"labels.award", "labels.wave", "labels.parameter"}
    assert all(url.endswith("/calls/simulated") for _kind, url in cited)


def test_a_label_can_distinguish_what_the_dossier_is_about(wave, ministry):
    text = TEXT.replace("holders: [institute]", "holders: [institute]\nawarded_to: title").replace(
        "months: 60, most: 1", "months: 12"
    )
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="Events are distinguished.", base=1)
    for dossier in (sent(wave), sent(wave)):
        dossier.title = f"Congrès simulé {dossier.pk}"
        dossier.save()
        propose_outcome(actor=agency, at=DURING, dossier_id=dossier.pk, outcome="award")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert [(one.holder, one.holder_text[:14]) for one in Award.objects.all()] == [(None, "Congrès simulé")] * 2


def test_one_body_is_not_given_one_label_twice(wave, ministry, english):
    text = TEXT.replace("label: mark, months: 60, most: 1", "label: mark, months: 60")
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="Without a quota.", base=1)
    own, again = sent(wave), sent(wave)
    given = {"actor": agency, "at": DURING, "outcome": "award"}
    propose_outcome(**given, dossier_id=own.pk)
    with pytest.raises(Impossible, match="Another dossier of the same body"):
        propose_outcome(**given, dossier_id=again.pk)
    Award.objects.create(label=wave.call.label, holder=wave.institute, period_start=DAY.isoformat())
    propose_outcome(**given | {"outcome": "refusal"}, dossier_id=again.pk, reason="It is one too many.")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    with pytest.raises(Impossible, match="from this day already"):
        publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert not Decision.objects.exclude(published_at=None).exists()
    # The authority takes the decision back, and another outcome is proposed.
    taken = {"at": DURING, "dossier_id": own.pk, "reason": "It holds the label already."}
    with pytest.raises(Forbidden):
        reopen_decision(actor=agency, **taken)
    reopen_decision(actor=ministry, **taken)
    propose_outcome(**given | {"outcome": "refusal"}, dossier_id=own.pk, base="award", reason="Held already.")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert dict(publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)) == {"refusal": 2}
    with pytest.raises(Impossible, match="appeal"):
        reopen_decision(actor=ministry, **taken)


def test_a_dossier_withdrawn_after_its_decision_is_awarded_nothing(wave, both, ministry):
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    withdraw_dossier(actor=wave.acting(wave.institute), at=DURING, dossier_id=both[0].pk, reason="We merge.")
    assert dict(publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)) == {"refusal": 1}
    assert not Award.objects.exists()


def test_nobody_but_its_bodies_reads_an_appeal(published, wave):
    from maillage.kernel.scope import scope_of
    from maillage.reviews.models import Appeal

    file_appeal(actor=wave.acting(wave.rival), at=DURING, dossier_id=published[1].dossier_id, text="Misread.")
    seen = {}
    for name in ("rival", "institute", "agency", "stranger"):
        actor = wave.acting(getattr(wave, name), "label-officer" if name == "agency" else "manager")
        with scope_of(actor):
            seen[name] = Appeal.objects.count()
    assert seen == {"rival": 1, "institute": 0, "agency": 1, "stranger": 0}


def test_what_was_decided_is_published_in_the_words_it_was_decided_in(wave, both, ministry):
    agency = wave.acting(wave.agency, "label-officer")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    longer = TEXT.replace("months: 60", "months: 600").replace("  refusal:", "  rejection:")
    publish_call(actor=agency, at=DURING, text=longer, reason="Ten times as long.", base=1)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert Award.objects.get().period_end == "2031-03-15"
    assert all(one.startswith(b"%PDF") for _name, one in letters_of(wave.call))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("label: mark-ahead", "label: foreign"), "another authority"),
        (("decides: ministry", "decides: agency"), "is given by ministry"),
        (("runs: agency", "runs: stranger"), "neither gives nor manages"),
    ],
)
def test_a_call_awards_in_the_name_of_its_own_authority_alone(wave, english, change, told):
    Label.objects.create(key="foreign", name_fr="F", authority=wave.stranger)
    agency = wave.acting(wave.agency, "label-officer")
    with pytest.raises(Impossible, match=told):
        publish_call(actor=agency, at=DURING, text=TEXT.replace(*change), reason="Mine.", base=1)


def test_a_manager_of_the_body_above_does_not_review_it(wave, english):
    above = Organisation.objects.create(key="above", kind="university", name_fr="Above")
    tie = {"kind": "member-of", "period_start": "2010", "managed_by": "object"}
    Tie.objects.create(subject=wave.institute, object=above, **tie)
    sent(wave)
    wave.acting(above)
    agency = wave.acting(wave.agency, "label-officer")
    with pytest.raises(Impossible, match="Institute"):
        name_reviewer(actor=agency, at=DURING, call_id=wave.call.pk, email="manager-above@example.org")


def test_what_cannot_be_published_as_set_is_told(wave, both, ministry, english):
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    plan_publication(actor=ministry, at=DURING, call_id=wave.call.pk, moment=DURING + dt.timedelta(days=1))
    Award.objects.create(label=wave.call.label, holder=wave.institute, period_start=timezone.localdate().isoformat())
    assert publish_planned(0) == 0
    assert Panel.objects.get().publish_at is None
    told = Notice.objects.filter(kind="decisions", person__email="label-officer-ministry@example.org")
    assert [one.subject_en for one in told] == ["Not published as set: Simulated call"]


def test_a_published_dossier_is_withdrawn_no_more(wave, published, english):
    with pytest.raises(Impossible, match="end the label"):
        withdraw_dossier(actor=wave.acting(wave.institute), at=DURING, dossier_id=published[0].dossier_id, reason="R")
