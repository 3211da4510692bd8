"""A vocabulary is loaded from a file; loaded again, it replaces what came from the same source, and nothing else."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.matching.text import parse_text
from maillage.matching.vocabulary_files import VocabularyError
from maillage.offers.actions.vocabularies import load_vocabulary
from maillage.offers.models import Offer, VocabularyConcept, VocabularyLoad
from maillage.offers.offer_matcher import forget_matchers, get_vocabulary
from maillage.register.models import Organisation

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ADA = Actor("Ada", frozenset({OFFICER}))
EUROVOC = "id,pref_en,pref_fr,alt_en,alt_fr,broader\n"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "no_vocabulary")]


@pytest.fixture
def no_vocabulary(db: None) -> Iterator[None]:
    """No vocabulary is loaded yet; what a test loads is forgotten after it."""
    VocabularyConcept.objects.all().delete()
    VocabularyLoad.objects.all().delete()
    forget_matchers()
    yield
    forget_matchers()


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_vocabulary_is_loaded_with_a_record_of_the_load(tmp_path):
    file = write(tmp_path / "eurovoc.csv", EUROVOC + "2,health,santé,well being,,1\n3,short\n")
    entry, report = load_vocabulary(actor=ADA, at=AT, path=file)
    entry.refresh_from_db()
    assert (entry.source, entry.file, entry.concepts, entry.refused) == ("EuroVoc", "eurovoc.csv", 1, 1)
    assert (entry.loaded_at, entry.loaded_by) == (AT, "Ada")
    assert [refusal.line for refusal in report.refused] == [3]
    concept = VocabularyConcept.objects.get()
    assert (concept.key, concept.labels_fr, concept.labels_en) == ("eurovoc:2", ["santé"], ["health", "well being"])
    assert concept.broader == ["eurovoc:1"]


def test_load_replaces_the_concepts_of_its_source_alone(tmp_path):
    own = write(tmp_path / "own.yaml", "concepts:\n  zorgling: {facet: service, fr: [zorglage], en: [zorgling]}\n")
    first = write(tmp_path / "eurovoc-1.csv", EUROVOC + "2,health,santé,,,\n4,water,eau,,,\n")
    second = write(tmp_path / "eurovoc-2.csv", EUROVOC + "2,public health,santé publique,,,\n")
    for file in (own, first, second):
        load_vocabulary(actor=ADA, at=AT, path=file)
    labels = dict(VocabularyConcept.objects.values_list("key", "labels_en"))
    assert sorted(labels.values()) == [["public health"], ["zorgling"]]
    assert [*VocabularyLoad.objects.order_by("pk").values_list("concepts", flat=True)] == [1, 2, 1]


def test_matching_uses_what_was_loaded_at_once(tmp_path):
    before = set(get_vocabulary().concepts)
    file = write(tmp_path / "own.yaml", "concepts:\n  zorgling: {facet: service, fr: [zorglage], en: [zorgling]}\n")
    load_vocabulary(actor=ADA, at=AT, path=file)
    assert set(get_vocabulary().concepts) - before == set(VocabularyConcept.objects.values_list("key", flat=True))


@pytest.mark.parametrize(
    ("name", "form", "text", "error"),
    [
        ("words.csv", "", EUROVOC, ActionError),
        ("words.csv", "thesaurus", EUROVOC, ActionError),
        ("eurovoc.csv", "", "id,pref_en\n1,a\n", VocabularyError),
    ],
)
def test_file_that_cannot_be_used_changes_nothing(tmp_path, name, form, text, error):
    load_vocabulary(actor=ADA, at=AT, path=write(tmp_path / "eurovoc-0.csv", EUROVOC + "2,health,santé,,,\n"))
    with pytest.raises(error):
        load_vocabulary(actor=ADA, at=AT, path=write(tmp_path / name, text), form=form)
    assert VocabularyConcept.objects.count() == VocabularyLoad.objects.count() == 1


def test_officers_alone_load_one(tmp_path):
    file = write(tmp_path / "eurovoc.csv", EUROVOC + "2,health,santé,,,\n")
    with pytest.raises(ActionForbiddenError):
        load_vocabulary(actor=PUBLIC, at=AT, path=file)
    assert not VocabularyConcept.objects.exists()


def test_key_words_of_public_offers_are_concepts_until_a_vocabulary_of_ones_own_is_loaded(tmp_path):
    lab = Organisation.objects.create(key="lab", name_fr="Le laboratoire", kind="other")
    offer = {"provider": lab, "title_fr": "Bassins", "keywords": ["test tank"]}
    Offer.objects.create(key="tanks", **offer)
    assert [mention.concept for mention in get_vocabulary().mentions(parse_text("We need test tanks."))] == [
        "keyword:test tank"
    ]
    Offer.objects.create(key="hidden", **(offer | {"keywords": ["wave maker"]}), visibility="organisation")
    assert not get_vocabulary().mentions(parse_text("We need a wave maker."))
    VocabularyConcept.objects.create(key="wave", labels_en=["wave"], facet="field", source="vocabulary")
    forget_matchers()
    assert "keyword:test tank" not in get_vocabulary().concepts
