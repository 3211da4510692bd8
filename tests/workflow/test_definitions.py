"""Definitions: what is refused, on which line; and that no case can stand in a state that its definition has not."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import SYSTEM
from maillage.documents.faults import InvalidDocumentError
from maillage.workflow.actions.cases import apply_transition, open_case
from maillage.workflow.actions.definitions import publish_definition
from maillage.workflow.drawing import draw_definition
from maillage.workflow.models import Case, ProcessDefinition
from maillage.workflow.parser import definition_from_document, parse_definition
from tests.property_tests import examples
from tests.workflow.sample_cases import MONDAY, actor_with_role, open_sample_case

GOOD = """process: loan
title: {fr: Prêt, en: Loan}
region: Alsace-Moselle
opening: {state: asked, roles: [officer]}
states:
  asked:
    title: {fr: Demandé, en: Asked}
    deadline: {working_days: 5, remind_before: [1], remind: [officer]}
  done: {title: {fr: Fait, en: Done}, final: yes}
transitions:
  do: {title: {fr: Faire, en: Do}, from: asked, to: done, roles: officer, guards: with-reason}
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InvalidDocumentError) as caught:
        parse_definition(text)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_a_good_one_is_read_and_comes_back_from_storage():
    definition = parse_definition(GOOD)
    assert definition_from_document(definition.source_mapping) == definition
    assert definition.transitions["do"].roles == ("officer",)
    assert definition.states["asked"].deadline.offsets == [-1]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("from: asked", "from: askd", 11),
        ("to: done", "to: nowhere", 11),
        ("roles: officer", "roles: king", 11),
        ("roles: officer", "roles: reader", 11),
        ("guards: with-reason", "guards: [with-reason, moon-is-full]", 11),
        ("working_days: 5", "working_days: -5", 8),
        ("working_days: 5", "working_days: many", 8),
        ("working_days: 5", "working_days: 100000000", 8),
        ("remind_before: [1]", "remind_before: [9]", 8),
        (", remind: [officer]", "", 8),
        (", final: yes", "", 9),
        ("final: yes", "final: perhaps", 9),
        ("region: Alsace-Moselle", "region: Atlantis", 3),
        ("state: asked", "state: nowhere", 4),
        ("{fr: Prêt, en: Loan}", "Loan", 2),
        ("{fr: Prêt, en: Loan}", "{fr: Prêt}", 2),
        ("process: loan", "process: Loan !", 1),
        ("process: loan", "proces: loan", 1),
        ("  done: {", "  lost: {title: {fr: x, en: x}, final: yes}\n  done: {", 9),
        ("  done: {", "  asked: {", 9),
        ("title: {fr: Faire", "titel: {fr: Faire", 11),
        ("region: Alsace-Moselle", "region: &a x\nnote: *a", 4),
        ("region: Alsace-Moselle", "region: " + "[" * 5000, 3),
        ("region: Alsace-Moselle", "\tregion: x", 3),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old, new, line):
    assert old in GOOD
    found = faults(GOOD.replace(old, new))
    assert line in [number for number, _message in found], found


def test_several_faults_are_said_at_once():
    found = faults(GOOD.replace("from: asked", "from: x").replace("Alsace-Moselle", "Atlantis"))
    assert {3, 11} <= {line for line, _message in found}


def test_a_near_word_is_proposed():
    (fault,) = faults(GOOD.replace("from: asked", "from: askd"))
    assert "“asked”" in fault[1]


@pytest.mark.parametrize("text", ["", "x", "[]", "- 1", "a: {", "\0", "process: !!python/object:os.system x", "1: 2"])
def test_what_is_no_definition_is_refused(text):
    assert faults(text)


@given(st.text(max_size=300))
@examples(150)
def test_any_text_is_read_or_refused_in_words(text):
    with pytest.raises(InvalidDocumentError):
        parse_definition(text)


def test_the_drawing_has_every_state_and_transition_and_no_word_upon_another():
    drawing = draw_definition(parse_definition(GOOD))
    assert {box.state.name for box in drawing.boxes} == {"asked", "done"}
    assert [way.transition.name for way in drawing.arrows] == ["do"]


@pytest.mark.django_db
class TestVersions:
    def test_they_count_up_and_stay_as_published(self):
        first = publish_definition(actor=SYSTEM, at=MONDAY, text=GOOD, reason="First.")
        again = GOOD.replace("working_days: 5", "working_days: 6")
        second = publish_definition(actor=SYSTEM, at=MONDAY, text=again, reason="Slower.")
        assert (first.version, second.version) == (1, 2)
        with pytest.raises(DatabaseError), transaction.atomic():
            ProcessDefinition.objects.filter(pk=first.pk).update(reason="Other.")
        with pytest.raises(DatabaseError), transaction.atomic():
            first.delete()

    def test_it_needs_an_officer_a_reason_and_a_change(self):
        with pytest.raises(ActionForbiddenError):
            publish_definition(actor=actor_with_role("manager"), at=MONDAY, text=GOOD, reason="Mine.")
        with pytest.raises(ActionError):
            publish_definition(actor=SYSTEM, at=MONDAY, text=GOOD, reason=" ")
        publish_definition(actor=SYSTEM, at=MONDAY, text=GOOD, reason="First.")
        with pytest.raises(ActionError):
            publish_definition(actor=SYSTEM, at=MONDAY, text=GOOD + "# more\n", reason="Again.")

    def test_the_database_itself_refuses_a_state_without_definition(self, shipped):
        case = open_sample_case()
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state="nowhere")
        other = publish_definition(actor=SYSTEM, at=MONDAY, text=GOOD, reason="First.")
        Case.objects.filter(pk=case.pk).update(state="answered")
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(definition=other)


@st.composite
def graphs(draw):
    """A definition of some states, each but the last leading on to the next and to any others."""
    count = draw(st.integers(2, 7))
    more = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=8))
    title = "{fr: T, en: T}"
    states = [f"  s{n}: {{title: {title}, final: {'yes' if n == count - 1 else 'no'}}}" for n in range(count)]
    edges = [(n, n + 1) for n in range(count - 1)] + more
    ways = [f"  t{n}: {{title: {title}, from: s{a}, to: s{b}, roles: officer}}" for n, (a, b) in enumerate(edges)]
    head = f"process: drawn-by-lot\ntitle: {title}\nopening: {{state: s0, roles: officer}}"
    return "\n".join([head, "states:", *states, "transitions:", *ways])


class NoCaseIsLost(TestCase):
    @given(graphs(), st.lists(st.integers(0, 20), max_size=12))
    @settings(max_examples=25, deadline=None)
    def test_wherever_a_case_is_led_its_definition_has_the_state(self, text, choices):
        definition = publish_definition(actor=SYSTEM, at=MONDAY, text=text, reason="Drawn.").definition
        case = open_case(actor=SYSTEM, at=MONDAY, process="drawn-by-lot", title="By lot")
        names = list(definition.transitions)
        for number in choices:
            name = names[number % len(names)]
            if case.state in definition.transitions[name].sources:
                case = apply_transition(actor=SYSTEM, at=MONDAY, case_id=case.pk, transition=name)
            else:
                with pytest.raises(ActionError):
                    apply_transition(actor=SYSTEM, at=MONDAY, case_id=case.pk, transition=name)
            case.refresh_from_db()
            assert case.state in definition.states
        words = [(way.x, way.y) for way in draw_definition(definition).arrows]
        assert len(words) == len(set(words))
