"""Schemes as data: what is refused, what is a gap, what is reckoned with, and that the code knows no scheme."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.utils import timezone

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.rows.file_load import LoadReport
from maillage.core.rows.list_register import find_record
from maillage.labels.models import Label, Parameter
from maillage.labels.queries import labels_by_holder
from maillage.labels.schemes import get_label_scheme, term_end
from maillage.publishing.actions.lists import load_lists
from maillage.publishing.references import Reference, resolve_references
from maillage.register.models import Organisation
from tests.web.clients import page_words

pytestmark = pytest.mark.django_db

ROOMS = ("labels", "calls", "reviews")
PACKAGE = Path(__file__).parents[2] / "src" / "maillage"
# Parts of keys that are words of the language, or of Python, before they are anything of a scheme.
_PLAIN_WORDS = {"event", "int", "defi"}
# A scheme that nobody has heard of, with numbers that no other has.
MOONS = """\
organisations:
- {key: moon-office, name_fr: Office des lunes, name_en: Office of moons, kind: agency}
labels:
- {key: moons, name: Label des lunes, name_en: Label of moons, authority: moon-office}
waves:
- {label: moons, key: new, name: Lune nouvelle, name_en: New moon, decided: 2031-03, from: 2031-03, mark: uncertain}
awards:
- {label: moons, holder: The big moon, from: 2031-03, to: 2033}
- {label: moons, holder: The small moon}
parameters:
- {label: moons, name: decides, value: moon-office, mark: confirmed}
- {label: moons, name: uniqueness, value: one-per-theme, mark: confirmed}
- {label: moons, wave: new, name: awarded, value: 7, mark: confirmed}
- {label: moons, wave: new, name: length, value: 31, mark: MARK}
"""


def load(folder: Path, text: str) -> LoadReport:
    path = folder / "lists.yaml"
    path.write_text(text, encoding="utf-8")
    return load_lists(actor=SYSTEM, at=timezone.now(), path=path)


@pytest.mark.usefixtures("english")
def test_a_wrong_parameter_is_refused_with_its_line_and_the_remedy(tmp_path: Path) -> None:
    wrong = """\
- {label: moons, name: colour, value: 1, mark: confirmed}
- {label: moons, name: length, value: long, mark: confirmed}
- {label: moons, name: runs, value: mon-office, mark: confirmed}
- {label: moons, name: call-opened, value: soon, mark: confirmed}
- {label: moons, name: holders, value: [institute, moon], mark: confirmed}
- {label: moons, name: legal-text, value: a law, mark: confirmed}
- {label: moons, name: envelope, value: 5, mark: confirmed}
- {label: moons, name: quota, value: 5, currency: EUR, mark: confirmed}
- {label: moons, name: lost, mark: confirmed}
- {label: moons, wave: full, name: quota, value: 5, mark: confirmed}
- {label: moons, name: awarded, value: 5, mark: sure}
- {label: suns, name: quota, value: 5, mark: confirmed}
- {label: moons, name: extension, value: 1200000, mark: confirmed}
"""
    report = load(tmp_path, MOONS.replace("MARK", "derived") + wrong)
    first = MOONS.count("\n") + 1
    said = {refusal.line - first: refusal.reason for refusal in report.refusals}
    remedies = ("use one of decides", "whole number", "is not the key of an organisation", "write a year", "institute",
                "both languages", "currency", "take “currency” away", "leave the whole row out", "add it to “waves”",
                "confirmed, derived, uncertain", "add it to “labels”", "at most 600 months")  # fmt: skip
    assert sorted(said) == list(range(len(remedies)))
    assert [remedy for line, remedy in enumerate(remedies) if remedy not in said[line]] == []
    assert Parameter.objects.count() == 4


@pytest.mark.usefixtures("english")
def test_a_wave_is_decided_on_a_day_of_the_calendar(tmp_path: Path) -> None:
    report = load(tmp_path, MOONS.replace("MARK", "derived").replace("decided: 2031-03", "decided: soon"))
    assert "“soon” is not a date" in report.refusals[0].reason


@pytest.mark.parametrize(("mark", "end", "told"), [("confirmed", "2033-10", "derived"), ("uncertain", "", "uncertain")])
def test_a_term_follows_from_its_length_only_where_that_is_sure(
    tmp_path: Path, client: Client, mark: str, end: str, told: str
) -> None:
    assert load(tmp_path, MOONS.replace("MARK", mark)).refusals == []
    [wave] = get_label_scheme(Label.objects.get(key="moons"), actor=PUBLIC).waves
    assert (wave.term.end, wave.term.mark) == (end, told)
    shown = page_words(client, "/en/labels/moons")
    assert "31 months" in shown
    assert ("October 2033" in shown) is bool(end)
    assert "1 known by name, of 7" in shown
    assert "1 other, whose dates are not known" in shown


def test_what_is_simulated_says_so_and_is_not_counted(tmp_path: Path, client: Client) -> None:
    load(
        tmp_path, MOONS.replace("MARK", "confirmed").replace("The big moon, from", "moon-office, simulated: true, from")
    )
    assert "0 known by name, of 7" in page_words(client, "/en/labels/moons")
    office, day = Organisation.objects.get(key="moon-office"), dt.date(2032, 1, 1)
    assert labels_by_holder([office.pk], day, PUBLIC) == {}
    shown = page_words(client, "/en/awards/?label=moons&on=2032-01-01")
    assert "Label of moons (simulated)" in shown
    assert "(simulated)" not in page_words(client, "/en/awards/?label=moons&on=2032-01-01&simulated=no")
    assert page_words(client, "/en/organisations/moon-office?on=2032-01-01").count("Label of moons (simulated)") >= 2
    found = resolve_references([Reference("awards of", ("moons",))], [], day=day, actor=PUBLIC)
    assert [one.holder_text for one in found.records_of(Reference("awards of", ("moons",)))] == ["The small moon"]


def test_the_second_file_changes_a_parameter_and_both_are_found(tmp_path: Path) -> None:
    load(tmp_path, MOONS.replace("MARK", "derived"))
    load(tmp_path, "parameters:\n- {label: moons, name: decides, value: {fr: la mer, en: the sea}, mark: uncertain}\n")
    changed = find_record("parameters", "moons", None, "decides", None)
    assert changed == Parameter.objects.get(name="decides")
    assert (changed.organisation, changed.text_en, changed.is_rule) == (None, "the sea", False)
    assert find_record("parameters", "moons", "new", "length").wave.key == "new"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2011-04-28", 60, "2016-04-27"), ("2020-01-31", 1, "2020-02-29"), ("2020-01-01", 12, "2020-12-31"),
        ("2020-02", 18, "2021-08"), ("2006", 48, "2010"), ("2006", 18, ""), ("200X", 12, ""), ("", 12, ""),
    ],
)  # fmt: skip
def test_the_end_of_a_term_is_as_precise_as_its_start(start: str, months: int, end: str) -> None:
    assert term_end(start, months) == end


def test_programs_read_parameters_and_their_record(example: None, client: Client) -> None:
    [row] = client.get("/api/v1/parameters", {"label": "carnot", "name": "length", "wave": "carnot-2"}).json()["items"]
    assert (row["fields"]["number"], row["fields"]["mark_key"]) == ("60.00", "confirmed")
    record = client.get(row["href"]).json()
    assert {"label", "wave", "value", "mark"} <= {fact["property"] for fact in record["facts"]}
    assert record["citations"][0]["url"].startswith("https://")


def names_of_schemes() -> set[str]:
    """The words by which the schemes of the example and those who run them are known."""
    found: set[str] = set()
    for name in ("ecosystem.yaml", "supplement.yaml"):
        lists = yaml.safe_load((PACKAGE / "example" / name).read_text("utf-8"))
        for label in lists["labels"]:
            found |= {*label["key"].split("-"), str(label.get("authority", "")), str(label.get("managed_by", ""))}
        found |= {part for wave in lists.get("waves", []) for part in wave["key"].split("-")}
    return {word.casefold() for word in found if not word.isdecimal() and len(word) > 2} - _PLAIN_WORDS


def words_of_code(room: str) -> Iterator[tuple[str, str]]:
    """Each word of the names and texts of a room's code, documentation left out."""
    for path in sorted((PACKAGE / room).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        told = {id(node.body[0].value) for node in ast.walk(tree)
                if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
        for node in ast.walk(tree):
            text = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                text = node.value
            for word in re.findall(r"[^\W_]+", text or ""):
                yield word.casefold(), f"{path.name}:{getattr(node, 'lineno', 0)}"


def test_no_room_of_labels_knows_a_scheme_by_name() -> None:
    names = names_of_schemes()
    assert {"carnot", "clip2", "ihu", "gts", "anr", "inca"} <= names
    assert [(word, place) for room in ROOMS for word, place in words_of_code(room) if word in names] == []


def test_holders_are_counted_at_the_end_of_the_year_in_which_a_term_begins(example: None) -> None:
    scheme = get_label_scheme(Label.objects.get(key="carnot"), actor=PUBLIC)
    held = {one.wave.key: one.holders for one in scheme.waves}
    assert held["carnot-4"].day == dt.date(2020, 12, 31)
    assert held["carnot-4"].sure > held["carnot-2"].sure > 0
    assert held["carnot-2026"] is None
