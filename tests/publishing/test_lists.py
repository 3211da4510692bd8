"""Loading lists: every row accounted for, nothing half-written, and the way back."""

import io
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.actors import SYSTEM
from maillage.core.rows.errors import InvalidFileError
from maillage.core.rows.export import write_lists
from maillage.core.rows.file_load import LoadReport
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.withdrawn_list import file_lists
from maillage.publishing.actions.lists import load_lists
from maillage.register.models import Identifier, Organisation, Tie
from tests.room_tables import room_tables
from tests.shared_data import shared_data

pytestmark = pytest.mark.django_db

EXPECTED = {
    "organisations": 199, "memberships": 110, "labels": 13, "awards": 61, "offers": 36, "trials": 23, "funding": 19,
    "events": 11, "people_roles": 33, "agreements": 7, "startups": 6, "statements": 68, "contradictions": 13,
}  # fmt: skip
EXAMPLE = Path(__file__).parents[2] / "src" / "maillage" / "example"


def load(path: Path, **options: bool) -> LoadReport:
    return load_lists(actor=SYSTEM, at=timezone.now(), path=path, **options)


def load_text(tmp_path: Path, text: str, **options: bool) -> LoadReport:
    path = tmp_path / "lists.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, **options)


def everything() -> str:
    out = io.StringIO()
    write_lists(out, file_lists(), actor=SYSTEM)
    return out.getvalue()


def empty_register() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(room_tables())} CASCADE")


def test_every_row_of_the_shared_lists_is_taken() -> None:
    report = load(shared_data("ecosystem.yaml"))
    assert {name: count.read for name, count in report.counts.items()} == EXPECTED
    assert report.refusals == []
    assert {name: FACT_LISTS[name].model.objects.count() for name in EXPECTED if name != "memberships"} == {
        name: number for name, number in EXPECTED.items() if name != "memberships"
    }
    assert Tie.objects.count() == 145  # 110 memberships and 36 parents, one of which says the same


def test_a_second_load_changes_nothing(example: None) -> None:
    for name in ("ecosystem.yaml", "french.yaml", "supplement.yaml"):
        report = load(EXAMPLE / name)
        assert all(count.unchanged == count.read for count in report.counts.values()), report.counts


def test_a_dry_run_writes_nothing() -> None:
    report = load(EXAMPLE / "ecosystem.yaml", dry_run=True)
    assert report.counts["organisations"].created == 199
    assert Organisation.objects.count() == 0


def test_what_is_exported_loads_back_to_the_same_register(example: None, tmp_path: Path) -> None:
    exported = everything()
    empty_register()
    report = load_text(tmp_path, exported)
    assert report.refusals == []
    assert everything() == exported


@translation.override("en")
def test_each_bad_row_says_where_and_what_to_do(tmp_path: Path) -> None:
    report = load_text(
        tmp_path,
        """\
organisations:
- {key: good, name_fr: Bonne, kind: institute}
- {key: twice, name_fr: Une, kind: institute}
- {key: twice, name_fr: Deux, kind: institute}
- {key: wrong-kind, name_fr: X, kind: instutite}
- {key: unknown-key, name_fr: X, kind: institute, colour: red}
- {key: bad-date, name_fr: X, kind: institute, since: '2020-02-30'}
- {key: bad-ror, name_fr: X, kind: institute, ror: https://ror.org/02vjkv262}
- {key: bad-parent, name_fr: X, kind: institute, parent: nobody}
- {key: backwards, name_fr: X, kind: institute, since: 2020, until: 2019}
- {key: again, key: again, name_fr: X, kind: institute}
- just words
- {name_fr: no key, kind: institute}
- {key: nameless, kind: institute}
- {key: control, name_fr: "a\\u0007b", kind: institute}
- {key: bad-source, name_fr: X, kind: institute, source: ftp://x}
orgnisations:
- {key: a}
""",
    )
    reasons = {refusal.line: refusal.reason for refusal in report.refusals}
    assert "line 3" in reasons[4]
    assert "institute" in reasons[5]
    assert "colour" in reasons[6]
    assert "2020-02-30" in reasons[7]
    assert "checksum" in reasons[8]
    assert "nobody" in reasons[9]
    assert "before it begins" in reasons[10]
    assert "twice" in reasons[11]
    assert "mapping" in reasons[12]
    assert "“key” is missing" in reasons[13]
    assert "organisation is named" in reasons[14]
    assert "control character" in reasons[15]
    assert "https://" in reasons[16]
    assert "did you mean “organisations”" in reasons[18]
    assert set(Organisation.objects.values_list("key", flat=True)) == {"good", "twice", "bad-parent"}
    for count in report.counts.values():
        assert count.read == count.created + count.updated + count.unchanged + count.refused


def test_right_to_left_names_are_kept(tmp_path: Path) -> None:
    load_text(tmp_path, "organisations:\n- {key: rtl, name_fr: معهد باستور, kind: institute}\n")
    assert Organisation.objects.get(key="rtl").name == "معهد باستور"


@pytest.mark.usefixtures("english")
def test_a_circle_of_parts_is_refused(tmp_path: Path) -> None:
    row = "- {{key: {0}, name_fr: {0}, kind: institute, parent: {1}}}\n"
    rows = row.format("a", "b") + row.format("b", "c") + row.format("c", "a")
    report = load_text(tmp_path, f"organisations:\n{rows}")
    assert [refusal.line for refusal in report.refusals] == [4]
    assert "circle" in report.refusals[0].reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("organisations: [", "lists.yaml:"),
        ("just words", "mapping of lists"),
        ("organisations: {}", "must be a list"),
        ("meta: {read_on: tomorrow}\norganisations: []", "read_on"),
    ],
)
@pytest.mark.usefixtures("english")
def test_an_unreadable_file_writes_nothing_and_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidFileError, match=said):
        load_text(tmp_path, text)


@pytest.mark.usefixtures("english")
def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("organisations:\n- {key: é}".encode("latin-1"))
    with pytest.raises(InvalidFileError, match="UTF-8"):
        load(path)
    with pytest.raises(InvalidFileError, match="check the path"):
        load(tmp_path / "absent.yaml")


def test_the_database_itself_refuses_overlapping_ties(example: None) -> None:
    tie = Tie.objects.filter(kind="member", object__key="opale", period_start="2020").first()
    with pytest.raises(IntegrityError, match="tie_holds_once_at_a_time"), transaction.atomic():
        Tie(subject=tie.subject, object=tie.object, kind="member", period_start="2023", period_end="..").save()
    Tie(subject=tie.subject, object=tie.object, kind="partner", period_start="2023").save()


def test_one_identifier_belongs_to_one_organisation(example: None, tmp_path: Path) -> None:
    taken = Identifier.objects.get(organisation__key="inserm", scheme="ror").value
    report = load_text(tmp_path, f"organisations:\n- {{key: copy, name_fr: X, kind: institute, ror: {taken}}}\n")
    assert "inserm" in report.refusals[0].reason


KEYS = st.sampled_from(["a", "b", "c", "d"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"key": KEYS, "name_fr": st.text("abcé ", min_size=1, max_size=8), "kind": st.just("institute")},
        optional={"parent": KEYS, "since": st.sampled_from(["2001", "2002-03", "2003-04-05"]), "acronym": KEYS},
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_loading_twice_is_loading_once(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    import yaml

    text = yaml.safe_dump({"organisations": rows}, allow_unicode=True)
    with transaction.atomic():
        first, once = load_text(tmp_path, text), everything()
        second, twice = load_text(tmp_path, text), everything()
        transaction.set_rollback(True)
    assert once == twice
    assert second.counts["organisations"].created == second.counts["organisations"].updated == 0
    assert len(second.refusals) == len(first.refusals)
