"""What a sentence that is being written would say on a day, in each language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation

from maillage.core.actors import Actor
from maillage.publishing.bindings import UnboundVariableError
from maillage.publishing.models import Statement
from maillage.publishing.pieces import plain_text
from maillage.publishing.references import resolve_references
from maillage.publishing.sentence_syntax import SentenceSyntaxError, parse_binding
from maillage.publishing.sentences import SENTENCE_LANGUAGES, parse_sentence
from maillage.publishing.statement_evaluation import EvaluatedStatement, evaluate_statement


@dataclass(frozen=True, slots=True)
class PreviewedSentence:
    """A sentence on the day in one language; it is not shown if its facts have not begun, or if it has a fault."""

    language: str
    evaluated: EvaluatedStatement

    @property
    def fault(self) -> str:
        return self.evaluated.unbound


def preview_sentence(
    templates: Mapping[str, str], holds: object, bind: Mapping[str, object], *, actor: Actor, day: dt.date
) -> list[PreviewedSentence]:
    """A sentence on a day as the actor would read it, in each language."""
    statement = Statement(number=0, sentence=dict(templates), holds=holds, bind=dict(bind))
    try:
        refs = parse_sentence(templates, holds, bind).refs()
    except SentenceSyntaxError:
        refs = set()
    resolved = resolve_references(refs, [], day=day, actor=actor)
    previews = []
    for language in SENTENCE_LANGUAGES:
        with translation.override(language):
            previews.append(PreviewedSentence(language, evaluate_statement(statement, resolved)))
    return previews


def describe_binding(form: object, *, actor: Actor, day: dt.date) -> str:
    """The value that a form of `bind` gives on a day, in the reader's language; empty if it gives none."""
    try:
        binding = parse_binding(form)
        refs = (*binding.required_references, *binding.optional_references)
        value = binding.value(resolve_references(refs, [], day=day, actor=actor))
    except (SentenceSyntaxError, UnboundVariableError):
        return ""
    return plain_text(value.pieces)


def describe_condition(form: object, *, actor: Actor, day: dt.date) -> list[str]:
    """The facts of a form of `holds` in words, those that the actor sees."""
    try:
        sentence = parse_sentence({}, form, {})
    except SentenceSyntaxError:
        return []
    resolved = resolve_references(sentence.refs(), [], day=day, actor=actor)
    records = [record for ref in sorted(sentence.required_references(), key=str) for record in resolved.records_of(ref)]
    return [str(record) for record in records]
