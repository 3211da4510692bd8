"""Names of organisations in messages: the article that their place asks for, in French and in English."""

import pytest
from django.utils.translation import override

from maillage.register.models import Organisation
from maillage.register.noun_phrases import say

INSTITUTE = Organisation(name_fr="Institut Carnot OPALE", name_en="Institut Carnot OPALE", kind="institute")
NETWORK = Organisation(name_fr="FINDMED", name_en="FINDMED", kind="network")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("%(organisation)s n’a pas répondu.", "L’Institut Carnot OPALE n’a pas répondu."),
        ("C’est fait. %s répond.", "C’est fait. L’Institut Carnot OPALE répond."),
        ("envoyé à %(organisation)s", "envoyé à l’Institut Carnot OPALE"),
        ("transmis à %(other)s, qui répond", "transmis au réseau FINDMED, qui répond"),
        ("le contact de %(other)s dans", "le contact du réseau FINDMED dans"),
        ("Personne n’agit pour %(other)s ici", "Personne n’agit pour le réseau FINDMED ici"),
        ("Ada, %(organisation)s, vous écrit", "Ada, Institut Carnot OPALE, vous écrit"),
        ("transmis au réseau %(other)s", "transmis au réseau FINDMED"),
        ("transmis à %(both)s", "transmis à l’Institut Carnot OPALE et au réseau FINDMED"),
        ("%(organisation)s est à 80 %%", "L’Institut Carnot OPALE est à 80 %"),
    ],
)
def test_a_french_name_takes_its_article_and_preposition(message, said):
    with override("fr"):
        assert say(message, INSTITUTE, other=NETWORK, both=[INSTITUTE, NETWORK]) == said


@pytest.mark.parametrize(
    ("kind", "name", "short", "said"),
    [
        ("hospital", "CHU de Lille", "", "Le CHU de Lille répond, de même que le contact du CHU de Lille."),
        ("hospital", "Assistance Publique - Hôpitaux de Paris", "AP-HP",
         "L’AP-HP répond, de même que le contact de l’AP-HP."),
        ("consortium", "Institut Carnot OPALE", "OPALE",
         "L’institut OPALE répond, de même que le contact de l’institut OPALE."),
        ("research-organisation", "Centre national de la recherche scientifique", "CNRS",
         "Le CNRS répond, de même que le contact du CNRS."),
        ("network", "Cooperative Group", "",
         "Le réseau Cooperative Group répond, de même que le contact du réseau Cooperative Group."),
        ("hospital", "Hospices civils de Lyon", "",
         "L’hôpital Hospices civils de Lyon répond, de même que le contact des Hospices civils de Lyon."),
        ("association", "La Ligue contre le cancer", "",
         "La Ligue contre le cancer répond, de même que le contact de la Ligue contre le cancer."),
        ("platform", "Le Lab", "", "Le Lab répond, de même que le contact du Lab."),
        ("company", "L’Oréal", "", "L’entreprise L’Oréal répond, de même que le contact de l’entreprise L’Oréal."),
    ],
)  # fmt: skip
def test_acronyms_plurals_and_own_articles_of_french_names(kind, name, short, said):
    organisation = Organisation(name_fr=name, name_en=name, kind=kind, acronym=short)
    with override("fr"):
        assert say("%s répond, de même que le contact de %(o)s.", organisation, short=True, o=organisation) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("French National Cancer Institute", "The French National Cancer Institute answers."),
        ("The Institute of Cancer Research", "The Institute of Cancer Research answers."),
        ("Marseille Cancer Research Centre", "Marseille Cancer Research Centre answers."),
    ],
)
def test_the_article_of_english_names(name, said):
    with override("en"):
        assert say("%s answers.", Organisation(name_fr=name, name_en=name, kind="other")) == said


def test_an_english_name_takes_an_article_only_if_it_describes():
    university = Organisation(name_fr="X", name_en="University of Lyon", kind="university")
    with override("en"):
        assert say("%s answers.", INSTITUTE) == "Institut Carnot OPALE answers."
        assert say("%s answers, and sent to %(other)s.", university, other=university) == (
            "The University of Lyon answers, and sent to the University of Lyon."
        )
