"""The example's own vocabulary, a few offers written for the tests, and the example's offers."""

from pathlib import Path

import pytest
import yaml

import maillage
from maillage.matching.offer_index import OfferIndex, OfferText
from maillage.matching.research_stage import TrlRange
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.word_lists import Language
from maillage.matching.yaml_vocabulary import read_yaml

EXAMPLE = Path(maillage.__file__).parent / "example"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    loaded = read_yaml(EXAMPLE / "vocabulary.yaml")
    assert loaded.refused == ()
    return Vocabulary.of(loaded.concepts)


def offer(key: str, french: str, english: str, *keywords: str, **more: object) -> OfferText:
    """An offer with titles in both languages."""
    return OfferText(key, {Language.FR: french, Language.EN: english}, keywords, **more)  # type: ignore[arg-type]


OFFERS = (
    offer(
        "aml", "Réseau d'essais LAM (phases I à IV)", "AML trial network", "MRD", "immunotherapy", trl=TrlRange(3, 8)
    ),
    offer("all-adult", "Essais LAL de l'adulte", "Adult ALL trials", "ALL", trl=TrlRange(6, 8)),
    offer("children", "Essais de l'enfant", "Trials for children", "AML", "ALL", "paediatric"),
    offer("bank", "Échantillons annotés", "Annotated samples", "biobank", "AML", provider="FILOthèque"),
    offer("hotel", "Hôtel à projets", "Project hotel", "incubation", "start-ups"),
    offer("farm", "Recherche à la ferme", "Farm research", "animal health"),
)


@pytest.fixture(scope="session")
def index(vocabulary: Vocabulary) -> OfferIndex:
    return OfferIndex.of(OFFERS, vocabulary)


@pytest.fixture(scope="session")
def example_offers() -> tuple[OfferText, ...]:
    """The offers of the example, with what their providers are called."""
    with (EXAMPLE / "ecosystem.yaml").open(encoding="utf-8") as stream:
        example = yaml.load(stream, yaml.CSafeLoader)
    names = {
        body["key"]: " ; ".join(filter(None, map(body.get, ("name_fr", "name_en", "acronym"))))
        for body in example["organisations"]
    }
    return tuple(example_offer(row, names[row["provider"]]) for row in example["offers"])


def example_offer(row: dict[str, object], provider: str) -> OfferText:
    keywords, trl = row["keywords"], row.get("trl")
    assert isinstance(keywords, list)
    return OfferText(
        key=str(row["key"]),
        titles={Language.FR: str(row["title_fr"]), Language.EN: str(row["title_en"])},
        keywords=tuple(keywords),
        notes=str(row.get("note") or ""),
        provider=provider,
        stage=str(row.get("stage") or ""),
        trl=TrlRange(*map(int, str(trl).split("-"))) if trl else None,
    )


@pytest.fixture(scope="session")
def example_index(example_offers: tuple[OfferText, ...], vocabulary: Vocabulary) -> OfferIndex:
    return OfferIndex.of(example_offers, vocabulary)
