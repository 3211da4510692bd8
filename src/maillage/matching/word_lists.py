"""Words that are no subject, and spellings that differ without a difference in meaning.

Three small closed lists, written for this field:

- stop words of each language, which are dropped before comparison and from which the language of a text is detected;
  the letters I and T are not among them, since they name phases and T cells;
- filler words, the common ground of every request for research ("project", "innovation", "Europe"), which are
  parsed, but may neither cause a match nor be reported as uncovered;
- irregular forms that a suffix stemmer leaves apart ("essai" and "essais").
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """The two languages of the network, by their ISO 639-1 codes."""

    FR = "fr"
    EN = "en"

    @property
    def other(self) -> Language:
        """The other language of the two."""
        return Language.EN if self is Language.FR else Language.FR


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS: Final[dict[Language, frozenset[str]]] = {
    Language.FR: _words(
        """a à afin ai ainsi alors apres après as au aucun aucune auquel aussi autre autres aux avant avec avez avoir
        avons ayant c ça car ce ceci cela celle celles celui cependant ces cet cette ceux chacun chaque chez ci
        comme comment contre d dans de depuis des desquels dès deux devra devrait doit doivent donc dont du duquel
        durant elle elles en encore entre es est et étaient était été être eu eux fait faire faut grâce hors ici il
        ils j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais me
        même mêmes mes moins mon n ne ni non nos notre nous on ont ou où par parmi pas pendant peu peut peuvent plus
        plusieurs pour pourquoi près puis qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera
        seront ses si soit son sont sous souvent sur ta tant te tel telle telles tels tes ton tous tout toute toutes
        très trop tu un une vers via voici voire vos votre vous y"""
    ),
    Language.EN: _words(
        """a about above across after against all along also although am among an and any are as at be because been
        before being below between both but by can cannot could did do does doing done down during each either else
        ever every few for from further had has have having he hence her here him his how however if in into is it
        its itself just least less may me might more most much must my neither no nor not now of off often on once
        only or other others our out over own per perhaps quite rather s same shall she should since so some still
        such than that the their them then there these they this those though through thus to too toward towards
        under until up upon us very via was we well were what when where whether which while who whom whose why will
        with within without would yet you your"""
    ),
}

# Stop words of both languages ("a", "on", "me") do not distinguish them.
DISTINCTIVE_WORDS: Final[dict[Language, frozenset[str]]] = {
    language: words - STOP_WORDS[language.other] for language, words in STOP_WORDS.items()
}

# The commonest words of neighbouring languages, including those that French or English share: enough to detect that a
# text is in neither of the two supported languages.
FOREIGN_WORDS: Final[dict[str, frozenset[str]]] = {
    "de": _words(
        "der die das und ist nicht mit für eine einen ein wir auf dem den des von zu im in sich auch als bei an"
    ),
    "es": _words("el la los las un una de del que en y para con por se es no como más sus su al lo o a entre sobre"),
    "it": _words("il lo la i gli le un una di del della dei che in e per con non si è come più da al sono nel tra a"),
    "nl": _words("de het een van en in is dat op te voor met zijn niet wij naar bij of om aan er ook die als door"),
    "pt": _words("o a os as um uma de do da dos das que em e para com por não se é no na como mais ao sobre entre"),
    "pl": _words("i w na z do się nie jest to dla oraz od po przez jak o za lub są być może który które"),
}


FILLER_WORDS: Final[frozenset[str]] = _words(
    """project projects projet projets research recherche recherches researcher chercheur chercheurs develop
    development developing développement développer innovation innovations innovative innovant innovante europe
    european européen européenne européens union eu ue member states national nationale international internationale
    new nouveau nouvelle nouveaux nouvelles support soutien appui need needs besoin besoins seek seeking look looking
    find search cherchons cherche chercher recherchons souhaitons souhaite voulons want wish partner partners
    partnership partnerships partenaire partenaires partenariat partenariats propose proposal proposals proposons
    proposition work works working travail travaux activity activities activité activités action actions result
    results résultat résultats expected outcome impact impacts objective objectives objectif objectifs scope aim aims
    goal but use using used user users utiliser utilisation usage approach approaches approche approches method
    methods méthode méthodes solution solutions system systems système systèmes service services provide provided
    providing include including relevant based particular specific key important based bien good great
    high low large small level best better area areas field fields domaine
    domaines sector secteur company companies entreprise entreprises
    society société public private publique privé team teams équipe équipes people person year years année années
    month mois day days time process programme program programmes cost costs budget funding fund financement
    call appel help aide aider access accès available set build building made make take give one two three first
    second deux trois premier première etc eg ie g e valid valider validate conduct conduire concevoir design
    contribute contribution address ensure enable improve improving increase promote implement implementation"""
)

# French words in -s that are no plural.
INVARIABLE_FORMS: Final[frozenset[str]] = _words("univers divers travers envers")

IRREGULAR_FORMS: Final[dict[Language, dict[str, str]]] = {
    Language.FR: {
        # Patients, whose stem is else that of "maladie".
        "malade": "patient",
        "malades": "patient",
        "essais": "essai",
        "délais": "délai",
        "divers": "diverse",
        "emplois": "emploi",
        "parois": "paroi",
        "vivantes": "vivant",
        "yeux": "oeil",
    },
    Language.EN: {
        "tumour": "tumor",
        "tumours": "tumor",
        "centre": "center",
        "centres": "centers",
        "mice": "mouse",
        "leukemic": "leukemia",
        "data": "data",
        "smes": "sme",
        "licence": "license",
        "programme": "program",
        "programmes": "program",
    },
}
