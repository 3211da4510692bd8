"""Names of bodies are withheld from reviewers however they are typed."""

import unicodedata

import pytest

from maillage.calls.blind_review import name_mask_for

NAMES = ("Institut du Cœur", "Clinique Saint-Rémi", "L’Hôpital de Noël", "SIRET")


@pytest.mark.parametrize(
    "typed",
    [
        "Institut du coeur", "INSTITUT DU CŒUR", "Institut\u00a0du Cœur", "Clinique Saint‐Remi", "clinique saint–rémi",
        "Clinique Saint Rémi", "L'Hopital de Noel", unicodedata.normalize("NFD", "L’Hôpital de Noël"), "Sirét",
    ],
)  # fmt: skip
def test_a_name_is_withheld_however_it_is_typed(typed: str, english: None) -> None:
    assert name_mask_for(NAMES).text(f"Né à l’été, {typed}.") == "Né à l’été, [name withheld]."


def test_what_only_contains_a_name_is_left(english: None) -> None:
    said = "Des sirets, un cœur, une clinique, être étés."
    assert name_mask_for({*NAMES, "tre", "ete"}).text(said) == said
