"""Who holds a label, in plain words: what is known and where knowledge ends, in both languages."""

import datetime as dt

import pytest
from django.utils import translation

from maillage.labels.holder_words import HolderKnowledge, Reception, holders_sentence

DAY, TODAY = dt.date(2021, 1, 1), dt.date(2026, 11, 30)
IN_2020 = Reception(2020, 39, 2)
RECEIVED = "39 organisations received the label in 2020, 2 of them on probation"
RECUS = "39 organisations ont reçu le label en 2020, dont 2 à titre probatoire"
CONTESTE = "Ce nombre est contesté\u00a0: les sources divergent."

SAID = [
    (HolderKnowledge(DAY, 26, 0), "On 1 January 2021, 26 organisations hold it."),
    (HolderKnowledge(DAY, 1, 0, IN_2020), "On 1 January 2021, 1 organisation holds it."),
    (
        HolderKnowledge(DAY, 26, 14, IN_2020),
        "On 1 January 2021, 26 organisations hold it; whether 14 others do is not known.",
    ),
    (
        HolderKnowledge(TODAY, 0, 40, IN_2020),
        f"{RECEIVED}; who holds it today has not been published.",
    ),
    (
        HolderKnowledge(DAY, 0, 3, Reception(2016, 29)),
        "29 organisations received the label in 2016; who held it on 1 January 2021 has not been published.",
    ),
    (
        HolderKnowledge(DAY, 0, 2),
        "2 organisations have received it; whether they hold it on 1 January 2021 is not known.",
    ),
    (HolderKnowledge(DAY, 0, 0), "No holder is known on 1 January 2021."),
    (
        HolderKnowledge(DAY, 26, 0, None, disputed=True),
        "On 1 January 2021, 26 organisations hold it. This number is disputed: the sources disagree.",
    ),
]


@pytest.mark.parametrize(("known", "sentence"), SAID)
def test_what_is_known_is_said_and_where_it_ends(known: HolderKnowledge, sentence: str) -> None:
    with translation.override("en"):
        assert holders_sentence(known, TODAY) == sentence


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            HolderKnowledge(TODAY, 0, 40, IN_2020, disputed=True),
            f"{RECUS}\u202f; qui le détient aujourd’hui n’a pas été publié. {CONTESTE}",
        ),
        (
            HolderKnowledge(DAY, 1, 1),
            "Le 1er janvier 2021, 1 organisation le détient\u202f; pour 1 autre, on ne sait pas.",
        ),
        (HolderKnowledge(DAY, 0, 0), "Aucun détenteur n’est connu au 1er janvier 2021."),
    ],
)
def test_the_same_in_french(known: HolderKnowledge, sentence: str) -> None:
    with translation.override("fr"):
        assert holders_sentence(known, TODAY) == sentence
