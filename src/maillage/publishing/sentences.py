"""The sentence of a statement as one typed value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from maillage.core.json_types import Json
from maillage.publishing.bindings import Binding
from maillage.publishing.models import Statement
from maillage.publishing.references import Reference, ResolvedReferences
from maillage.publishing.sentence_syntax import (
    Condition,
    SentenceSyntaxError,
    SetCondition,
    fact_conditions,
    parse_binding,
    parse_condition,
)

SENTENCE_LANGUAGES = ("fr", "en")
_VARIABLE = re.compile(r"\{[^{}]*\}")
# The prefixes of templates for a fact that is true, has ended, or is not sure; the first is required.
VARIANTS = ("", "ended_", "unsure_")


def without_values(template: str) -> str:
    """A template with an ellipsis in the place of each variable."""
    return _VARIABLE.sub("…", template)


def is_written_here(statement: Statement) -> bool:
    """Whether the claim of a statement is its own sentence without values, and none that was read elsewhere."""
    sentence = statement.sentence.get("en", "")
    return bool(sentence) and statement.claim_en == without_values(sentence) != sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """The templates of a statement, the facts it needs, and the bindings of its variables."""

    templates: Mapping[str, str]
    holds: Condition
    binds: Mapping[str, Binding]

    def template(self, variant: str, language: str) -> str:
        """The template of a variant (`ended_`, `unsure_` or empty); empty where the sentence has none."""
        return self.templates.get(f"{variant}{language}", "")

    def required_references(self) -> set[Reference]:
        """The references that must resolve to a record."""
        refs = {ref for bind in self.binds.values() for ref in bind.required_references}
        for leaf in fact_conditions(self.holds):
            refs.update(leaf.records.about if isinstance(leaf, SetCondition) else {leaf.ref})
        return refs

    def refs(self) -> set[Reference]:
        """All references."""
        sets = {
            ref for leaf in fact_conditions(self.holds) if isinstance(leaf, SetCondition) for ref in leaf.records.sets
        }
        optional = {ref for bind in self.binds.values() for ref in bind.optional_references}
        return self.required_references() | sets | optional

    def has_facts(self, resolved: ResolvedReferences) -> bool:
        """Whether every fact that the sentence needs is there, on whatever day, and some fact of each set."""
        leaves = fact_conditions(self.holds)
        sets = [leaf.records for leaf in leaves if isinstance(leaf, SetCondition)]
        required = all(resolved.records_of(ref) for ref in self.required_references())
        return required and all(records.facts(resolved) for records in sets)


def parse_sentence(templates: Mapping[str, Json], holds: Json, bind: Json) -> Sentence:
    """A sentence from its three parts. Raises `SentenceSyntaxError`."""
    if not isinstance(bind or {}, dict):
        raise SentenceSyntaxError("“bind” must be a mapping of variables")
    try:
        binds = {str(name): parse_binding(form) for name, form in (bind or {}).items()}
        return Sentence(dict(templates), parse_condition(holds), binds)
    except (TypeError, RecursionError) as error:
        raise SentenceSyntaxError("a name, a key or a date in “bind” or “holds” must be a text") from error
