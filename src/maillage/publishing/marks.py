"""The mark of a told sentence: how sure one may be of it, computed from who says what of it and of its facts.

docs/statements.md gives the rule in words, and where it differs from the status that the file of statements carries.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.kernel.certainty import EXPLANATIONS, Evidence, Standing
from maillage.kernel.models import Citation, Stance, domain_of
from maillage.publishing.loaders import CHECK
from maillage.publishing.models import Statement
from maillage.publishing.phases import Phase
from maillage.publishing.references import Found, Ref
from maillage.publishing.truth import Told
from maillage.register.models import Organisation


@dataclass(frozen=True, slots=True)
class Mark:
    """The standing of a sentence, and why."""

    standing: Standing
    why: str


def mark_of(told: Told, found: Found, *, today: dt.date) -> Mark:
    """The mark of a told sentence.

    An open contradiction about it or about what it depends on comes first; then time, if its facts have ended, are not
    sure on the day read, or a source dates it; then who vouches for it.
    """
    asserted = [found.about(state.fact) for state in told.states if state.asserted]
    evidence = [found.about(told.statement), *asserted]
    stances = {citation.stance for one in evidence for citation in one.citations}
    disputed = any(contradiction.is_open for contradiction in told.contradictions(found))
    if disputed or any(one.denied() for one in evidence):
        return _mark(Standing.CONTRADICTED)
    if told.phase is Phase.ENDED:
        return Mark(Standing.DATED, _("What it says had ended by the day read."))
    if told.phase is Phase.UNSURE:
        return Mark(Standing.DATED, _("Its dates are not known well enough to be sure of it on the day read."))
    if Stance.DATES in stances:
        return Mark(Standing.DATED, _("A source says that it was true at another time."))
    return _mark(_vouched(evidence, own_domains(told, found), today))


def _mark(standing: Standing) -> Mark:
    return Mark(standing, str(EXPLANATIONS[standing]))


def _vouched(evidence: list[Evidence], own: set[str], today: dt.date) -> Standing:
    """Who vouches: for the sentence as a whole, or for each of the facts that it asserts.

    A sentence is confirmed by a source that says it, or by sources that say every fact it states; one that says some
    of them confirms it in part.
    """
    whole, *facts = [_alone(one, own, today) for one in evidence]
    if whole is Standing.CONFIRMED or (facts and set(facts) == {Standing.CONFIRMED}):
        return Standing.CONFIRMED
    if whole is Standing.PARTLY or {Standing.CONFIRMED, Standing.PARTLY} & set(facts):
        return Standing.PARTLY
    return facts[0] if whole is Standing.UNSOURCED and facts else whole


def _alone(evidence: Evidence, own: set[str], today: dt.date) -> Standing:
    """The standing that citations give; what speaks against it was weighed before, property by property."""
    citations = [citation for citation in evidence.citations if citation.stance != Stance.DISPUTES]
    return Evidence(citations).standing(own=_within(citations, own), today=today)


def _within(citations: Iterable[Citation], own: set[str]) -> set[str]:
    """The cited domains that belong to the bodies concerned: theirs, or a part of theirs."""
    cited = {citation.source.domain for citation in citations}
    return {domain for domain in cited if any(domain == one or domain.endswith(f".{one}") for one in own)}


def own_domains(told: Told, found: Found) -> set[str]:
    """The domains of the bodies concerned: the one that makes the claim, and those that the statement is about.

    The authority of a label is no party to who holds it, but its witness.
    """
    claimed = {c.source.domain for c in found.about(told.statement).citations if c.property != CHECK}
    about = [record for ref in about_refs(told.statement) for record in found.of(ref)]
    witnesses = {label.authority_id for label in about if not isinstance(label, Organisation)}
    parties = [one for one in about if isinstance(one, Organisation) and one.website and one.pk not in witnesses]
    return claimed | {domain_of(organisation.website) for organisation in parties}


def about_refs(statement: Statement) -> list[Ref]:
    """The organisations and labels that a statement is about."""
    return [Ref(name, (key,)) for name, key in statement.about if name in ("organisations", "labels")]
