"""Files of statements and sentences: what is refused, with its line, and what each form gives."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone, translation

from maillage.core import formats
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.models import Citation, Stance
from maillage.core.rows.errors import InvalidFileError
from maillage.publishing.actions.lists import load_lists
from maillage.publishing.actions.sentences import PublicationReport, publish_sentences
from maillage.publishing.models import Section, Statement
from maillage.publishing.page_file import page_text
from maillage.publishing.queries import get_ecosystem_page
from maillage.publishing.rows import CHECK_PROPERTY, stance_of_check
from maillage.register.models import Organisation

EXAMPLE = Path(__file__).parents[2] / "src" / "maillage" / "example"
HEAD = 'organisation: opale\nsections:\n- key: one\n  title_fr: "Un"\n  title_en: "One"\n  sentences:\n'
GOOD = (
    '  - n: 1\n    fr: "A {x}."\n    en: "A {x}."\n'
    "    holds: {organisation: opale}\n    bind:\n      x: {link: opale}\n"
)
# What is refused, and how a well-formed sentence is made to deserve it.
WRONG = {
    ":7: there is no statement 99": GOOD.replace("n: 1", "n: 99"),
    ":7: sentence one: a sentence is a mapping; its “n”, if any, is the number": GOOD.replace("n: 1", "n: one"),
    "must be a text": GOOD.replace("link: opale", "count: [ties]"),
    ":13: sentence 1 stands at line 7 too": GOOD + GOOD,
    "“{y}” of “fr” is bound to nothing": GOOD.replace("{x}", "{y}"),
    "“x” of “bind” is used in no text": GOOD.replace("{x}", "x"),
    "“{” near “A {x.” is no variable": GOOD.replace("{x}", "{x"),
    "unknown key “enn”": GOOD.replace("    en: ", "    enn: "),
    "“en” is missing": GOOD.replace('    en: "A {x}."\n', ""),
    "“ended_fr” and “ended_en” go together": GOOD.replace("    holds", '    ended_fr: "{x}"\n    holds'),
    ":7: sentence 1: the register has no organisations opal;": GOOD.replace("link: opale", "link: opal"),
    "is no form of “bind”; use one of link": GOOD.replace("link: opale", "lnk: opale"),
    "unknown key “txt_fr” beside “link”": GOOD.replace("link: opale", "link: opale, txt_fr: x"),
    "“when” is no end of a period": GOOD.replace("link: opale", "date: when, of: [labels, carnot]"),
    "“labls” is no list that “of” may name": GOOD.replace("link: opale", "date: since, of: [labls, carnot]"),
    "“of” needs 2 values after “awards”": GOOD.replace("link: opale", "date: since, of: [awards, carnot]"),
    "“chief” is no role of ties": GOOD.replace("link: opale", "list: ties, of: opale, role: chief"),
    "ties need either “of”": GOOD.replace("link: opale", "list: ties, role: member"),
    "“people” is nothing to count": GOOD.replace("link: opale", "count: people"),
    "“organization” is no form of “holds”": GOOD.replace("organisation: opale", "organization: opale"),
    "“tie” of “holds” needs 3 values": GOOD.replace("organisation: opale", "tie: [opale, member]"),
    "the register has no awards carnot sih": GOOD.replace("organisation: opale", "award: [carnot, sih]"),
}


def opale() -> Organisation:
    return Organisation.objects.get(key="opale")


def publish(path: Path) -> PublicationReport:
    return publish_sentences(actor=SYSTEM, at=timezone.now(), path=path)


def publish_text(tmp_path: Path, sentences: str) -> PublicationReport:
    path = tmp_path / "sentences.yaml"
    path.write_text(HEAD + sentences, encoding="utf-8")
    return publish(path)


@pytest.mark.parametrize(
    ("check", "stance"),
    [
        ("confirmed, since 2023", Stance.SUPPORTS),
        ("confirmed in general", Stance.SUPPORTS),
        ("partly confirmed: other pages say", Stance.PARTLY),
        ("label confirmed, its holder not visible", Stance.PARTLY),
        ("GCO confirmed (ten groups)", Stance.PARTLY),
        ("plausible: he speaks for it", Stance.PARTLY),
        ("compatible: announced in a group", Stance.PARTLY),
        ("two identified, both from one unit", Stance.PARTLY),
        ("the practice is documented for one committee", Stance.PARTLY),
        ("real practice also uses bone marrow samples", Stance.PARTLY),
        ("dated: true from February 2020", Stance.DATES),
        ("stale wording: the award is of 2024", Stance.DATES),
        ("past: grants ended", Stance.DATES),
        ("present tense about a past edition", Stance.DATES),
        ("needs a date: the wave ended", Stance.DATES),
        ("out of date on the authority", Stance.DATES),
        ("time-relative promise without a date", Stance.DATES),
        ("the institute's site now says another name", Stance.DATES),
        ("differs by period: the first file listed others", Stance.DISPUTES),
        ("unverified outside the seed; an activity is confirmed", None),
        ("no words that we know", None),
    ],
)
def test_the_stance_is_read_from_the_first_words(check: str, stance: Stance | None) -> None:
    assert stance_of_check(check) == stance


@pytest.mark.django_db
@pytest.mark.usefixtures("example")
class TestPublishing:
    def test_the_claims_page_and_the_checks_are_cited_apart(self) -> None:
        statement = Statement.objects.get(number=34)
        cited = Citation.objects.filter(record_kind=Statement.kind_name(), record_id=statement.pk)
        assert cited.get(property="").source.domain == "opale.org"
        assert set(cited.filter(property=CHECK_PROPERTY).values_list("stance", flat=True)) == {Stance.PARTLY}
        assert statement.about == [["organisations", "thema"]]

    def test_publishing_again_changes_nothing(self) -> None:
        assert publish(EXAMPLE / "sentences.yaml") == PublicationReport(published=68, changed=0, withdrawn=0)

    def test_a_statement_left_out_is_no_longer_told(self, tmp_path: Path) -> None:
        report = publish_text(tmp_path, GOOD)
        assert (report.published, report.withdrawn) == (1, 67)
        assert list(Section.objects.values_list("key", flat=True)) == ["one"]
        page = get_ecosystem_page(opale(), actor=PUBLIC, day=timezone.localdate(), today=timezone.localdate())
        assert list(page.marked) == [1]

    def test_a_page_written_to_a_file_is_the_same_when_it_is_published_again(self, tmp_path: Path) -> None:
        path = tmp_path / "page.yaml"
        path.write_text(page_text(opale(), PUBLIC), encoding="utf-8")
        assert publish(path) == PublicationReport(published=68, changed=0, withdrawn=0)
        thema = Organisation.objects.get(key="thema")
        path.write_text(page_text(thema, PUBLIC), encoding="utf-8")
        first, again = publish(path), publish(path)
        assert first.published == first.changed > 0
        assert (again.published, again.changed, again.withdrawn) == (first.published, 0, 0)
        assert Statement.objects.filter(section__organisation=opale()).count() == 68

    @pytest.mark.parametrize("message", WRONG)
    def test_a_problem_is_named_with_its_line_and_nothing_is_changed(self, tmp_path: Path, message: str) -> None:
        with pytest.raises(InvalidFileError) as refused:
            publish_text(tmp_path, WRONG[message])
        assert message in str(refused.value)
        assert "sentences.yaml:" in str(refused.value)
        assert Statement.objects.exclude(section=None).count() == 68

    def test_every_problem_of_a_file_is_told_at_once(self, tmp_path: Path) -> None:
        second = GOOD.replace("n: 1", "n: 2").replace("link: opale", "link: nobody")
        with pytest.raises(InvalidFileError) as refused:
            publish_text(tmp_path, GOOD.replace("{x}", "x") + second)
        assert len(str(refused.value).splitlines()) == 2

    @pytest.mark.parametrize(
        ("bind", "told"),
        [
            ("{list: ties, of: unitc, role: member, except: opale}", "DESCAR-T, FITC and SFI"),
            ("{list: ties, of: unitc, role: member, most: 1}", "DESCAR-T and 3 others"),
            ("{list: ties, member: opale, role: founding-member}", "OncoSTART"),
            ("{count: ties, of: unitc, role: member}", "4"),
            ("{count: startups, origin_in: opale}", "2"),
            ("{count: awards, label: iso9001, holders_in: opale}", "0"),
            ("{person: [thema, director]}", "Hugues de Thé"),
            ("{amount: [funding, inca, unitc]}", "300,000 euros"),
            ("{date: date, of: [events, eshal-2026]}", "27 February 2026"),
        ],
    )
    def test_each_form_gives_its_value(self, tmp_path: Path, bind: str, told: str) -> None:
        publish_text(tmp_path, GOOD.replace("{link: opale}", bind))
        with translation.override("en"):
            row = get_ecosystem_page(
                opale(), actor=PUBLIC, day=timezone.localdate(), today=timezone.localdate()
            ).marked[1]
            assert row.evaluated.text == f"A {told}.", row.evaluated.unbound

    def test_what_the_register_does_not_know_is_told_to_officers_not_to_readers(self, tmp_path: Path) -> None:
        publish_text(tmp_path, GOOD.replace("{link: opale}", "{date: until, of: [organisations, opale]}"))
        with translation.override("en"):
            result = (
                get_ecosystem_page(opale(), actor=PUBLIC, day=timezone.localdate(), today=timezone.localdate())
                .marked[1]
                .evaluated
            )
        assert not result.is_shown
        assert result.unbound == "organisations opale has no known “until”"

    def test_a_check_whose_words_say_nothing_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "lists.yaml"
        path.write_text(
            "statements:\n- n: 70\n  text: x\n  about: [opale]\n  check: who knows\n  check_source: https://a.org/\n"
            "- n: 71\n  text: x\n  about: [nobody]\n",
            encoding="utf-8",
        )
        report = load_lists(actor=SYSTEM, at=timezone.now(), path=path)
        assert [refusal.line for refusal in report.refusals] == [5, 9]


@pytest.mark.parametrize(
    ("edtf", "english", "french"),
    [
        ("2006", "2006", "2006"),
        ("2024-07", "July 2024", "juillet 2024"),
        ("2020-02-01", "1 February 2020", "1er février 2020"),
    ],
)
def test_dates_are_written_in_the_language(edtf: str, english: str, french: str) -> None:
    with translation.override("en"):
        assert formats.date_words(edtf) == english
    with translation.override("fr"):
        assert formats.date_words(edtf) == french


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        ("300000", "300,000 euros", "300\u202f000 euros"),
        ("1000000", "1 million euros", "1 million d’euros"),
        ("20200000", "20.2 million euros", "20,2 millions d’euros"),
        ("21866270", "21,866,270 euros", "21\u202f866\u202f270 euros"),
        ("99.5", "99.50 euros", "99,50 euros"),
    ],
)
def test_amounts_are_written_as_a_sentence_says_them(value: str, english: str, french: str) -> None:
    with translation.override("en"):
        assert formats.amount_words(Decimal(value), "EUR") == english
    with translation.override("fr"):
        assert formats.amount_words(Decimal(value), "EUR") == french


def test_lists_are_joined_in_the_language() -> None:
    with translation.override("fr"):
        assert formats.join_words(["A", "B", "C"]) == "A, B et C"
    with translation.override("en"):
        assert formats.join_words(["A", "B", "C"]) == "A, B and C"
