"""Laboratories ranked for a need: what is known and from when, who asks, and the reasons."""

from dataclasses import replace

import pytest

from maillage.matching.laboratories.evaluation import KNOWN_LABORATORIES, LEARNED, evaluate_laboratories, without_names
from maillage.matching.laboratories.evidence import (
    NOBODY,
    AnsweredNeed,
    Asker,
    Laboratory,
    LaboratoryEvidence,
    LaboratoryOffer,
    LaboratoryProject,
    SupervisorProject,
)
from maillage.matching.laboratories.learning import learn_weights
from maillage.matching.laboratories.ranker import LaboratoryRanker, RankedLaboratory
from maillage.matching.laboratories.reasons import (
    ASKER_REASONS,
    Closed,
    InRegion,
    JointLaboratory,
    NearNeeds,
    NearProjects,
    PastPartner,
    SupervisedBy,
    WorkedWithCompanies,
    WorksOn,
)
from maillage.matching.laboratories.translation import english_translator
from maillage.matching.laboratories.weights import WEIGHTS_WITHOUT_NEEDS
from maillage.matching.vocabulary import Vocabulary

SEA, SKY = "Institut de la mer", "Agence du ciel"
LABORATORIES = (
    Laboratory("acoustics", "Laboratoire d'acoustique ultrasonore", "LAU", region="FR-IDF", created=1990),
    Laboratory("waves", "Energie des vagues et de l'océan", region="FR-BRE", supervisors=(SEA,), created=2001),
    Laboratory("fish", "Poissons et océan", region="FR-PAC", town="Toulon", supervisors=(SEA, SKY), created=2001),
    Laboratory("stars", "Etoiles", region="FR-PAC", supervisors=(SKY,), created=1980, closed=2012),
    Laboratory("galaxies", "Galaxies", region="FR-PAC", supervisors=(SKY,), created=2013, predecessors=("stars",)),
    Laboratory("concrete", "Matériaux de construction", region="FR-IDF", fields=("engineering",), created=1980),
    Laboratory("bridges", "Structures et routes", region="FR-ARA", fields=("engineering",), created=1980),
)
EVIDENCE = LaboratoryEvidence(
    laboratories=LABORATORIES,
    projects=(
        LaboratoryProject("P1", 2010, ("stars",), ("spectroscopie du plasma",)),
        LaboratoryProject("P2", 2011, ("concrete",), ("béton de chanvre",), company=True),
        LaboratoryProject("P3", 2014, ("concrete",), company=True, joint=True),
    ),
    supervisor_projects=(
        SupervisorProject("S1", 2012, (SEA,), "Coral reefs and their bleaching in warm water"),
        SupervisorProject("S2", 2012, (SKY,), "Turbulence of the atmosphere"),
    ),
    needs=(
        AnsweredNeed("N1", 2009, "Un pont en bambou", ("bridges",), Asker("FR-ARA", "Construction")),
        AnsweredNeed("N2", 2013, "Turbine dans les vagues", ("waves",), Asker("FR-BRE", "Énergie")),
        AnsweredNeed("N3", 2016, "Un capteur de pression", ("fish",), Asker("FR-PAC", "Électronique")),
    ),
)
TRANSLATE = english_translator(EVIDENCE, Vocabulary.of([]))


def ranker(year: int = 2020, evidence: LaboratoryEvidence = EVIDENCE) -> LaboratoryRanker:
    return LaboratoryRanker.of(evidence, year, TRANSLATE)


def first(text: str, asker: Asker = NOBODY, year: int = 2020) -> str:
    return ranker(year).rank(text, asker)[0][0]


def explained(key: str, text: str, asker: Asker = NOBODY, *, use_asker: bool = True) -> RankedLaboratory:
    answers = ranker().explain(text, asker, use_asker=use_asker)
    return next(answer for answer in answers if answer.laboratory.key == key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nous cherchons à récupérer l’énergie des vagues", "waves"),
        ("We want to harvest the energy of ocean waves", "waves"),
        ("Contrôle des soudures avec une sonde ultrasonore", "acoustics"),
        ("Un isolant en béton de chanvre pour les maisons", "concrete"),
        ("Une passerelle en bambou pour les piétons", "bridges"),
    ],
    ids=["French label", "English need", "acoustics", "project", "past need"],
)
def test_the_first_laboratory_is_the_one_whose_work_the_need_names(text, key):
    assert first(text) == key


def test_a_project_of_a_laboratory_counts_for_what_it_became():
    assert explained("galaxies", "Spectroscopie d’un plasma").reasons[1] == NearProjects(("P1",), 2010)


def test_what_a_supervising_body_does_raises_the_laboratories_below_it():
    scores = dict(LaboratoryRanker.of(EVIDENCE, 2020, TRANSLATE, {}).rank("The bleaching of coral reefs"))
    assert scores["waves"] > scores["concrete"] == 0 > scores["galaxies"]


def test_a_ranking_of_a_year_knows_nothing_of_that_year_or_later():
    later = replace(
        EVIDENCE,
        projects=(*EVIDENCE.projects, LaboratoryProject("P9", 2012, ("fish",), ("turbine des vagues",))),
        needs=(*EVIDENCE.needs, AnsweredNeed("N9", 2014, "Turbine des vagues", ("fish",), Asker("FR-BRE", "Énergie"))),
    )
    asker = Asker("FR-BRE", "Énergie")
    assert ranker(2012, later).rank("Turbine des vagues", asker) == ranker(2012).rank("Turbine des vagues", asker)
    assert ranker(2015, later).rank("Turbine des vagues", asker) != ranker(2015).rank("Turbine des vagues", asker)


def test_a_laboratory_is_no_candidate_before_it_exists():
    assert "galaxies" not in dict(ranker(2012).rank("Galaxies"))
    assert "galaxies" in dict(ranker(2013).rank("Galaxies"))


def test_who_asks_matters_and_can_be_left_out():
    text = "Un service à domicile"
    assert first(text, Asker("FR-BRE")) == "waves"
    assert first(text, Asker(partners=("bridges", "gone"))) == "bridges"
    orders = [
        [answer.laboratory.key for answer in ranker().explain(text, asker, use_asker=False)]
        for asker in (Asker(), Asker("FR-BRE", "Énergie", ("bridges",)))
    ]
    assert orders[0] == orders[1]


def test_reasons_are_values_and_those_of_who_asks_stand_apart():
    asker = Asker("FR-BRE", "Énergie", ("waves",))
    text = "Une turbine dans les vagues de l’océan"
    reasons = explained("waves", text, asker).reasons
    assert reasons[:2] == (WorksOn(("vagues", "océan", "turbine")), NearNeeds(("N2",), 2013))
    assert {PastPartner(), InRegion("FR-BRE"), WorkedWithCompanies(1, 2013), SupervisedBy((SEA,))} <= set(reasons)
    without = explained("waves", text, asker, use_asker=False).reasons
    assert without == tuple(reason for reason in reasons if not isinstance(reason, ASKER_REASONS))


def test_joint_laboratories_and_closures_are_told():
    assert {JointLaboratory(2014), WorkedWithCompanies(2, 2014)} <= set(explained("concrete", "Béton").reasons)
    assert Closed(2012, ("galaxies",)) in explained("stars", "Les étoiles").reasons


def test_an_offer_is_read_as_what_a_laboratory_does():
    offered = replace(EVIDENCE, offers=(LaboratoryOffer("O1", "bridges", "Essais de câbles tendus"),))
    assert ranker(evidence=offered).rank("Essais sur câbles")[0][0] == "bridges"


def test_without_past_needs_other_weights_rank_and_no_need_is_a_reason():
    bare = replace(EVIDENCE, needs=())
    assert ranker(evidence=bare).weights["words"] == WEIGHTS_WITHOUT_NEEDS["words"] != ranker().weights["words"]
    reasons = ranker(evidence=bare).explain("Énergie des vagues")[0].reasons
    assert not any(isinstance(reason, NearNeeds) for reason in reasons)


def test_the_evaluation_without_past_needs_reads_none_of_them():
    measured = [
        next(evaluate_laboratories(EVIDENCE, [2016], TRANSLATE, past_needs=past_needs)) for past_needs in (True, False)
    ]
    bare = replace(EVIDENCE, needs=tuple(need for need in EVIDENCE.needs if need.year == 2016))
    assert measured[1] == next(evaluate_laboratories(bare, [2016], TRANSLATE, past_needs=False))
    assert [row.needs for row in measured] == [1, 1]


def test_a_need_of_unknown_words_is_ranked_all_the_same():
    assert len(ranker().rank("Xyzzy", limit=5)) == 5
    assert len(ranker(evidence=LaboratoryEvidence(LABORATORIES)).rank("Vagues", Asker("FR-BRE", "Énergie"))) == 7


def test_weights_are_learned_from_needs_answered_near_by():
    needs = tuple(
        AnsweredNeed(f"{year}{laboratory.key}", year, "Un capteur", (laboratory.key,), Asker(laboratory.region))
        for year in range(2005, 2012)
        for laboratory in LABORATORIES
    )
    weights = learn_weights(replace(EVIDENCE, needs=needs), 2011, TRANSLATE)
    assert max(weights, key=lambda name: weights[name]) == "region"
    with pytest.raises(ValueError, match="earlier years"):
        learn_weights(EVIDENCE, 2004, TRANSLATE)


def test_a_right_laboratory_outside_the_register_counts_as_not_found():
    needs = (
        AnsweredNeed("A", 2015, "L’énergie des vagues", ("waves",)),
        AnsweredNeed("B", 2016, "Un sujet", ("nowhere",)),
    )
    rows = list(evaluate_laboratories(replace(EVIDENCE, needs=needs), (2015, 2016), TRANSLATE))
    hits = {
        row.year: row.estimates[0].mean
        for row in rows
        if (row.candidates, row.ranking) == (KNOWN_LABORATORIES, LEARNED)
    }
    assert hits == {"all": 0.5, "2015": 1.0, "2016": 0.0}
    with pytest.raises(ValueError, match="these years"):
        list(evaluate_laboratories(EVIDENCE, (1999,), TRANSLATE))


def test_names_are_taken_out_of_a_need():
    need = AnsweredNeed("A", 2015, "Issu de Poissons et océan (Institut de la mer, Toulon), un sonar", ("fish",))
    assert without_names(EVIDENCE, need).text.split() == ["Issu", "de", "(", ",", "),", "un", "sonar"]
