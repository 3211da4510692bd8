"""Statements told on the real example: by day, in both languages, with their marks."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone, translation

from maillage.core.actions.contradictions import settle_contradiction
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.certainty import CertaintyLevel
from maillage.core.models import Citation, Contradiction
from maillage.core.security.visibility import Visibility
from maillage.labels.holder_words import known_holders
from maillage.labels.models import Label
from maillage.publishing import sentence_syntax
from maillage.publishing.models import Statement
from maillage.publishing.phases import FactPhase
from maillage.publishing.queries import (
    EcosystemPage,
    MarkedSentence,
    compare_pages,
    explain_sentence,
    find_faults,
    get_ecosystem_page,
    marked_sentences,
)
from maillage.register.models import Organisation, Tie

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example")]

DOCS = Path(__file__).parents[2] / "docs" / "statements.md"
MARKS = {
    "confirmed": CertaintyLevel.CONFIRMED,
    "partly-confirmed": CertaintyLevel.PARTLY,
    "stale-or-dated": CertaintyLevel.DATED,
    "contradicted-or-inconsistent": CertaintyLevel.CONTRADICTED,
    "unverified": CertaintyLevel.SELF_DECLARED,
    "not-checked": CertaintyLevel.SELF_DECLARED,
}
Y2015, Y2021 = dt.date(2015, 1, 1), dt.date(2021, 1, 1)
# The day on which the sources of the example were read.
READ = dt.date(2026, 11, 23)


def opale() -> Organisation:
    return Organisation.objects.get(key="opale")


def read(day: dt.date = READ, language: str = "en") -> EcosystemPage:
    with translation.override(language):
        return get_ecosystem_page(opale(), actor=PUBLIC, day=day, today=READ)


def text(number: int, day: dt.date = READ, language: str = "en") -> str:
    with translation.override(language):
        return get_ecosystem_page(opale(), actor=PUBLIC, day=day, today=READ).marked[number].evaluated.text


def marked_sentence(number: int, day: dt.date = READ) -> MarkedSentence:
    return read(day).marked[number]


def standing(number: int) -> CertaintyLevel | None:
    mark = marked_sentence(number).mark
    return mark.standing if mark else None


def test_before_opale_only_the_scheme_is_told() -> None:
    page = read(Y2015)
    result = {number for number, row in page.marked.items() if row.evaluated.is_shown}
    assert {1, 2, 4, 8, 9, 12} <= result
    assert not result & {14, 16, 17, 20, 36, 42, 44, 52, 62, 66}
    assert page.marked[42].evaluated.phase is FactPhase.NOT_BEGUN


def test_harmony_is_in_force_in_2021_and_ended_today() -> None:
    assert marked_sentence(42, Y2021).evaluated.phase is FactPhase.TRUE
    assert text(42, Y2021).startswith("Under IMI, OPALE takes part in HARMONY (until June 2023)")
    assert marked_sentence(42).evaluated.phase is FactPhase.ENDED
    assert text(42) == (
        "Under IMI, OPALE took part in HARMONY (ended in June 2023) and then in HARMONY PLUS (ended in September 2023)."
    )
    assert "terminé en juin 2023" in text(42, language="fr")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2023-06-01", "IHU THEMA-2"),
        ("2024-01-01", "IHU THEMA-2"),
        ("2026-01-01", "Leukemia Institute Paris Saint-Louis"),
    ],
)
def test_thema_bears_the_name_of_the_day(day: str, name: str) -> None:
    assert name in text(35, dt.date.fromisoformat(day))


def test_thema_is_named_in_the_language_of_the_reader() -> None:
    assert "IHU THEMA, Institut de la leucémie Paris Saint-Louis" in text(35, language="fr")


def count(day: dt.date) -> tuple[int, int]:
    known = known_holders(Label.objects.get(key="carnot"), day, actor=PUBLIC)
    return known.sure, known.unsure


def test_holders_of_the_carnot_label_are_counted_on_the_day() -> None:
    during, after = count(Y2021), count(READ)
    assert during[0] > 20
    assert after[0] == 0
    assert after[1] >= during[0]
    assert f"On 1 January 2021, {during[0]} organisations hold it" in text(6, Y2021)


def test_where_knowledge_ends_is_said_in_plain_words() -> None:
    assert "39 organisations received the label in 2020, 2 of them on probation; who held it on" in text(6)
    assert "has not been published. This number is disputed: the sources disagree." in text(6)
    assert "39 organisations ont reçu le label en 2020" in text(6, language="fr")
    assert "Ce nombre est contesté" in text(6, language="fr")


def test_the_sum_says_what_was_asked_and_answered() -> None:
    with translation.override("en"):
        behind = explain_sentence(get_ecosystem_page(opale(), actor=PUBLIC, day=Y2021, today=READ), 6)
    assert behind is not None
    yes, unsure = count(Y2021)
    assert [(s.question, s.answer) for s in behind.computations] == [
        ("organisations holding Carnot label on 1 January 2021", f"{yes} for certain, {unsure} perhaps")
    ]
    assert [c.topic_en for c in behind.contradictions] == ["Number of Carnot institutes"]
    assert all(citation.read_on == READ for _record, citations in behind.sources for citation in citations)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("day", [Y2015, Y2021, READ])
def test_every_sentence_is_told_whole_or_absent(day: dt.date, language: str) -> None:
    page = read(day, language)
    assert [(n, row.evaluated.unbound) for n, row in page.marked.items() if row.evaluated.unbound] == []
    for number, row in page.marked.items():
        assert row.evaluated.is_shown is (row.evaluated.phase is not FactPhase.NOT_BEGUN), number
        assert not re.search(r"[{}]|\bNone\b| {2}", text_of(row, language)), number


def text_of(row: MarkedSentence, language: str) -> str:
    with translation.override(language):
        return row.evaluated.text


def test_today_every_statement_is_told() -> None:
    assert {number for number, row in read().marked.items() if row.evaluated.is_shown} == set(range(1, 69))


def differences() -> dict[int, tuple[str, str]]:
    table = DOCS.read_text(encoding="utf-8").split("<!-- differences -->")[1].split("<!-- end of differences -->")[0]
    rows = re.findall(r"^\| (\d+) \| (\S+) \| (\S+) \| .{20,} \|$", table, re.MULTILINE)
    return {int(number): (status, mark) for number, status, mark in rows}


def test_each_difference_from_the_files_status_is_explained_and_no_other() -> None:
    result = {}
    for number, row in read().marked.items():
        assert row.mark is not None
        status = row.evaluated.statement.file_status
        if row.mark.standing is not MARKS[status]:
            result[number] = (status, row.mark.standing.value)
    assert result == differences()


@pytest.mark.parametrize("parse", [sentence_syntax.parse_binding, sentence_syntax.parse_condition])
def test_the_docs_name_every_form_that_may_be_used(parse: Callable[[object], object]) -> None:
    docs = DOCS.read_text(encoding="utf-8")
    with translation.override("en"), pytest.raises(sentence_syntax.SentenceSyntaxError) as refused:
        parse({"no-such-form": "x"})
    forms = str(refused.value).partition("use one of ")[2].split(", ")
    assert len(forms) > 5
    assert [form for form in forms if f"{{{form}: " not in docs] == []


def test_the_mark_ignores_the_status_of_the_file() -> None:
    before = {number: row.mark for number, row in read().marked.items()}
    Statement.objects.update(file_status="confirmed")
    assert {number: row.mark for number, row in read().marked.items()} == before


def test_a_contradiction_of_another_property_does_not_mark_a_sentence() -> None:
    assert standing(1) is CertaintyLevel.CONFIRMED
    assert standing(26) is CertaintyLevel.DATED


def test_settling_the_contradiction_changes_the_mark_and_keeps_both_sides() -> None:
    contradiction = Contradiction.objects.get(topic_en="Number of Carnot institutes")
    settle_contradiction(
        actor=SYSTEM, at=timezone.now(), contradiction_id=contradiction.pk, side="a", reason="read in the official list"
    )
    behind = explain_sentence(read(), 6)
    assert behind is not None
    assert behind.mark is not None
    assert behind.mark.standing is CertaintyLevel.DATED
    assert [found.settled_side for found in behind.contradictions] == ["a"]


def test_sources_read_long_ago_date_a_sentence() -> None:
    Citation.objects.filter(record_kind=Statement.kind_name()).update(read_on=dt.date(2020, 1, 1))
    assert standing(1) is CertaintyLevel.DATED


def test_a_fact_that_the_public_may_not_see_leaves_no_hole() -> None:
    Organisation.objects.filter(key="unitc").update(visibility=Visibility.NETWORK)
    public = marked_sentence(18)
    assert not public.evaluated.is_shown
    assert public.mark is None
    assert "unitc" in public.evaluated.unbound
    assert get_ecosystem_page(opale(), actor=SYSTEM, day=READ, today=READ).marked[18].evaluated.is_shown


def test_a_fact_without_words_for_its_end_says_when_it_ended() -> None:
    Tie.objects.filter(subject__key="thema", kind="hosted-by").delete()
    host = {"subject": Organisation.objects.get(key="thema"), "object": Organisation.objects.get(key="saint-louis")}
    Tie(**host, kind="hosted-by", period_start="2023", period_end="2025-06").save()
    assert text(32) == "It is housed at hôpital Saint-Louis (AP-HP) (until June 2025)."
    assert text(32, language="fr").endswith("2025).")


def test_two_days_are_compared_from_the_earlier_to_the_later() -> None:
    with translation.override("en"):
        later, earlier = (get_ecosystem_page(opale(), actor=PUBLIC, day=day, today=READ) for day in (Y2021, Y2015))
        result = compare_pages(later, earlier)
        kinds = {change.number: change.kind for change in result.changes}
        words = next(change.words() for change in result.changes if change.number == 6)
    assert (result.before, result.after) == (Y2015, Y2021)
    assert (kinds[42], kinds[6]) == ("appeared", "changed")
    assert 1 not in kinds
    assert {kind for kind, _words in words} == {"same", "gone", "new"}


def test_faults_name_the_contradicted_the_ended_and_the_unbound() -> None:
    Organisation.objects.filter(key="mesr").update(key="ministry")
    with translation.override("en"):
        page = get_ecosystem_page(opale(), actor=SYSTEM, day=READ, today=READ)
        result = {fault.number: fault.kind for fault in find_faults(page, today=READ)}
    expected = {29: "contradicted", 42: "ended", 23: "unsure", 25: "dated", 9: "unbound"}
    assert {number: result[number] for number in expected} == expected
    assert 1 not in result


def test_a_sentence_is_marked_without_the_others_as_on_its_page() -> None:
    some = [row for row in read().marked.values() if row.number % 3 == 0]
    with translation.override("en"):
        alone = marked_sentences([row.evaluated.statement for row in some], actor=PUBLIC, day=READ, today=READ)
    assert len(some) > 20
    assert [(alone[row.number].mark, alone[row.number].evaluated.text) for row in some] == [
        (row.mark, row.evaluated.text) for row in some
    ]


def test_the_page_takes_a_bounded_number_of_queries(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        read()
