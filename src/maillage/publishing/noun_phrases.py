"""Names of records within a sentence of a page, as pieces: organisations, labels and trials."""

import re

from maillage.clinical.models import Trial
from maillage.core import formats
from maillage.core.addresses import AddressedRecord
from maillage.core.text import fold
from maillage.labels.models import Label
from maillage.publishing.pieces import Piece, TextPiece, record_link
from maillage.register.models import Organisation
from maillage.register.noun_phrases import (
    ENGLISH_PREPOSITIONS,
    MASCULINE,
    Form,
    Noun,
    article,
    begins_with_vowel,
    phrase_parts,
)

_LABEL, _TRIAL = Noun("label", MASCULINE), Noun("essai", MASCULINE)


def named_pieces(record: AddressedRecord, text: str, form: Form) -> tuple[Piece, ...]:
    """The pieces of a record's name in a form: the words before it, and the link."""
    before, name, after = _phrase(record, text, form)
    pieces = (TextPiece(before), record_link(record, name), TextPiece(after))
    return tuple(piece for piece in pieces if piece.text)


def others_in_form(words: str, form: Form) -> str:
    """`4 others`, as the last item of an enumeration in a form: in French the preposition is repeated."""
    prepositions = {Form.OF: "de ", Form.TO: "à "} if formats.language() == "fr" else {}
    return prepositions.get(form, "") + words


def _phrase(record: object, text: str, form: Form) -> tuple[str, str, str]:
    if form is Form.PLAIN:
        return "", text, ""
    if isinstance(record, Organisation):
        return *phrase_parts(record, text, form), ""
    return _french(record, text, form) if formats.language() == "fr" else _english(record, text, form)


def _french(record: object, text: str, form: Form) -> tuple[str, str, str]:
    first = re.split(r"[\s’']", text, maxsplit=1)[0]
    if isinstance(record, Label) and fold(first) == _LABEL.text:
        return article(first, _LABEL.gender, form), text[:1].lower() + text[1:], ""
    noun = _LABEL if isinstance(record, Label) else _TRIAL if isinstance(record, Trial) else None
    if noun is None:
        return _preposition_of_name(text, form), text, ""
    return f"{article(noun.text, noun.gender, form)}{noun.text} «\u00a0", text, "\u00a0»"


def _preposition_of_name(name: str, form: Form) -> str:
    """The preposition before a name whose gender is unknown: no article, but elision."""
    if form is Form.OF:
        return "d’" if begins_with_vowel(name) else "de "
    return "à " if form is Form.TO else ""


def _english(record: object, text: str, form: Form) -> tuple[str, str, str]:
    preposition = ENGLISH_PREPOSITIONS[form]
    the = "The " if form is Form.START else "the "
    if isinstance(record, Trial):
        return f"{preposition}{the}trial “", text, "”"
    if isinstance(record, Label):
        quotes = ("", "") if re.search(r"\blabel\b", text, re.IGNORECASE) else ("label “", "”")
        return f"{preposition}{the}{quotes[0]}", text, quotes[1]
    return preposition, text, ""
