"""Documents: every fault with its line and remedy, stored documents read as they stand, JSON Schemas for editors."""

import json
from pathlib import Path
from typing import Annotated

import jsonschema_rs
import pytest
import yaml
from django.utils import translation
from pydantic import Field, ValidationError

import maillage
from maillage.calls.call_document import CallDocument
from maillage.charter.charter_document import CharterDocument
from maillage.core.rows.list_register import FACT_LISTS
from maillage.documents.bilingual_text import BilingualText
from maillage.documents.document_model import (
    DocumentModel,
    DocumentPart,
    Inconsistencies,
    parse_document,
    read_stored_document,
)
from maillage.documents.faults import InvalidDocumentError
from maillage.documents.field_types import (
    Bilingual,
    Day,
    ExactDecimal,
    Key,
    Name,
    Named,
    OneOf,
    OneOfKeys,
    OneOrMany,
    ReadingContext,
    YesNo,
    whole_number,
)
from maillage.documents.json_schema import json_schema, schema_at
from maillage.documents.list_schema import lists_schema
from maillage.documents.plain_yaml import MAX_LENGTH, read_yaml
from maillage.workflow.definition import Definition

PACKAGE = Path(maillage.__file__).parent
SHIPPED = [
    *((CallDocument, path) for path in sorted(PACKAGE.glob("calls/examples/*.yaml"))),
    *((CharterDocument, path) for path in sorted(PACKAGE.glob("charter/examples/*.yaml"))),
    *((Definition, path) for path in sorted(PACKAGE.glob("*/processes/*.yaml"))),
]
COLOURS = ("red", "green", "blue")


class Dish(DocumentPart):
    key: Key
    title: Annotated[BilingualText, Bilingual(20)]
    price: ExactDecimal
    vegan: YesNo = False
    served: Annotated[int, whole_number(1, 9)] = 1
    after: Annotated[str, OneOfKeys("dishes")] | None = None

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.after == self.key:
            yield ("after",), "A dish cannot follow itself."


class Menu(DocumentModel):
    name: Name = Field(validation_alias="menu")
    day: Day = Field(validation_alias="from")
    colours: Annotated[tuple[Annotated[str, OneOf(COLOURS)], ...], OneOrMany()]
    dishes: Annotated[tuple[Dish, ...], Named()]


TEXT = """menu: lunch
from: 2026-03-02
colours: red
dishes:
  soup:
    title: {fr: Soupe, en: Soup}
    price: 4.50
  stew:
    title: {fr: Ragoût, en: Stew}
    price: 12
    vegan: yes
    served: 2
    after: soup
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InvalidDocumentError) as caught:
        parse_document(Menu, text)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_a_document_is_read_with_the_names_of_its_parts():
    menu = parse_document(Menu, TEXT)
    assert [(dish.key, str(dish.price), dish.vegan, dish.after) for dish in menu.dishes] == [
        ("soup", "4.50", False, None),
        ("stew", "12", True, "soup"),
    ]
    assert (menu.day.year, menu.colours, menu.source_mapping) == (2026, ("red",), read_yaml(TEXT)[0])


def test_a_document_cannot_be_changed():
    with pytest.raises(ValidationError):
        parse_document(Menu, TEXT).name = "dinner"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("menu: lunch", "menu: Lunch at one", (1, "“Lunch at one” is no name; use small letters, digits and hyphens.")),
        ("menu: lunch\n", "", (1, "“menu:” is missing; add it.")),
        (
            "menu: lunch",
            "name: lunch\nmenu: lunch",
            (1, "“name” is not known here; use “colours, dishes, from, menu”."),
        ),
        ("2026-03-02", "2026-02-30", (2, "“2026-02-30” is no day; write it as 2026-01-31.")),
        ("colours: red", "colours: read", (3, "“read” is not known here; use “red”.")),
        ("colours: red", "colours: [red, 7]", (3, "“7” is not known here; use “blue, green, red”.")),
        ("colours: red", "colours: []", (3, "The list is empty; name at least one.")),
        ("title: {fr: Soupe, en: Soup}", "title: Soup", (6, "Give the text in both languages: {fr: …, en: …}.")),
        ("fr: Soupe", "fr: ''", (6, "This is a text of 1 to 20 characters.")),
        ("fr: Soupe, en: Soup", "fr: Soupe", (6, "“en:” is missing; add it.")),
        ("fr: Soupe, en: Soup", "fr: Soupe, en: Soup, de: Suppe", (6, "“de” is not known here; use “en, fr”.")),
        ("price: 4.50", "price: dear", (7, "Expected here: a number such as 2.5.")),
        ("price: 4.50", "prise: 4.50", (7, "“prise” is not known here; use “price”.")),
        ("  stew:", "  Stew:", (8, "“Stew” is no name; use small letters, digits and hyphens.")),
        ("vegan: yes", "vegan: perhaps", (11, "Expected here: yes or no.")),
        ("served: 2", "served: 10", (12, "Expected here: a whole number from 1 to 9.")),
        ("served: 2", "served: '2'", (12, "Expected here: a whole number from 1 to 9.")),
        ("served: 2", "served: yes", (12, "Expected here: a whole number from 1 to 9.")),
        ("after: soup", "after: soap", (13, "“soap” is not known here; use “soup”.")),
        ("after: soup", "after: stew", (13, "A dish cannot follow itself.")),
    ],
)
def test_a_fault_has_its_line_and_its_remedy(english, old, new, fault):
    assert old in TEXT
    assert fault in faults(TEXT.replace(old, new, 1))


@pytest.mark.parametrize("part", ["dishes: none", "dishes: {}", "dishes: [soup]"])
def test_named_parts_are_a_mapping(english, part):
    text = TEXT[: TEXT.index("dishes:")] + part
    assert faults(text) == [(4, "Expected here: names, each with what it stands for.")]


def test_a_part_that_is_no_mapping_names_the_keys_expected(english):
    text = TEXT[: TEXT.index("dishes:")] + "dishes:\n  soup: hot\n"
    assert faults(text) == [(5, "Expected here: after:, price:, served:, title:, vegan:.")]


def test_all_faults_are_said_at_once_in_the_order_of_lines():
    wrong = TEXT.replace("lunch", "Lunch").replace("colours: red", "colours: x").replace("price: 12", "price: x")
    assert [line for line, _message in faults(wrong.replace("after: soup", "after: x"))] == [1, 3, 10, 13]


def test_faults_are_said_in_the_language_of_the_reader():
    with translation.override("fr"):
        assert faults(TEXT.replace("menu: lunch\n", "")) == [(1, "«\u00a0menu:\u00a0» manque\u00a0; ajoutez-le.")]


def test_an_optional_key_without_value_counts_as_absent():
    menu = parse_document(Menu, TEXT.replace("served: 2", "served:").replace("vegan: yes", "vegan:"))
    assert (menu.dishes[1].served, menu.dishes[1].vegan) == (1, False)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "- 1", "x", "menu: {", "\0", "a: &a [1]\nb: *a", "a: " + "[" * 5_000, "x" * (MAX_LENGTH + 1),
     "{a: 1, a: 2}", "menu: !!python/object:os.system x", "? [a]\n: b", "(key): x", "(source): x"],
)  # fmt: skip
@pytest.mark.parametrize("model", [Menu, CallDocument, CharterDocument, Definition])
def test_hostile_and_foreign_texts_are_refused_in_words(model, text):
    with pytest.raises(InvalidDocumentError) as caught:
        parse_document(model, text)
    assert all(fault.message and fault.line >= 1 for fault in caught.value.faults)


def test_a_stored_document_keeps_words_that_are_gone_and_drops_keys_that_are_gone():
    source = read_yaml(
        TEXT.replace("colours: red", "colours: mauve\nlights: dim").replace("after: soup", "after: gone")
    )[0]
    menu = read_stored_document(Menu, source)
    assert (menu.colours, menu.dishes[1].after) == (("mauve",), "gone")
    assert menu.source_mapping == source


@pytest.mark.parametrize(("model", "path"), SHIPPED, ids=lambda value: getattr(value, "stem", ""))
def test_a_shipped_document_reads_the_same_from_its_text_and_from_storage(model, path):
    document = parse_document(model, path.read_text("utf-8"))
    stored = json.loads(json.dumps(document.source_mapping))
    assert read_stored_document(model, stored) == document


@pytest.mark.parametrize(("model", "path"), SHIPPED, ids=lambda value: getattr(value, "stem", ""))
def test_the_json_schema_takes_each_shipped_document_and_refuses_an_unknown_key(model, path):
    validator = jsonschema_rs.Draft202012Validator(json_schema(model))
    source = read_yaml(path.read_text("utf-8"))[0]
    assert [error.message for error in validator.iter_errors(source)] == []
    assert not validator.is_valid(source | {"unknown": 1})


@pytest.mark.parametrize("model", [CallDocument, CharterDocument, Definition])
def test_a_json_schema_has_titles_and_descriptions_and_no_inner_key(model):
    schema = json_schema(model)
    parts = [schema, *(part for part in schema["$defs"].values() if part["type"] == "object")]
    assert all(part["title"] and part["description"] for part in parts)
    assert not [key for part in parts for key in part["properties"] if not key.isidentifier()]


def test_a_path_leads_to_its_part_of_the_schema():
    schema = json_schema(Menu)
    assert schema_at(schema, ("dishes", "soup", "served"))["maximum"] == 9
    assert schema_at(schema, ("colours", 0))["enum"] == list(COLOURS)
    assert schema_at(schema, ("nowhere", "at", "all")) == {}


@pytest.mark.parametrize("name", ["ecosystem", "french", "supplement"])
def test_the_json_schema_of_lists_takes_the_lists_that_ship(name):
    validator = jsonschema_rs.Draft202012Validator(lists_schema(FACT_LISTS))
    text = (PACKAGE / "example" / f"{name}.yaml").read_text("utf-8")
    lists = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert [error.message for error in validator.iter_errors(lists)][:3] == []
    assert not validator.is_valid({"awards": [{"unknown": 1}]})
