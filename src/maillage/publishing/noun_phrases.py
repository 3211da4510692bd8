"""Names of records within a sentence, with the article that French or English grammar asks for.

A French name takes the article of its first word where that is a common noun: *l’Université Paris Cité*. Any other name
stands beside the noun of its kind, whose article is known: *le réseau X*, *l’unité de recherche Y*.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from maillage.clinical.models import Trial
from maillage.core import formats
from maillage.core.text import fold
from maillage.labels.models import Label
from maillage.publishing.pieces import Piece, TextPiece, record_link
from maillage.register.models import Organisation
from maillage.register.vocabulary import OrganisationKind


class Form(enum.Enum):
    """How a name stands in a sentence: bare, with its article, or after a preposition."""

    PLAIN = ""
    THE = "the"
    OF = "of"
    TO = "to"
    # With its article, at the beginning of a sentence.
    START = "start"


@dataclass(frozen=True, slots=True)
class _Noun:
    text: str
    gender: str


_MASCULINE, _FEMININE, _PLURAL = "m", "f", "p"

# The noun of each kind in French, with its gender.
_KINDS: Mapping[str, _Noun] = {
    OrganisationKind.INSTITUTE: _Noun("institut", _MASCULINE),
    OrganisationKind.CONSORTIUM: _Noun("consortium", _MASCULINE),
    OrganisationKind.RESEARCH_UNIT: _Noun("unité de recherche", _FEMININE),
    OrganisationKind.PLATFORM: _Noun("plateforme", _FEMININE),
    OrganisationKind.COOPERATIVE_GROUP: _Noun("groupe coopérateur", _MASCULINE),
    OrganisationKind.NETWORK: _Noun("réseau", _MASCULINE),
    OrganisationKind.HOSPITAL: _Noun("hôpital", _MASCULINE),
    OrganisationKind.UNIVERSITY: _Noun("université", _FEMININE),
    OrganisationKind.RESEARCH_ORGANISATION: _Noun("organisme de recherche", _MASCULINE),
    OrganisationKind.MINISTRY: _Noun("ministère", _MASCULINE),
    OrganisationKind.AGENCY: _Noun("agence", _FEMININE),
    OrganisationKind.ASSOCIATION: _Noun("association", _FEMININE),
    OrganisationKind.FOUNDATION: _Noun("fondation", _FEMININE),
    OrganisationKind.FUND: _Noun("fonds", _MASCULINE),
    OrganisationKind.PROGRAMME: _Noun("programme", _MASCULINE),
    OrganisationKind.COMPANY: _Noun("entreprise", _FEMININE),
    OrganisationKind.STARTUP: _Noun("start-up", _FEMININE),
    OrganisationKind.INCUBATOR: _Noun("incubateur", _MASCULINE),
    OrganisationKind.INTERNATIONAL_CENTRE: _Noun("centre", _MASCULINE),
    OrganisationKind.FACILITY: _Noun("infrastructure", _FEMININE),
    OrganisationKind.ARCHIVE: _Noun("centre de documentation", _MASCULINE),
    OrganisationKind.OTHER: _Noun("organisation", _FEMININE),
}
_LABEL, _TRIAL = _Noun("label", _MASCULINE), _Noun("essai", _MASCULINE)

# Common nouns, folded, with which French names begin, by gender. Some are written alike in English.
_NOUNS = {
    _MASCULINE: (
        "bureau cancéropôle centre club collège comité conseil consortium département dispositif établissement fonds "
        "groupe groupement hôpital incubateur institut intergroupe laboratoire label ministère musée observatoire "
        "organisme pôle programme prix projet registre réseau secrétariat service syndicat"
    ),
    _FEMININE: (
        "académie agence alliance assistance association banque bibliothèque caisse chaire clinique cohorte commission "
        "communauté compagnie coopérative délégation direction école entreprise équipe faculté fédération filiale "
        "filière fondation infrastructure ligue maison plate-forme plateforme région société station structure unité "
        "université"
    ),
    _PLURAL: "centres hospices hôpitaux instituts laboratoires",
}
_GENDERS = {fold(word): gender for gender, words in _NOUNS.items() for word in words.split()}
# Words that begin with an h that forbids elision.
_ASPIRATED = re.compile(r"(haut|hall|hub|handicap|hors|huit|hong|holland)")
_VOWELS = tuple("aeiou")

_ARTICLES = {
    # form: masculine, feminine, before a vowel, plural
    Form.PLAIN: ("", "", "", ""),
    Form.THE: ("le ", "la ", "l’", "les "),
    Form.OF: ("du ", "de la ", "de l’", "des "),
    Form.TO: ("au ", "à la ", "à l’", "aux "),
    Form.START: ("Le ", "La ", "L’", "Les "),
}
_ENGLISH = {Form.PLAIN: "", Form.THE: "", Form.OF: "of ", Form.TO: "to ", Form.START: ""}
# An English name takes an article if it is a description: “University of X”, but not “X University”.
_DESCRIPTION = re.compile(
    r"\b(academy|agency|alliance|association|bank|cent(er|re)|club|college|committee|council|department|faculty|"
    r"federation|foundation|fund|group|institute|league|ministry|national|network|office|programme|register|school|"
    r"society|union|unit|university)\b.* (of|for|on|against)\b"
)


def named_pieces(record: Any, text: str, form: Form) -> tuple[Piece, ...]:
    """The pieces of a record's name in a form: the words before it, and the link."""
    before, name, after = _phrase(record, text, form)
    pieces = (TextPiece(before), record_link(record, name), TextPiece(after))
    return tuple(piece for piece in pieces if piece.text)


def plain_phrase(record: Any, text: str, form: Form) -> str:
    """A record's name in a form as plain text."""
    return "".join(_phrase(record, text, form))


def others_in_form(words: str, form: Form) -> str:
    """`4 others`, as the last item of an enumeration in a form: in French the preposition is repeated."""
    prepositions = {Form.OF: "de ", Form.TO: "à "} if formats.language() == "fr" else {}
    return prepositions.get(form, "") + words


def _phrase(record: Any, text: str, form: Form) -> tuple[str, str, str]:
    if form is Form.PLAIN:
        return "", text, ""
    return _french(record, text, form) if formats.language() == "fr" else _english(record, text, form)


def _french(record: Any, text: str, form: Form) -> tuple[str, str, str]:
    first = re.split(r"[\s’']", text, maxsplit=1)[0]
    if isinstance(record, Label) and fold(first) == _LABEL.text:
        return _article(first, _LABEL.gender, form), text[:1].lower() + text[1:], ""
    gender = _GENDERS.get(fold(first))
    if isinstance(record, Organisation) and gender and not first.isupper():
        return _article(text, gender, form), text, ""
    noun = _noun(record)
    if noun is None:
        return _article_of_name(text, form), text, ""
    quotes = ("", "") if isinstance(record, Organisation) else ("«\u00a0", "\u00a0»")
    return f"{_article(noun.text, noun.gender, form)}{noun.text} {quotes[0]}", text, quotes[1]


def _noun(record: Any) -> _Noun | None:
    if isinstance(record, Organisation):
        return _KINDS.get(record.kind, _KINDS[OrganisationKind.OTHER])
    return _LABEL if isinstance(record, Label) else _TRIAL if isinstance(record, Trial) else None


def _article(word: str, gender: str, form: Form) -> str:
    masculine, feminine, elided, plural = _ARTICLES[form]
    if gender == _PLURAL:
        return plural
    if _begins_with_vowel(word):
        return elided
    return feminine if gender == _FEMININE else masculine


def _article_of_name(name: str, form: Form) -> str:
    """The preposition before a name whose gender is unknown: no article, but elision."""
    if form is Form.OF:
        return "d’" if _begins_with_vowel(name) else "de "
    return "à " if form is Form.TO else ""


def _begins_with_vowel(word: str) -> bool:
    folded = fold(word)
    return folded.startswith(_VOWELS) or (folded.startswith("h") and not _ASPIRATED.match(folded))


def _english(record: Any, text: str, form: Form) -> tuple[str, str, str]:
    preposition = _ENGLISH[form]
    article = "The " if form is Form.START else "the "
    if isinstance(record, Trial):
        return f"{preposition}{article}trial “", text, "”"
    if isinstance(record, Label):
        quotes = ("", "") if re.search(r"\blabel\b", text, re.IGNORECASE) else ("label “", "”")
        return f"{preposition}{article}{quotes[0]}", text, quotes[1]
    described = isinstance(record, Organisation) and _DESCRIPTION.search(text.lower())
    return preposition + (article if described else ""), text, ""
