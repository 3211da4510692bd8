"""Texts are cleaned, bounded and cut into words, whatever they hold."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.matching.research_stage import TrlRange, find_phases, find_trl
from maillage.matching.text import MAX_READ_LENGTH, PAUSE, ReadingNoticeKind, clean, parse_text, stem
from maillage.matching.word_lists import Language


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_is_read(text: str) -> None:
    reading = parse_text(text)
    assert len(reading.words) == len(reading.stems[Language.FR]) == len(reading.stems[Language.EN])
    assert reading.notices == ()
    for position, word in enumerate(reading.words):
        assert reading.surface(position, position + 1) == word or not word


@given(st.text(max_size=300))
def test_cleaning_leaves_no_control_or_direction_character(text: str) -> None:
    categories = {unicodedata.category(char) for char in clean(text).replace("\n", "")}
    assert "Cc" not in categories
    assert not set(clean(text)) & set("\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad")


def test_invisible_characters_do_not_split_a_word() -> None:
    assert parse_text("leu\u00adcé\u200bmie \u202eLAM\u202c\x00aiguë").words == ("leucémie", "LAM", "aiguë")


def test_punctuation_decoded_twice_is_put_right() -> None:
    assert parse_text("patientsâ€™ data").words == ("patients", "data")


@pytest.mark.programs
@pytest.mark.parametrize("filler", ["anticorps ", "a", "\u0301\u0315", "\ufdfa", "\u202e", "é́"])
def test_ten_megabytes_are_read_in_part_and_said_so(filler: str) -> None:
    text = filler * (10_000_000 // len(filler))
    started = time.process_time()
    (notice,) = parse_text(text).notices
    # Generous on purpose: this guards against a time that grows with the square of the length.
    assert time.process_time() - started < 5
    assert (notice.kind, notice.read, notice.total) == (ReadingNoticeKind.READ_IN_PART, MAX_READ_LENGTH, len(text))
    assert str(len(text)) in notice.sentence(Language.FR)
    assert str(len(text)) in notice.sentence(Language.EN)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        (Language.FR, "lésion", "Lésions"),
        (Language.FR, "essai", "essais"),
        (Language.FR, "œdème", "oedèmes"),
        (Language.FR, "prélèvements", "prélèvement"),
        (Language.FR, "cancers", "cancer"),
        (Language.FR, "dossiers", "dossier"),
        (Language.FR, "débits", "débit"),
        (Language.FR, "tissus", "tissu"),
        (Language.FR, "scénarios", "scénario"),
        (Language.FR, "transmissions", "transmission"),
        (Language.FR, "emplois", "emploi"),
        (Language.FR, "divers", "diverses"),
        (Language.FR, "hématologues", "hématologie"),
        (Language.FR, "malades", "patient"),
        (Language.EN, "leukaemia", "leukemias"),
        (Language.EN, "randomisation", "randomization"),
        (Language.EN, "Haematological", "hematological"),
        (Language.EN, "tumours", "tumor"),
        (Language.EN, "SMEs", "SME"),
    ],
)
def test_forms_of_one_word_share_a_stem(language: Language, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language) != ""


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Nous cherchons des échantillons pour une étude", (Language.FR,)),
        ("We look for samples that were taken at relapse", (Language.EN,)),
        ("AML", (Language.FR, Language.EN)),
        (
            "Nous cherchons des échantillons avec une étude. We look for them with those who were there.",
            (Language.EN, Language.FR),
        ),
    ],
)
def test_language_is_told_from_stop_words(text: str, languages: tuple[Language, ...]) -> None:
    assert set(parse_text(text).languages) == set(languages)


def test_a_sentence_end_is_a_pause() -> None:
    reading = parse_text("Bone. Marrow")
    assert reading.words == ("Bone", "", "Marrow")
    assert reading.stems[Language.EN][1] == PAUSE


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("essai de phase I/II", {1, 2}),
        ("phases I à IV", {1, 2, 3, 4}),
        ("phase 2b and phase III", {2, 3}),
        ("Phase Ib/IIa", {1, 2}),
        ("first phase of the project", set()),
        ("phase inhibitor", set()),
    ],
)
def test_phases_are_found(text: str, phases: set[int]) -> None:
    assert find_phases(text) == phases


def test_readiness_levels_are_found() -> None:
    assert find_trl("from TRL 3-5 to TRL 7") == TrlRange(3, 7)
    assert find_trl("TRL 4 à 6") == TrlRange(4, 6)
    assert find_trl("a control") is None
    with pytest.raises(ValueError, match="not a range"):
        TrlRange(5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Buscamos un laboratorio para la caracterización de anticuerpos en la leucemia mieloide aguda con muestras.",
        "Wir suchen ein Labor für die Charakterisierung von Antikörpern bei der akuten myeloischen Leukämie.",
        "Cerchiamo un laboratorio per la caratterizzazione di anticorpi nella leucemia mieloide acuta con i campioni.",
        "Wij zoeken een laboratorium voor het onderzoek van antilichamen bij acute myeloïde leukemie met monsters.",
        "Procuramos um laboratório para a caracterização de anticorpos na leucemia mieloide aguda com as amostras.",
        "Szukamy laboratorium do badania przeciwciał w ostrej białaczce szpikowej oraz próbek od pacjentów.",
        "Ищем лабораторию для исследования антител при остром миелоидном лейкозе с образцами пациентов",
    ],
)
def test_a_third_language_is_told(text):
    assert parse_text(text).foreign


@pytest.mark.parametrize(
    "text",
    [
        "Nous cherchons un laboratoire pour la caractérisation d’anticorps dans la leucémie aiguë myéloïde.",
        "We look for a laboratory to characterise antibodies in acute myeloid leukaemia, with samples at relapse.",
        "AML MRD phase I/II bispecific CD3 CD33 NPM1 FLT3 relapse samples biobank",
        "CAR-T, LAM, phase I",
        "",
    ],
)
def test_our_languages_and_mere_terms_are_not_foreign(text):
    assert not parse_text(text).foreign
