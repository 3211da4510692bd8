"""Checks of a sentence by itself: both languages, and a binding for each variable."""

from collections.abc import Mapping

from maillage.publishing.sentence_syntax import SentenceSyntaxError
from maillage.publishing.sentence_templates import END_VARIABLE, template_variables
from maillage.publishing.sentences import SENTENCE_LANGUAGES, VARIANTS, Sentence

TEMPLATE_NAMES = [f"{variant}{language}" for variant in VARIANTS for language in SENTENCE_LANGUAGES]


def check_languages(templates: Mapping[str, str]) -> None:
    """Raise `SentenceSyntaxError` for a template that is there in one language only."""
    for name in SENTENCE_LANGUAGES:
        if not templates.get(name):
            raise SentenceSyntaxError(f"“{name}” is missing; a sentence is told in both languages")
    for variant in VARIANTS[1:]:
        if (f"{variant}fr" in templates) != (f"{variant}en" in templates):
            raise SentenceSyntaxError(f"“{variant}fr” and “{variant}en” go together; add the missing one")


def check_variables(sentence: Sentence) -> None:
    """Raise `SentenceSyntaxError` for a variable without a binding, and for a binding that no template uses."""
    used: set[str] = set()
    for name, template in sentence.templates.items():
        unbound = (
            template_variables(template)
            - sentence.binds.keys()
            - ({END_VARIABLE} if name.startswith("ended_") else set())
        )
        if unbound:
            raise SentenceSyntaxError(f"“{{{min(unbound)}}}” of “{name}” is bound to nothing; add it to “bind”")
        used |= template_variables(template)
    idle = sentence.binds.keys() - used
    if idle:
        raise SentenceSyntaxError(f"“{min(idle)}” of “bind” is used in no text; use it or remove it")
