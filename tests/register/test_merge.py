"""Merging two organisations and undoing it: nothing is lost, nothing said twice, and undone it is as it was."""

import datetime as dt
from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.core.models import Citation, Contradiction, ContradictionSubject, Source
from maillage.labels.models import Award, Label
from maillage.register.actions.merges import decide_lookalike, merge_organisations, undo_merge
from maillage.register.models import (
    Identifier,
    Lookalike,
    Name,
    Office,
    Organisation,
    PendingTie,
    Tie,
)
from maillage.register.queries import get_organisation, list_lookalikes, organisations, ties

pytestmark = pytest.mark.django_db
ACTOR = Actor("Ada", frozenset({OFFICER}))
AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
MODELS = (
    Organisation,
    Name,
    Identifier,
    Tie,
    PendingTie,
    Office,
    Label,
    Award,
    Citation,
    ContradictionSubject,
    Lookalike,
)


def body(key: str, **fields: Any) -> Organisation:
    made = Organisation(**{"key": key, "kind": "institute", "name_fr": key.title(), **fields})
    made.save()
    return made


def tie(subject: Organisation, target: Organisation, kind: str = "member", **fields: Any) -> Tie:
    made = Tie(subject=subject, object=target, kind=kind, **fields)
    made.save()
    return made


def cite(record: Any, url: str) -> Citation:
    source, _made = Source.objects.get_or_create(url=url)
    kind = type(record).kind_name()
    return Citation.objects.create(source=source, record_kind=kind, record_id=record.pk, read_on=AT.date())


def everything() -> dict[str, str]:
    """Each row of the register, its number included."""
    return {model._meta.label: serializers.serialize("json", model.objects.order_by("pk")) for model in MODELS}


def merge(kept: Organisation, absorbed: Organisation) -> Any:
    return merge_organisations(actor=ACTOR, at=AT, kept_id=kept.pk, absorbed_id=absorbed.pk, reason="the same body")


def undo(merge_id: int) -> Any:
    return undo_merge(actor=ACTOR, at=AT, merge_id=merge_id, reason="they are two")


def test_everything_passes_to_the_kept_body() -> None:
    kept, absorbed, network = body("kept"), body("absorbed", city="Lyon", acronym="AB"), body("network")
    Name(organisation=absorbed, text="Old Name", kind="official", language="en").save()
    Identifier.objects.create(organisation=absorbed, scheme="ror", value="02vjkv261")
    Office(organisation=absorbed, person_name="Ada Example", role_en="director").save()
    tie(absorbed, network)
    cite(absorbed, "https://example.org/absorbed")
    merge(kept, absorbed)

    kept.refresh_from_db()
    assert (kept.city, kept.acronym) == ("Lyon", "AB")
    assert {str(name) for name in kept.names.all()} == {"Old Name"}
    assert [str(identifier) for identifier in kept.identifiers.all()] == ["ROR 02vjkv261"]
    assert kept.offices.count() == 1
    assert [found.object for found in ties(kept, actor=ACTOR)] == [network]
    assert Citation.objects.get().record_id == kept.pk


def test_the_old_address_leads_to_the_kept_body() -> None:
    kept, absorbed = body("kept"), body("absorbed")
    done = merge(kept, absorbed)
    assert get_organisation(actor=PUBLIC, key="absorbed") == kept
    assert list(organisations(actor=PUBLIC)) == [kept]
    undo(done.pk)
    assert get_organisation(actor=PUBLIC, key="absorbed") == absorbed


def test_what_both_say_is_said_once_with_the_sources_of_both() -> None:
    kept, absorbed, network = body("kept"), body("absorbed"), body("network")
    one, two = tie(kept, network), tie(absorbed, network)
    cite(one, "https://example.org/one")
    cite(two, "https://example.org/two")
    before = everything()
    done = merge(kept, absorbed)
    assert list(Tie.objects.all()) == [one]
    assert set(Citation.objects.values_list("source__url", "record_id")) == {
        ("https://example.org/one", one.pk), ("https://example.org/two", one.pk),
    }  # fmt: skip
    undo(done.pk)
    assert everything() == before


def test_a_tie_between_the_two_goes_and_comes_back() -> None:
    kept, absorbed = body("kept"), body("absorbed")
    cite(tie(kept, absorbed, "partner"), "https://example.org/partner")
    before = everything()
    done = merge(kept, absorbed)
    assert not Tie.objects.exists()
    assert not Citation.objects.exists()
    undo(done.pk)
    assert everything() == before


def test_rows_of_other_rooms_follow() -> None:
    kept, absorbed = body("kept"), body("absorbed")
    label = Label(key="label", name_fr="Label", authority=absorbed)
    label.save()
    Award(label=label, holder=absorbed, period_start="2020").save()
    subject = ContradictionSubject.objects.create(
        contradiction=Contradiction.objects.create(topic_en="?", a_en="a", b_en="b"),
        record_kind="register.organisation",
        record_id=absorbed.pk,
    )
    before = everything()
    done = merge(kept, absorbed)
    label.refresh_from_db()
    subject.refresh_from_db()
    assert (label.authority, Award.objects.get().holder, subject.record_id) == (kept, kept, kept.pk)
    undo(done.pk)
    assert everything() == before


def test_a_body_cannot_become_part_of_itself() -> None:
    kept, middle, absorbed = body("kept"), body("middle"), body("absorbed")
    tie(absorbed, middle, "part-of")
    tie(middle, kept, "part-of")
    before = everything()
    with pytest.raises(ActionError):
        merge(kept, absorbed)
    assert everything() == before


def test_merges_are_undone_last_first() -> None:
    one, two, three = body("one"), body("two"), body("three")
    first, second = merge(one, two), merge(three, one)
    assert get_organisation(actor=PUBLIC, key="two") == three
    with pytest.raises(ActionError):
        undo(first.pk)
    undo(second.pk)
    undo(first.pk)
    with pytest.raises(ActionError):
        undo(first.pk)
    assert organisations(actor=PUBLIC).count() == 3


@pytest.mark.parametrize("wrong", ["itself", "absent", "reason", "merged"])
def test_what_cannot_be_merged(wrong: str) -> None:
    one, two, three = body("one"), body("two"), body("three")
    merge(three, two) if wrong == "merged" else None
    other = {"itself": one.pk, "absent": 0}.get(wrong, two.pk)
    reason = " " if wrong == "reason" else "the same"
    with pytest.raises(ActionError):
        merge_organisations(actor=ACTOR, at=AT, kept_id=one.pk, absorbed_id=other, reason=reason)


def test_undoing_is_refused_where_something_stands_in_the_way() -> None:
    kept, absorbed, network = body("kept"), body("absorbed"), body("network")
    tie(kept, network)
    twin = tie(absorbed, network)
    pk = twin.pk
    done = merge(kept, absorbed)
    # The number of the row that went is taken again: what was there cannot come back.
    other = Tie(pk=pk, subject=network, object=kept, kind="partner")
    other.save()
    tie(absorbed, network)
    with pytest.raises(ActionError):
        undo(done.pk)
    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept


def test_only_an_officer_merges() -> None:
    one, two = body("one"), body("two")
    with pytest.raises(ActionForbiddenError):
        merge_organisations(actor=PUBLIC, at=AT, kept_id=one.pk, absorbed_id=two.pk, reason="no")


def test_deciding_on_a_lookalike() -> None:
    here, same, different = body("here"), body("same"), body("different")
    reasons = [{"reason": "name", "score": 95, "incoming": "Same", "here": "Here"}, {"reason": "town", "value": "x"}]
    one = Lookalike.objects.create(organisation=here, incoming=same, reasons=reasons)
    two = Lookalike.objects.create(organisation=here, incoming=different, reasons=[])
    assert [len(pair.reasons) for pair in list_lookalikes(actor=ACTOR)] == [2, 0]
    assert list_lookalikes(actor=PUBLIC) == []
    decide_lookalike(actor=ACTOR, at=AT, lookalike_id=one.pk, decision="same", reason="one body")
    decide_lookalike(actor=ACTOR, at=AT, lookalike_id=two.pk, decision="different", reason="two bodies")
    same.refresh_from_db()
    different.refresh_from_db()
    assert (same.merged_into, different.merged_into) == (here, None)
    assert list_lookalikes(actor=ACTOR) == []
    with pytest.raises(ActionError):
        decide_lookalike(actor=ACTOR, at=AT, lookalike_id=two.pk, decision="same", reason="again")
    undo(here.merges_kept.get().pk)
    assert [pair.incoming for pair in list_lookalikes(actor=ACTOR)] == [same]


KEYS = ("kept", "absorbed", "one", "two")
PERIODS = (("", ".."), ("2006", "2010"), ("2008", ".."), ("2011", ".."))
FACTS = st.one_of(
    st.tuples(st.just("tie"), st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from(["member", "partner"]),
              st.sampled_from(PERIODS)),
    st.tuples(st.just("name"), st.sampled_from(KEYS), st.sampled_from(["Nom", "Name"]), st.sampled_from(PERIODS)),
    st.tuples(st.just("identifier"), st.sampled_from(KEYS), st.sampled_from(["grid", "isni"]), st.sampled_from("12")),
    st.tuples(st.just("office"), st.sampled_from(KEYS), st.sampled_from(["Ada", "Bob"]), st.sampled_from(PERIODS)),
    st.tuples(st.just("pending"), st.sampled_from(KEYS), st.booleans(), st.sampled_from(["x", "y"])),
    st.tuples(st.just("lookalike"), st.sampled_from(KEYS), st.sampled_from(KEYS)),
)  # fmt: skip


class MergeThenUndo(TestCase):
    """Any register: merged and undone, each row is as it was."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(facts=st.lists(FACTS, max_size=14), cited=st.integers(0, 3), blank=st.booleans())
    def test_merge_then_undo_is_the_same_register(self, facts: list[tuple[Any, ...]], cited: int, blank: bool) -> None:
        bodies = {key: body(key, city="" if blank and key == "kept" else key) for key in KEYS}
        for number, fact in enumerate(facts):
            made = _state(bodies, fact)
            if made is not None and hasattr(made, "kind_name") and number % 4 <= cited:
                cite(made, f"https://example.org/{number % 3}")
        before = everything()
        done = merge(bodies["kept"], bodies["absorbed"])
        assert not Tie.objects.filter(subject=bodies["absorbed"]).exists()
        assert not Name.objects.filter(organisation=bodies["absorbed"]).exists()
        undo(done.pk)
        assert everything() == before


def _state(bodies: dict[str, Organisation], fact: tuple[Any, ...]) -> Any:
    """Put a fact in the register, unless its own rules forbid it beside those before."""
    kind, key, *rest = fact
    period = {"period_start": rest[-1][0], "period_end": rest[-1][1]} if isinstance(rest[-1], tuple) else {}
    made: Any = {
        "tie": lambda: Tie(subject=bodies[key], object=bodies[rest[0]], kind=rest[1], **period),
        "name": lambda: Name(organisation=bodies[key], text=rest[0], kind="official", **period),
        "identifier": lambda: Identifier(organisation=bodies[key], scheme=rest[0], value=rest[1]),
        "office": lambda: Office(organisation=bodies[key], person_name=rest[0], role_en="director", **period),
        "pending": lambda: PendingTie(
            subject=bodies[key], kind="part-of", reversed=rest[0], scheme="ror", value=rest[1]
        ),
        "lookalike": lambda: Lookalike(organisation=bodies[key], incoming=bodies[rest[0]]),
    }[kind]()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        return None
    return made
