"""Identifiers are brought to one form, and refused when they cannot be."""

import csv
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier
from maillage.register.vocabulary import IDENTIFIER_SCHEMES
from tests.register.simulated_ror import ror_id
from tests.shared_data import shared_data


@pytest.mark.parametrize(
    ("scheme", "given_as", "form"),
    [
        ("ror", "https://ror.org/02VJKV261", "02vjkv261"),
        ("ror", "ror.org/02vjkv261", "02vjkv261"),
        ("isni", "0000 0001 2285 0987", "0000000122850987"),
        ("siren", "732 829 320", "732829320"),
        ("siret", "732 829 320 00074", "73282932000074"),
        ("wikidata", " Q42 ", "Q42"),
        ("grid", "grid.419082.6", "grid.419082.6"),
        ("grid", "https://www.grid.ac/institutes/grid.6546.1", "grid.6546.1"),
        ("fundref", "501100002241", "501100002241"),
        ("finess", "750712184", "750712184"),
        ("cnrs", "UMR7104", "UMR7104"),
        ("rnsr", "201722557 z", "201722557Z"),
        ("rnsr", "199812345G", "199812345G"),
    ],
)
def test_one_form(scheme: str, given_as: str, form: str) -> None:
    assert normalise_identifier(scheme, given_as) == form
    assert normalise_identifier(scheme, form) == form


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("ror", "02vjkv262"),
        ("ror", "12vjkv261"),
        ("isni", "0000 0001 2285 0988"),
        ("siren", "732829321"),
        ("siret", "73282932000075"),
        ("wikidata", "42"),
        ("grid", "100011307"),
        ("fundref", "https://doi.org/"),
        ("finess", "750712185"),
        ("rnsr", "201722557"),
        ("rnsr", "2017225571Z"),
        ("rnsr", "201722557A"),
        ("rnsr", "201722557I"),
    ],
)
def test_refused_with_the_value_named(scheme: str, value: str) -> None:
    with pytest.raises(InvalidIdentifierError, match=value):
        normalise_identifier(scheme, value)


def test_every_structure_of_the_french_register_has_its_check_letter() -> None:
    with gzip.open(shared_data("rnsr", "rnsr_active_2022.csv.gz"), "rt", encoding="utf-8") as file:
        values = [row["rnsr_id"] for row in csv.DictReader(file)]
    assert len(values) > 4000
    assert [value for value in values if normalise_identifier("rnsr", value) != value] == []


def test_an_unknown_scheme_is_told_with_those_known() -> None:
    with pytest.raises(InvalidIdentifierError, match=r"passport.*wikidata"):
        normalise_identifier("passport", "1")


@given(st.integers(0, 2**30 - 1), st.integers(1, 96))
def test_a_wrong_check_of_a_ror_identifier_is_always_seen(number: int, off: int) -> None:
    good = ror_id(number)
    assert normalise_identifier("ror", good) == good
    check = (int(good[7:]) - 2 + off) % 97 + 2
    with pytest.raises(InvalidIdentifierError):
        normalise_identifier("ror", f"{good[:7]}{check:02d}")


@given(st.sampled_from(list(IDENTIFIER_SCHEMES)), st.text(max_size=40))
def test_no_text_breaks_it(scheme: str, value: str) -> None:
    try:
        form = normalise_identifier(scheme, value)
    except InvalidIdentifierError:
        return
    assert normalise_identifier(scheme, form) == form


def test_real_ror_identifiers_pass() -> None:
    with gzip.open(shared_data("ror", "ror_records.jsonl.gz"), "rt", encoding="utf-8") as records:
        for _number, line in zip(range(500), records, strict=False):
            address = json.loads(line)["id"]
            assert f"https://ror.org/{normalise_identifier('ror', address)}" == address
