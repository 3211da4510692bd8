"""The mark of a sentence: how certain it is, computed from the sources of the statement and of its facts.

docs/statements.md gives the rule in words, and where it differs from the status in the file of statements.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.core.certainty import CERTAINTY_EXPLANATIONS, CertaintyLevel, Evidence
from maillage.core.models import Citation, Stance
from maillage.publishing.models import Statement
from maillage.publishing.phases import FactPhase
from maillage.publishing.references import Reference, ResolvedReferences
from maillage.publishing.rows import CHECK_PROPERTY
from maillage.publishing.statement_evaluation import EvaluatedStatement
from maillage.register.models import Organisation


@dataclass(frozen=True, slots=True)
class SentenceMark:
    """The certainty of a sentence, and why."""

    standing: CertaintyLevel
    why: str


def sentence_mark(evaluated: EvaluatedStatement, resolved: ResolvedReferences, *, today: dt.date) -> SentenceMark:
    """The mark of a shown sentence.

    An open contradiction about it or about what it depends on comes first; then time, if its facts have ended, are not
    sure on the day, or a source dates it; then who supports it.
    """
    asserted = [resolved.evidence_of(state.fact) for state in evaluated.states if state.asserted]
    evidence = [resolved.evidence_of(evaluated.statement), *asserted]
    stances = {citation.stance for record_evidence in evidence for citation in record_evidence.citations}
    disputed = any(contradiction.is_open for contradiction in evaluated.contradictions(resolved))
    if disputed or any(record_evidence.is_disputed() for record_evidence in evidence):
        return _explained_mark(CertaintyLevel.CONTRADICTED)
    if evaluated.phase is FactPhase.ENDED:
        return SentenceMark(CertaintyLevel.DATED, _("What it says had ended by the day read."))
    if evaluated.phase is FactPhase.UNSURE:
        return SentenceMark(
            CertaintyLevel.DATED, _("Its dates are not known well enough to be sure of it on the day read.")
        )
    if Stance.DATES in stances:
        return SentenceMark(CertaintyLevel.DATED, _("A source says that it was true at another time."))
    return _explained_mark(_combined_standing(evidence, party_domains(evaluated, resolved), today))


def _explained_mark(standing: CertaintyLevel) -> SentenceMark:
    return SentenceMark(standing, str(CERTAINTY_EXPLANATIONS[standing]))


def _combined_standing(evidence: list[Evidence], own: set[str], today: dt.date) -> CertaintyLevel:
    """The certainty from sources of the whole sentence, or of each of the facts that it asserts.

    A sentence is confirmed by a source for it, or by sources for every fact it states; sources for some of the facts
    confirm it in part.
    """
    whole, *facts = [_standing_of_evidence(record_evidence, own, today) for record_evidence in evidence]
    if whole is CertaintyLevel.CONFIRMED or (facts and set(facts) == {CertaintyLevel.CONFIRMED}):
        return CertaintyLevel.CONFIRMED
    if whole is CertaintyLevel.PARTLY or {CertaintyLevel.CONFIRMED, CertaintyLevel.PARTLY} & set(facts):
        return CertaintyLevel.PARTLY
    return facts[0] if whole is CertaintyLevel.UNSOURCED and facts else whole


def _standing_of_evidence(evidence: Evidence, own: set[str], today: dt.date) -> CertaintyLevel:
    """The certainty that citations give; disputing sources were weighed before, property by property."""
    citations = [citation for citation in evidence.citations if citation.stance != Stance.DISPUTES]
    return Evidence(citations).certainty_level(own=_own_cited_domains(citations, own), today=today)


def _own_cited_domains(citations: Iterable[Citation], own: set[str]) -> set[str]:
    """The cited domains that are those of the parties, or below them."""
    cited = {citation.source.domain for citation in citations}
    return {
        domain
        for domain in cited
        if any(domain == own_domain or domain.endswith(f".{own_domain}") for own_domain in own)
    }


def party_domains(evaluated: EvaluatedStatement, resolved: ResolvedReferences) -> set[str]:
    """The cited domains of the parties: whoever makes the claim, and the organisations that the statement is about.

    The authority of a label is no party to who holds it, but a witness.
    """
    claimed = {
        c.source.domain for c in resolved.evidence_of(evaluated.statement).citations if c.property != CHECK_PROPERTY
    }
    about = [record for ref in subject_references(evaluated.statement) for record in resolved.records_of(ref)]
    witnesses = {label.authority_id for label in about if not isinstance(label, Organisation)}
    parties = {record.pk for record in about if isinstance(record, Organisation)} - witnesses
    return claimed | {domain for party in parties for domain in resolved.own_domains.get(party, ())}


def subject_references(statement: Statement) -> list[Reference]:
    """References to the organisations and labels that a statement is about."""
    return [Reference(name, (key,)) for name, key in statement.about if name in ("organisations", "labels")]
