"""From the decision on: a letter each, publication at a set minute, appeals, and what becomes of a label."""

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.calls.actions.calls import publish_call
from maillage.calls.actions.submission import withdraw_application
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC
from maillage.core.models import Citation
from maillage.labels.actions.awards import confirm_award, end_award, extend_award
from maillage.labels.models import Award, Label
from maillage.labels.schemes import get_label_scheme
from maillage.notifications.models import Notice
from maillage.register.models import Organisation, Tie
from maillage.reviews.actions.appeals import answer_appeal, file_appeal
from maillage.reviews.actions.decisions import decide, propose_outcome, reopen_decision
from maillage.reviews.actions.publication import plan_publication, publish_decisions
from maillage.reviews.actions.reviewers import name_reviewer
from maillage.reviews.letters import letter_content, letters_of_call
from maillage.reviews.models import Decision, Panel
from maillage.reviews.tasks import publish_planned_decisions
from tests.calls.sample_call import DURING, TEXT, send_sample_application

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 16)


@pytest.fixture
def both(wave):
    """Two dossiers sent, the first of the institute proposed for the label, the second refused."""
    own, rival = send_sample_application(wave), send_sample_application(wave, wave.rival)
    agency = wave.acting(wave.agency, "label-officer")
    for application, outcome in ((own, "award"), (rival, "refusal")):
        propose_outcome(
            actor=agency, at=DURING, application_id=application.pk, outcome=outcome, reason="The panel says so."
        )
    return own, rival


@pytest.fixture
def ministry(wave):
    return wave.acting(wave.ministry, "label-officer")


@pytest.fixture
def published(wave, both, ministry):
    """Both decisions, published."""
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    return [Decision.objects.get(application=one) for one in both]


def test_a_refusal_needs_its_reason(wave, english):
    application = send_sample_application(wave)
    agency = wave.acting(wave.agency, "label-officer")
    with pytest.raises(ActionError, match="Say why"):
        propose_outcome(actor=agency, at=DURING, application_id=application.pk, outcome="refusal")


def test_decisions_are_published_at_the_minute_that_is_set(wave, both, ministry, english):
    moment = DURING + dt.timedelta(days=2)
    arguments = {"actor": ministry, "at": DURING, "call_id": wave.call.pk}
    with pytest.raises(ActionError, match="Decide first"):
        plan_publication(**arguments, moment=moment)
    decide(**arguments)
    with pytest.raises(ActionError, match="past"):
        plan_publication(**arguments, moment=DURING)
    with pytest.raises(ActionForbiddenError):
        plan_publication(**arguments | {"actor": wave.acting(wave.agency, "label-officer")}, moment=moment)
    plan_publication(**arguments, moment=moment)
    # The worker has it on its list of what comes back every minute, and the minute is long past by the clock.
    assert any(
        periodic_task.task.name == "reviews.publish_planned"
        for periodic_task in app.periodic_registry.periodic_tasks.values()
    )
    assert publish_planned_decisions(0) == 1
    assert publish_planned_decisions(0) == 0
    assert Award.objects.count() == 1
    assert Panel.objects.get().publish_at is None
    notices = Notice.objects.filter(kind="decisions", person__email="manager-rival@example.org")
    assert [notice.subject_en for notice in notices] == ["Dossier of rival: Refusal"]


def test_a_moment_to_come_is_waited_for_and_can_be_given_up(wave, both, ministry):
    arguments = {"actor": ministry, "at": DURING, "call_id": wave.call.pk}
    decide(**arguments)
    plan_publication(**arguments, moment=timezone.now() + dt.timedelta(minutes=5))
    assert publish_planned_decisions(0) == 0
    plan_publication(**arguments)
    assert Panel.objects.get().publish_at is None


def test_each_applicant_has_its_letter_in_both_languages(wave, both, ministry, english):
    letter = "letter: {fr: 'Le dossier {dossier} est retenu.', en: 'The dossier {dossier} runs to {last_day}.'}"
    text = TEXT.replace("label: mark, months: 60, most: 1", f"label: mark, months: 60, most: 1, {letter}")
    text = text.replace("simulated: yes", "simulated: no")
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="Letters.", base=1)
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    own = Decision.objects.get(application=both[0])
    assert letter_content(own)["footer"].startswith("Draft")
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    own, rival = (letter_content(Decision.objects.get(application=one)) for one in both)
    assert own["paragraphs"][0] == "The dossier Dossier of institute runs to 15 March 2031."
    assert own["to"] == ["Institute", "Host"]
    assert "It was decided: Refusal. The reasons follow." in rival["paragraphs"]
    assert rival["paragraphs"][-1] == "You can appeal until 15 May 2026, on the page of your application."
    letters = dict(letters_of_call(wave.call))
    assert sorted(name.rpartition("-")[2] for name in letters) == ["award.pdf", "refusal.pdf"]
    assert all(one.startswith(b"%PDF") for one in letters.values())


def test_an_appeal_that_is_upheld_gives_the_label_from_that_day(wave, published, ministry, english):
    _own, rival = published
    lead = wave.acting(wave.rival)
    arguments = {
        "actor": lead,
        "at": DURING,
        "application_id": rival.application_id,
        "text": "Our receipts were misread.",
    }
    for other in (wave.acting(wave.institute), wave.acting(wave.host)):
        with pytest.raises(ActionForbiddenError):
            file_appeal(**arguments | {"actor": other})
    with pytest.raises(ActionError, match="last day to appeal"):
        file_appeal(**arguments | {"at": DURING + dt.timedelta(days=61)})
    appeal = file_appeal(**arguments)
    with pytest.raises(ActionError, match="already filed"):
        file_appeal(**arguments)
    answer = {"at": DURING + dt.timedelta(days=30), "appeal_id": appeal.pk, "upheld": True, "answer": "They were."}
    with pytest.raises(ActionForbiddenError):
        answer_appeal(actor=wave.acting(wave.agency, "label-officer"), **answer, outcome="award")
    with pytest.raises(ActionError, match="another outcome"):
        answer_appeal(actor=ministry, **answer, outcome="refusal")
    answer_appeal(actor=ministry, **answer, outcome="award")
    award = Award.objects.get(holder=wave.rival)
    assert (award.period_start, award.period_end) == ("2026-04-15", "2031-04-14")
    assert Award.objects.filter(label__key="mark").count() == 2
    with pytest.raises(ActionError, match="is answered"):
        answer_appeal(actor=ministry, **answer, outcome="award")


def test_an_appeal_that_is_dismissed_changes_nothing(wave, published, ministry):
    appeal = file_appeal(
        actor=wave.acting(wave.rival), at=DURING, application_id=published[1].application_id, text="No."
    )
    answer_appeal(actor=ministry, at=DURING, appeal_id=appeal.pk, upheld=False, answer="Nothing was misread.")
    assert not Award.objects.filter(holder=wave.rival).exists()
    assert Notice.objects.filter(subject_en__contains="dismissed").exists()


def test_a_probation_is_confirmed_or_ends(wave, ministry, english):
    text = TEXT.replace("months: 60, most: 1", "months: 18, confirmed_months: 60, most: 1")
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="A probation first.", base=1)
    application = send_sample_application(wave)
    propose_outcome(actor=agency, at=DURING, application_id=application.pk, outcome="award")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    award = Award.objects.get()
    assert award.probation_until == dt.date(2027, 9, 15)
    arguments = {"actor": ministry, "at": DURING, "award_id": award.pk}
    with pytest.raises(ActionForbiddenError):
        end_award(**arguments | {"actor": agency}, last_day=DAY, reason_fr="Fin.")
    with pytest.raises(ActionError, match="beyond its probation"):
        confirm_award(**arguments, last_day=dt.date(2027, 1, 1), reason="Passed.")
    values = confirm_award(**arguments, last_day=dt.date(2031, 3, 15), reason="Passed.")
    assert (values.probation_until, values.period_end) == (None, "2031-03-15")
    with pytest.raises(ActionError, match="not on probation"):
        confirm_award(**arguments, last_day=dt.date(2032, 3, 15), reason="Passed.")
    assert extend_award(**arguments, last_day=dt.date(2032, 3, 15), reason="The wave.").period_end == "2032-03-15"
    with pytest.raises(ActionError, match="beyond the end"):
        extend_award(**arguments, last_day=dt.date(2032, 3, 15), reason="The wave.")
    with pytest.raises(ActionError, match="end early"):
        end_award(**arguments, last_day=dt.date(2032, 3, 15), reason_fr="Fin.")
    ended = end_award(**arguments, last_day=dt.date(2028, 1, 31), reason_fr="La charte n’est plus tenue.")
    assert (ended.period_end, ended.note_fr) == ("2028-01-31", "La charte n’est plus tenue.")


def test_a_published_wave_stands_among_those_of_its_label(wave, both, ministry):
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(
        actor=agency, at=DURING, text=TEXT.replace("simulated: yes", "simulated: no"), reason="For good.", base=1
    )
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    (known,) = get_label_scheme(wave.call.label, actor=PUBLIC).waves
    assert (known.wave.key, known.wave.decided, str(known.wave.period)) == (
        "first", "2026-03-16", "2026-03-16/2031-03-15",
    )  # fmt: skip
    result = {name: one.day or int(one.number) for name, one in known.parameters.items()}
    assert result == {"candidates": 2, "awarded": 1, "call-opened": "2026-03-02", "call-closed": "2026-04-30"}
    cited = {(citation.record_kind, citation.source.url) for citation in Citation.objects.all()}
    assert {kind for kind, _url in cited} == {"labels.award", "labels.wave", "labels.parameter"}
    assert all(url.endswith("/calls/simulated") for _kind, url in cited)


def test_a_label_can_distinguish_what_the_application_is_about(wave, ministry):
    text = TEXT.replace("holders: [institute]", "holders: [institute]\nawarded_to: title").replace(
        "months: 60, most: 1", "months: 12"
    )
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="Events are distinguished.", base=1)
    for application in (send_sample_application(wave), send_sample_application(wave)):
        application.title = f"Congrès simulé {application.pk}"
        application.save()
        propose_outcome(actor=agency, at=DURING, application_id=application.pk, outcome="award")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert [(award.holder, award.holder_text[:14]) for award in Award.objects.all()] == [(None, "Congrès simulé")] * 2


def test_one_body_is_not_given_one_label_twice(wave, ministry, english):
    text = TEXT.replace("label: mark, months: 60, most: 1", "label: mark, months: 60")
    agency = wave.acting(wave.agency, "label-officer")
    publish_call(actor=agency, at=DURING, text=text, reason="Without a quota.", base=1)
    own, again = send_sample_application(wave), send_sample_application(wave)
    arguments = {"actor": agency, "at": DURING, "outcome": "award"}
    propose_outcome(**arguments, application_id=own.pk)
    with pytest.raises(ActionError, match="Another application of the same organisation"):
        propose_outcome(**arguments, application_id=again.pk)
    Award.objects.create(label=wave.call.label, holder=wave.institute, period_start=DAY.isoformat())
    propose_outcome(**arguments | {"outcome": "refusal"}, application_id=again.pk, reason="It is one too many.")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    with pytest.raises(ActionError, match="already receives this label from this day"):
        publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert not Decision.objects.exclude(published_at=None).exists()
    # The authority takes the decision back, and another outcome is proposed.
    taken = {"at": DURING, "application_id": own.pk, "reason": "It holds the label already."}
    with pytest.raises(ActionForbiddenError):
        reopen_decision(actor=agency, **taken)
    reopen_decision(actor=ministry, **taken)
    propose_outcome(**arguments | {"outcome": "refusal"}, application_id=own.pk, base="award", reason="Held already.")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert dict(publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)) == {"refusal": 2}
    with pytest.raises(ActionError, match="appeal"):
        reopen_decision(actor=ministry, **taken)


def test_a_application_withdrawn_after_its_decision_is_awarded_nothing(wave, both, ministry):
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    withdraw_application(actor=wave.acting(wave.institute), at=DURING, application_id=both[0].pk, reason="We merge.")
    assert dict(publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)) == {"refusal": 1}
    assert not Award.objects.exists()


def test_nobody_but_its_bodies_reads_an_appeal(published, wave):
    from maillage.core.security.session_scope import actor_scope
    from maillage.reviews.models import Appeal

    file_appeal(actor=wave.acting(wave.rival), at=DURING, application_id=published[1].application_id, text="Misread.")
    seen = {}
    for name in ("rival", "institute", "agency", "stranger"):
        actor = wave.acting(getattr(wave, name), "label-officer" if name == "agency" else "manager")
        with actor_scope(actor):
            seen[name] = Appeal.objects.count()
    assert seen == {"rival": 1, "institute": 0, "agency": 1, "stranger": 0}


def test_what_was_decided_is_published_in_the_words_it_was_decided_in(wave, both, ministry):
    agency = wave.acting(wave.agency, "label-officer")
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    longer = TEXT.replace("months: 60", "months: 600").replace("  refusal:", "  rejection:")
    publish_call(actor=agency, at=DURING, text=longer, reason="Ten times as long.", base=1)
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert Award.objects.get().period_end == "2031-03-15"
    assert all(one.startswith(b"%PDF") for _name, one in letters_of_call(wave.call))


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
    with pytest.raises(ActionError, match=told):
        publish_call(actor=agency, at=DURING, text=TEXT.replace(*change), reason="Mine.", base=1)


def test_a_manager_of_the_body_above_does_not_review_it(wave, english):
    above = Organisation.objects.create(key="above", kind="university", name_fr="Above")
    tie = {"kind": "member-of", "period_start": "2010", "managed_by": "object"}
    Tie.objects.create(subject=wave.institute, object=above, **tie)
    send_sample_application(wave)
    wave.acting(above)
    agency = wave.acting(wave.agency, "label-officer")
    with pytest.raises(ActionError, match="Institute"):
        name_reviewer(actor=agency, at=DURING, call_id=wave.call.pk, email="manager-above@example.org")


def test_what_cannot_be_published_as_set_is_told(wave, both, ministry, english):
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    plan_publication(actor=ministry, at=DURING, call_id=wave.call.pk, moment=DURING + dt.timedelta(days=1))
    Award.objects.create(label=wave.call.label, holder=wave.institute, period_start=timezone.localdate().isoformat())
    assert publish_planned_decisions(0) == 0
    assert Panel.objects.get().publish_at is None
    notices = Notice.objects.filter(kind="decisions", person__email="label-officer-ministry@example.org")
    assert [notice.subject_en for notice in notices] == ["Not published as set: Simulated call"]


def test_a_published_application_is_withdrawn_no_more(wave, published, english):
    with pytest.raises(ActionError, match="end the label"):
        withdraw_application(
            actor=wave.acting(wave.institute), at=DURING, application_id=published[0].application_id, reason="R"
        )
