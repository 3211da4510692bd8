"""Vocabularies are read where they lie; bad rows are refused with a reason, and the good ones kept."""

import gzip
from pathlib import Path

import pytest

from maillage.matching.text import parse_text
from maillage.matching.vocabulary import Facet, Vocabulary
from maillage.matching.vocabulary_files import VocabularyError, read_eurovoc_csv, read_hpo
from maillage.matching.word_lists import Language
from maillage.matching.yaml_vocabulary import read_eurovoc_yaml, read_yaml
from tests.shared_data import shared_data

HEADER = b"id,pref_en,pref_fr,alt_en,alt_fr,broader\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "vocabulary"


def test_eurovoc_rows_become_concepts(file: Path) -> None:
    file.write_bytes(HEADER + b"2,health,sant\xc3\xa9,WHO|well being,OMS,1|7\n")
    (concept,) = read_eurovoc_csv(file, facet=Facet.FIELD).concepts
    assert concept.key == "eurovoc:2"
    assert concept.labels[Language.EN] == ("health", "well being")
    assert concept.exact == ("WHO", "OMS")
    assert concept.broader == ("eurovoc:1", "eurovoc:7")
    assert (concept.facet, concept.source) == (Facet.FIELD, "EuroVoc")


def test_bad_rows_are_refused_and_good_ones_kept(file: Path) -> None:
    bad = b"2,short\n1,again,encore,,,\n,no id,sans,,,\n5,of the,de la,,,\n6,caf\xe9,,,,\n"
    file.write_bytes(HEADER + b"1,health,sante,,,\n" + bad + b"7,end,fin,,,\n")
    loaded = read_eurovoc_csv(file)
    assert [concept.key for concept in loaded.concepts] == ["eurovoc:1", "eurovoc:7"]
    assert (loaded.read, loaded.created) == (7, 2)
    assert [refusal.line for refusal in loaded.refused] == [3, 4, 5, 6, 7]
    reasons = " ".join(map(str, loaded.refused))
    for reason in ("has 2 cells", "already used", "no identifier", "no name besides stop words", "not valid UTF-8"):
        assert reason in reasons
    assert all(refusal.remedy and refusal.file == file.name for refusal in loaded.refused)


def test_a_huge_cell_is_refused_alone(file: Path) -> None:
    file.write_bytes(HEADER + b"1," + b"x" * 200_000 + b",,,,\n2,health,sante,,,\n")
    loaded = read_eurovoc_csv(file)
    assert [concept.key for concept in loaded.concepts] == ["eurovoc:2"]
    assert "cannot be read" in loaded.refused[0].reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "no header"), (b"id,pref_en\n1,a\n", "column pref_fr is missing")],
)
def test_a_table_of_another_form_is_told(file: Path, content: bytes, reason: str) -> None:
    file.write_bytes(content)
    with pytest.raises(VocabularyError, match=reason) as caught:
        read_eurovoc_csv(file)
    assert caught.value.line == 1
    assert file.name in str(caught.value)
    assert caught.value.remedy


def test_a_missing_file_and_a_damaged_archive_are_told(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="cannot be read"):
        read_eurovoc_csv(tmp_path / "none.csv")
    damaged = tmp_path / "damaged.csv.gz"
    damaged.write_bytes(gzip.compress(HEADER + b"1,a,b,,,\n" * 1000)[:-20])
    with pytest.raises(VocabularyError, match="damaged"):
        read_eurovoc_csv(damaged)
    damaged.write_bytes(b"not an archive")
    with pytest.raises(VocabularyError, match="damaged"):
        read_eurovoc_csv(damaged)


def test_hpo_gathers_names_of_both_tables(tmp_path: Path) -> None:
    labels, synonyms = tmp_path / "labels.tsv", tmp_path / "synonyms.tsv"
    labels.write_text(
        "subject_id\tpredicate_id\tsource_value\ttranslation_value\n"
        "HP:1\tIAO:0000115\tA long definition\tUne définition\n"
        'HP:1\trdfs:label\t"Low" platelets\tThrombopénie\n'
        "HP:1\trdfs:label\tLow platelets\tPlaquettes basses\n",
        encoding="utf-8",
    )
    synonyms.write_text(
        "subject_id\ttranslation_value\nID\tAL oboInOwl\nHP:1\tThrombocytopénie\nHP:9\tInconnu\n", encoding="utf-8"
    )
    loaded = read_hpo(labels, synonyms)
    (concept,) = loaded.concepts
    assert concept.labels[Language.FR] == ("Plaquettes basses", "Thrombopénie", "Thrombocytopénie")
    assert [refusal.line for refusal in loaded.refused] == [4]
    assert "HP:9" in str(loaded.refused[0])


def test_our_own_form_refuses_entry_by_entry(file: Path) -> None:
    file.write_text(
        "title: x\nconcepts:\n  good: {fr: [don], en: gift}\n  flat: text\n  odd: {colour: red}\n"
        "  facet: {en: [x1], facet: nope}\n  deep: {fr: [[a]]}\n  none: {}\n  last:\n    exact: [ALL]\n",
        encoding="utf-8",
    )
    loaded = read_yaml(file)
    assert [concept.key for concept in loaded.concepts] == ["good", "last"]
    assert [refusal.line for refusal in loaded.refused] == [4, 5, 6, 7, 8]
    assert loaded.read == 7


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no mapping"),
        ("other: 1\n", "no mapping"),
        ("concepts: 3\n", "not a mapping"),
        ("concepts:\n  a: [b\n", "not plain YAML"),
        ("concepts:\n  a: &x {fr: b}\n  c: *x\n", "alias"),
        ("concepts:\n  a: " + "[" * 5000 + "\n", "too deep"),
        ("concepts:\n  a: \x07\n", "not plain YAML"),
    ],
)
def test_a_file_that_is_not_our_form_is_told(file: Path, content: str, reason: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError, match=reason):
        read_yaml(file)


@pytest.mark.programs
def test_eurovoc_is_the_same_in_both_forms() -> None:
    table = read_eurovoc_csv(shared_data("eurovoc_fr_en", "eurovoc_concepts_fr_en.csv.gz"))
    document = read_eurovoc_yaml(shared_data("eurovoc_fr_en", "eurovoc.yaml.gz"))
    assert table.created == document.created == table.read > 7_000
    assert {c.key: c.labels for c in table.concepts} == {c.key: c.labels for c in document.concepts}


@pytest.mark.programs
def test_twenty_thousand_concepts_are_recognised_beside_our_own(vocabulary: Vocabulary) -> None:
    eurovoc = read_eurovoc_csv(shared_data("eurovoc_fr_en", "eurovoc_concepts_fr_en.csv.gz"))
    hpo = read_hpo(shared_data("hpo_fr", "hp-fr.babelon.tsv.gz"), shared_data("hpo_fr", "hp-fr.synonyms.tsv.gz"))
    large = Vocabulary.of(vocabulary.concepts.values(), eurovoc.concepts, hpo.concepts)
    assert len(large) > 20_000
    text = "Thrombopénie et leucémie aiguë myéloïde chez l'adulte, politique commerciale de la France"
    concepts = [large.concept(mention.concept) for mention in large.mentions(parse_text(text))]
    assert {concept.source for concept in concepts} == {"vocabulary", "EuroVoc", "HPO"}
    assert "aml" in {concept.key for concept in concepts}
