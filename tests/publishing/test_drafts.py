"""The draft of an ecosystem page: each pattern in a small network, by day, in both languages, in correct French."""

import datetime as dt

import pytest
from django.utils import translation

from maillage.clinical.models import Trial
from maillage.community.models import Agreement, AgreementParty, Event
from maillage.core.actors import PUBLIC
from maillage.labels.models import Award, Label
from maillage.publishing.queries import EcosystemPage, get_ecosystem_page
from maillage.register.models import Organisation, Tie
from maillage.ventures.models import Startup

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 30)
UNSURE = "D’après le registre, qui n’en connaît pas toutes les dates"


def organisation(key: str, kind: str, name: str, **values: str) -> Organisation:
    made = Organisation(key=key, kind=kind, name_fr=name, **values)
    made.save()
    return made


@pytest.fixture
def biobank() -> Organisation:
    return organisation("brio", "network", "BRIO", period_start="2010")


def page(about: Organisation, day: dt.date = TODAY, language: str = "fr") -> EcosystemPage:
    with translation.override(language):
        return get_ecosystem_page(about, actor=PUBLIC, day=day, today=TODAY)


def told(about: Organisation, day: dt.date = TODAY, language: str = "fr") -> list[str]:
    with translation.override(language):
        shown = get_ecosystem_page(about, actor=PUBLIC, day=day, today=TODAY)
        assert not [fault.unbound for chapter in shown.chapters for fault in chapter.faults]
        return [row.evaluated.text.replace("\u00a0", " ") for chapter in shown.chapters for row in chapter.sentences]


def tie(subject: Organisation, kind: str, other: Organisation, start: str = "", end: str = "..") -> None:
    Tie(subject=subject, kind=kind, object=other, period_start=start, period_end=end).save()


def test_an_organisation_without_facts_has_no_sentence() -> None:
    alone = organisation("alone", "company", "Seule")
    assert told(alone) == []
    assert page(alone).is_draft
    assert page(alone).empty_words == "Le registre ne sait encore rien de cet écosystème."
    assert "À cette date" in page(alone, dt.date(2020, 1, 1)).empty_words


@pytest.mark.parametrize(
    ("kind", "name", "acronym", "in_french"),
    [
        ("network", "BRIO", "", "du réseau BRIO"),
        ("research-unit", "Unité mixte 12", "UMR12", "de l’UMR12"),
        ("university", "Université d’Artois", "", "de l’Université d’Artois"),
        ("hospital", "Hospices de Beaune", "", "des Hospices de Beaune"),
        ("hospital", "Hôpital Nord", "", "de l’Hôpital Nord"),
        ("agency", "Haute Instance", "", "de l’agence Haute Instance"),
        ("association", "Ligue du Sud", "", "de la Ligue du Sud"),
        ("fund", "Fonds Aurore", "", "du Fonds Aurore"),
        ("startup", "Énzo", "", "de la start-up Énzo"),
        ("other", "UNION", "", "de l’organisation UNION"),
        ("institute", "Institut Carnot CALYM", "", "de l’Institut Carnot CALYM"),
    ],
)
def test_a_name_takes_the_article_that_french_asks_for(kind: str, name: str, acronym: str, in_french: str) -> None:
    whole, part = organisation("whole", kind, name, acronym=acronym), organisation("part", "platform", "Alto")
    tie(part, "part-of", whole, "2020-02-07")
    assert told(part) == [f"La plateforme Alto fait partie {in_french} (depuis le 7 février 2020)."]
    with translation.override("fr"):
        assert page(whole).name_in_title == in_french


def test_each_kind_of_fact_has_its_sentence(biobank: Organisation) -> None:
    ministry, label = (
        organisation("mini", "ministry", "Ministère de la recherche"),
        Label(key="lab", name_fr="Label Or"),
    )
    label.save()
    tie(ministry, "tutelle", biobank, "2012")
    tie(biobank, "coordinator", organisation("euro", "consortium", "EUROBANK"), "2015")
    tie(organisation("left", "platform", "Gauche"), "member", biobank, "2018")
    tie(organisation("right", "platform", "Droite"), "member", biobank, "2019", "2021")
    Award(label=label, holder=biobank, period_start="2020-02-07").save()
    Trial(registry="ISRCTN", number="1", short_title_en="Cold", short_title_fr="Froid", sponsor=biobank).save()
    Startup(
        key="tiny", organisation=organisation("tiny", "startup", "Tiny"), origin=biobank, period_start="2021"
    ).save()
    assert told(biobank) == [
        "Le réseau BRIO existe depuis 2010.",
        "La tutelle du réseau BRIO est exercée par le Ministère de la recherche (depuis 2012).",
        "Le réseau BRIO détient le label Or (depuis le 7 février 2020).",
        "Le réseau BRIO coordonne le consortium EUROBANK (depuis 2015).",
        "Le réseau BRIO compte parmi ses membres la plateforme Gauche (depuis 2018).",
        f"{UNSURE}, le réseau BRIO assure la promotion de l’essai « Froid ».",
        "Le réseau BRIO a donné naissance à la start-up Tiny (depuis 2021).",
    ]
    assert told(biobank, language="en")[1:4] == [
        "BRIO is supervised by Ministère de la recherche (since 2012).",
        "BRIO holds the Label Or (since 7 February 2020).",
        "BRIO coordinates EUROBANK (since 2015).",
    ]


def test_trials_of_one_name_are_told_apart(biobank: Organisation) -> None:
    for registry, number in (("ISRCTN", "17"), ("EudraCT", "2006-1")):
        Trial(registry=registry, number=number, short_title_en="Cold", short_title_fr="Froid", sponsor=biobank).save()
    assert told(biobank)[1].endswith("de l’essai « Froid » (17) et de l’essai « Froid » (2006-1).")


def test_another_day_has_its_own_truth(biobank: Organisation) -> None:
    tie(organisation("left", "platform", "Gauche"), "member", biobank, "2018", "2020-06-30")
    assert told(biobank, dt.date(2009, 1, 1)) == []
    assert told(biobank, dt.date(2019, 1, 1))[1] == (
        "Le réseau BRIO compte parmi ses membres la plateforme Gauche (2018 – 30 juin 2020)."
    )
    assert told(biobank)[1] == "Le réseau BRIO n’a plus de membre que connaît le registre (fin : 30 juin 2020)."


def test_an_agreement_names_its_other_parties(biobank: Organisation) -> None:
    agreement = Agreement(key="agr", kind_en="Cooperation", kind_fr="Coopération", period_start="2024-07")
    agreement.save()
    others = (None, organisation("sea", "hospital", "Hôpital de la mer"))
    for place, party in enumerate((biobank, others[1])):
        AgreementParty(agreement=agreement, organisation=party, position=place).save()
    sentence = "Un accord (coopération), signé en juillet 2024, lie le réseau BRIO et l’Hôpital de la mer."
    assert told(biobank)[1] == sentence
    assert told(biobank, language="en")[1] == (
        "An agreement (cooperation), signed in July 2024, binds BRIO and Hôpital de la mer."
    )
    AgreementParty(agreement=agreement, text="une ville", position=2).save()
    assert told(biobank)[1].endswith("lie le réseau BRIO, l’Hôpital de la mer et d’autres parties.")


def test_an_event_is_told_in_the_year_before_it_and_after(biobank: Organisation) -> None:
    Event(
        key="day", name="Journée", kind_en="day", organiser=biobank, period_start="2027-03-02", period_end="2027-03-02"
    ).save()
    assert told(biobank, dt.date(2025, 1, 1))[1:] == []
    assert told(biobank)[1:] == ["Le réseau BRIO organise « Journée » (2 mars 2027)."]
    assert told(biobank, dt.date(2027, 4, 1))[1:] == ["Le réseau BRIO a organisé « Journée » (2 mars 2027)."]


def test_a_long_list_names_the_first_and_counts_the_others(biobank: Organisation) -> None:
    for number in range(15):
        tie(biobank, "member", organisation(f"n{number}", "network", f"N{number:02}"), "2020")
    sentence = told(biobank)[1]
    assert sentence.startswith("Le réseau BRIO est membre du réseau N00 (depuis 2020), du réseau N01 (depuis 2020),")
    assert sentence.endswith("et de 3 autres.")


def test_a_fact_that_the_reader_may_not_see_is_not_told(biobank: Organisation) -> None:
    tie(biobank, "member", organisation("hidden", "network", "Caché", visibility="organisation"), "2020")
    assert told(biobank) == ["Le réseau BRIO existe depuis 2010."]
