"""Names of organisations within a sentence, with the article that French or English grammar asks for.

A French name takes the article of its first word where that is a common noun: *l’Université Paris Cité*. Its acronym
takes the same article (*le CNRS*), a name within it that noun (*l’institut OPALE*), and a name with an article of its
own keeps that. Any other name stands beside the noun of its kind, whose article is known: *le réseau X*.
"""

import enum
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from maillage.core import formats
from maillage.core.text import fold
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
class Noun:
    """A French noun with its gender."""

    text: str
    gender: str


MASCULINE, _FEMININE, _PLURAL = "m", "f", "p"

# The noun of each kind in French, with its gender.
_KINDS: Mapping[str, Noun] = {
    OrganisationKind.INSTITUTE: Noun("institut", MASCULINE),
    OrganisationKind.CONSORTIUM: Noun("consortium", MASCULINE),
    OrganisationKind.RESEARCH_UNIT: Noun("unité de recherche", _FEMININE),
    OrganisationKind.TEAM: Noun("équipe", _FEMININE),
    OrganisationKind.FEDERATION: Noun("fédération", _FEMININE),
    OrganisationKind.PLATFORM: Noun("plateforme", _FEMININE),
    OrganisationKind.COOPERATIVE_GROUP: Noun("groupe coopérateur", MASCULINE),
    OrganisationKind.NETWORK: Noun("réseau", MASCULINE),
    OrganisationKind.HOSPITAL: Noun("hôpital", MASCULINE),
    OrganisationKind.UNIVERSITY: Noun("université", _FEMININE),
    OrganisationKind.RESEARCH_ORGANISATION: Noun("organisme de recherche", MASCULINE),
    OrganisationKind.MINISTRY: Noun("ministère", MASCULINE),
    OrganisationKind.AGENCY: Noun("agence", _FEMININE),
    OrganisationKind.ASSOCIATION: Noun("association", _FEMININE),
    OrganisationKind.FOUNDATION: Noun("fondation", _FEMININE),
    OrganisationKind.FUND: Noun("fonds", MASCULINE),
    OrganisationKind.PROGRAMME: Noun("programme", MASCULINE),
    OrganisationKind.COMPANY: Noun("entreprise", _FEMININE),
    OrganisationKind.STARTUP: Noun("start-up", _FEMININE),
    OrganisationKind.INCUBATOR: Noun("incubateur", MASCULINE),
    OrganisationKind.INTERNATIONAL_CENTRE: Noun("centre", MASCULINE),
    OrganisationKind.FACILITY: Noun("infrastructure", _FEMININE),
    OrganisationKind.ARCHIVE: Noun("centre de documentation", MASCULINE),
    OrganisationKind.OTHER: Noun("organisation", _FEMININE),
}

# Common nouns, folded, with which French names begin, by gender. Some are written alike in English.
_NOUNS = {
    MASCULINE: (
        "bureau cancéropôle centre club collège comité commissariat conseil consortium département dispositif "
        "établissement fonds groupe groupement hôpital incubateur institut intergroupe laboratoire label ministère "
        "musée observatoire organisme pôle programme prix projet registre réseau secrétariat service syndicat"
    ),
    _FEMININE: (
        "académie agence alliance assistance association banque bibliothèque caisse chaire clinique cohorte commission "
        "communauté compagnie coopérative délégation direction école entreprise équipe faculté fédération filiale "
        "filière fondation infrastructure ligue maison plate-forme plateforme région société station structure unité "
        "université"
    ),
    _PLURAL: "centres comités groupes hospices hôpitaux instituts laboratoires",
}


def _noun_key(word: str) -> str:
    """A word as `_GENDERS` has it: only its first letter may lack an accent, since others tell French from English."""
    return fold(word[:1]) + word[1:].lower()


_GENDERS = {_noun_key(word): gender for gender, words in _NOUNS.items() for word in words.split()}
# Acronyms that are common nouns.
_ACRONYMS = {
    **dict.fromkeys(
        ["CH", "CHI", "CHR", "CHRU", "CHU", "CLCC", "CRB", "CRLCC", "GHT", "GHU", "GIE", "GIP", "IHU"], MASCULINE
    ),
    **dict.fromkeys(["EA", "SATT", "UMR", "UMS"], _FEMININE),
}
_ACRONYM = re.compile(r"[A-ZÉ][\w-]*")
# The article with which a name itself begins, and kinds whose names are brands, in which it stays as it is.
_OWN_ARTICLE = re.compile(r"(?:Le |La |Les |L[’'])(?=\w)")
_BRANDS = (OrganisationKind.COMPANY, OrganisationKind.STARTUP)
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
ENGLISH_PREPOSITIONS = {Form.PLAIN: "", Form.THE: "", Form.OF: "of ", Form.TO: "to ", Form.START: ""}
# An English name takes an article if it is a description: “University of X”, but not “X University”.
_DESCRIPTION = re.compile(
    r"^(?!the )(.*\b(academy|agency|alliance|association|bank|cent(er|re)|club|college|committee|council|department|"
    r"directorate general|faculty|federation|foundation|fund|group|initiative|institute|intergroup|league|ministry|"
    r"national|network|office|programme|register|school|secretariat|society|union|unit|university)\b.* "
    r"(of|for|on|against)\b|(european|french|general|international|national|swiss) .*\b(agency|association|authority|"
    r"cent(er|re)|commission|committees?|establishment|federation|foundation|group|initiative|institute|network|office|"
    r"organi[sz]ation|school|society)\b)"
)


def organisation_phrase(organisation: Organisation, form: Form, text: str = "") -> str:
    """The name of an organisation, or another text for it, in a form.

    At the beginning of a sentence, whose verb is singular, a plural name stands beside the noun of its kind.
    """
    name = text or str(organisation)
    before, rest = phrase_parts(organisation, name, form)
    return _beside_kind(organisation, form) + name if before == _ARTICLES[Form.START][-1] else before + rest


def phrase_parts(organisation: Organisation, text: str, form: Form) -> tuple[str, str]:
    """The words before the name of an organisation in a form, and the name."""
    if form is Form.PLAIN:
        return "", text
    if formats.language() != "fr":
        the = "The " if form is Form.START else "the "
        return ENGLISH_PREPOSITIONS[form] + (the if _DESCRIPTION.search(text.lower()) else ""), text
    if (own := _OWN_ARTICLE.match(text)) and organisation.kind not in _BRANDS:
        place = _ARTICLES[Form.START].index(own[0].replace("'", "’"))
        return _ARTICLES[form][place], text[own.end() :]
    gender = _gender(text)
    return article(text, gender, form) if gender else _before_proper_name(organisation, text, form), text


def _before_proper_name(organisation: Organisation, text: str, form: Form) -> str:
    """What stands before a French name that is no common noun: by its whole name, else by its kind."""
    name = str(organisation)
    gender = _gender(name)
    if gender and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", name):
        first = _first_word(name)
        return _beside(Noun(first if first.isupper() else first[:1].lower() + first[1:], gender), form)
    if gender and _is_acronym_of(text, name):
        return article(text, gender, form)
    return _beside_kind(organisation, form)


def _first_word(text: str) -> str:
    return re.split(r"[\s’',]", text, maxsplit=1)[0]


def _gender(text: str) -> str:
    """The gender of the common noun with which a French name begins; empty for other names."""
    first = _first_word(text)
    return _ACRONYMS.get(first, "") or ("" if first.isupper() else _GENDERS.get(_noun_key(first), ""))


def _is_acronym_of(text: str, name: str) -> bool:
    return bool(_ACRONYM.fullmatch(text)) and fold(text[0]) == fold(name[0])


def _beside_kind(organisation: Organisation, form: Form) -> str:
    return _beside(_KINDS.get(organisation.kind, _KINDS[OrganisationKind.OTHER]), form)


def _beside(noun: Noun, form: Form) -> str:
    return f"{article(noun.text, noun.gender, form)}{noun.text} "


Named = Organisation | Collection[Organisation]
# What stands before a name in a message: a preposition that merges with its article, or what leaves it bare.
_BEFORE: tuple[tuple[re.Pattern[str], Form], ...] = (
    (re.compile(r"(^|[.!?…][ \u00a0\n])$"), Form.START),
    (re.compile(r"(^|(?<=[\s(]))(de|of) $", re.IGNORECASE), Form.OF),
    (re.compile(r"(^|(?<=[\s(]))(à|to) $", re.IGNORECASE), Form.TO),
    (re.compile(r"([(«“:,·–/—]|network|label|réseau)[ \u00a0\u202f]?$", re.IGNORECASE), Form.PLAIN),
)
_PLACE = re.compile(r"%(?:\((\w+)\))?s")


def say(message: str, organisation: Named | None = None, *, short: bool = False, **values: object) -> str:
    """A translated message with its values, in which organisations take the article that their place asks for.

    “%(organisation)s a répondu.” becomes “L’institut X a répondu.”, and “de %(organisation)s” “du réseau Y”; a plain
    `%s` is `organisation`, and a collection becomes an enumeration. With `short`, they go by their short names.
    """
    text, end = "", 0
    for place in _PLACE.finditer(message):
        text += message[end : place.start()]
        value = values.get(place[1], organisation) if place[1] else organisation
        text = _with_value(text, value, short)
        end = place.end()
    return text + message[end:].replace("%%", "%")


def _with_value(before: str, value: object, short: bool) -> str:
    several = list(value) if isinstance(value, list | tuple | QuerySet) else [value]
    named = [one for one in several if isinstance(one, Organisation)]
    if not named:
        return f"{before}{value}"
    form, before = _form_after(before)
    return before + formats.enumeration(
        organisation_phrase(one, form, one.short_name if short else "") for one in named
    )


def _form_after(before: str) -> tuple[Form, str]:
    """The form that a name takes after these words, and the words without the preposition that it takes in."""
    for pattern, form in _BEFORE:
        if found := pattern.search(before):
            takes_in = form in (Form.OF, Form.TO)
            return form, before[: found.start()] if takes_in else before
    return Form.THE, before


def article(word: str, gender: str, form: Form) -> str:
    """The French article before a word, with the preposition of the form."""
    masculine, feminine, elided, plural = _ARTICLES[form]
    if gender == _PLURAL:
        return plural
    if begins_with_vowel(word):
        return elided
    return feminine if gender == _FEMININE else masculine


def begins_with_vowel(word: str) -> bool:
    """Whether a French article is elided before a word."""
    folded = fold(word)
    return folded.startswith(_VOWELS) or (folded.startswith("h") and not _ASPIRATED.match(folded))
