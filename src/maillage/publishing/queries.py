"""Reads the ecosystem page of an organisation: its sentences on a day, why each reads so, the changes between days."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby

from django.db.models import Model
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.certainty import STALE_AFTER, CertaintyLevel
from maillage.core.models import Citation, Contradiction
from maillage.publishing.bindings import Computation
from maillage.publishing.drafts import draft_statements
from maillage.publishing.models import Section, Statement
from maillage.publishing.phases import FactPhase
from maillage.publishing.references import Reference, ResolvedReferences, resolve_references
from maillage.publishing.sentence_marks import SentenceMark, sentence_mark, subject_references
from maillage.publishing.sentence_syntax import SentenceSyntaxError
from maillage.publishing.sentences import parse_sentence
from maillage.publishing.statement_evaluation import EvaluatedStatement, FactState, evaluate_statement
from maillage.register.models import Organisation
from maillage.register.noun_phrases import Form, organisation_phrase
from maillage.register.queries import shown_organisations


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence with its mark; the mark is `None` where the sentence is not shown."""

    evaluated: EvaluatedStatement
    mark: SentenceMark | None

    @property
    def number(self) -> int:
        return int(self.evaluated.statement.number)


@dataclass(slots=True)
class PageSection:
    """A section of the page: its sentences, and the statements whose values are missing, for officers."""

    section: Section
    sentences: list[MarkedSentence] = field(default_factory=list)
    faults: list[EvaluatedStatement] = field(default_factory=list)


@dataclass(slots=True)
class EcosystemPage:
    """The page of an organisation on a day, made `today`. `marked` has every statement, shown or not, by number.

    A draft is a page that nobody has edited: its sentences are written from the facts.
    """

    organisation: Organisation
    day: dt.date
    today: dt.date
    resolved: ResolvedReferences
    marked: dict[int, MarkedSentence]
    chapters: list[PageSection]
    is_draft: bool = False

    @property
    def name_in_title(self) -> str:
        """The name of the organisation as the title of the page asks: *L’écosystème **du consortium X***."""
        form = Form.OF if formats.language() == "fr" else Form.PLAIN
        return organisation_phrase(self.organisation, form, self.organisation.short_name)

    @property
    def empty_words(self) -> str:
        """What a page without a sentence says."""
        if self.day < self.today:
            return _("Nothing of this ecosystem had begun on that day, as far as the register knows.")
        return _("The register knows nothing of this ecosystem yet.")

    def counts(self) -> list[tuple[CertaintyLevel, int]]:
        """How many sentences have each mark, from the most to the least certain."""
        counted = Counter(marked.mark.standing for marked in self.marked.values() if marked.mark)
        return [(standing, counted[standing]) for standing in CertaintyLevel if counted[standing]]

    def mentions(self) -> list[Organisation]:
        """The organisations that the shown sentences are about, in the order of the page."""
        statements = [sentence.evaluated.statement for chapter in self.chapters for sentence in chapter.sentences]
        refs = dict.fromkeys(ref for statement in statements for ref in subject_references(statement))
        return [record for ref in refs if ref.kind == "organisations" for record in self.resolved.records_of(ref)]


def shown_ecosystems(actor: Actor) -> list[Organisation]:
    """The organisations whose ecosystem the site shows: those chosen, then those whose pages have sentences."""
    published = Section.objects.filter(statements__isnull=False).order_by("pk").values_list("organisation", flat=True)
    order = list(dict.fromkeys(published))
    visible = Organisation.objects.visible_to(actor).filter(merged_into=None).in_bulk(order)
    written = [visible[pk] for pk in order if pk in visible]
    return list(dict.fromkeys([*shown_organisations(actor=actor), *written]))


def get_ecosystem_page(organisation: Organisation, *, actor: Actor, day: dt.date, today: dt.date) -> EcosystemPage:
    """The page of an organisation on `day`; from `today` the age of sources is counted, and a day before it is past.

    The number of queries depends on the kinds of records that sentences are bound to, not on how many there are.
    """
    statements = _published_statements(organisation, actor)
    is_draft = not statements and not Section.objects.filter(organisation=organisation).exists()
    if is_draft:
        statements = draft_statements(organisation, actor)
    saved = [] if is_draft else statements
    resolved = resolve_references(_statement_references(statements), saved, day=day, actor=actor)
    marked = _marked_sentences(statements, resolved, today)
    chapters = [
        _page_section(section, rows, marked)
        for section, rows in groupby(statements, key=lambda statement: statement.section)
    ]
    filled = [chapter for chapter in chapters if chapter.sentences or chapter.faults]
    return EcosystemPage(organisation, day, today, resolved, marked, filled, is_draft)


def marked_sentences(
    statements: Collection[Statement], *, actor: Actor, day: dt.date, today: dt.date
) -> dict[int, MarkedSentence]:
    """Statements of any pages as they read on a day to this actor, by number."""
    if not statements:
        return {}
    resolved = resolve_references(_statement_references(statements), statements, day=day, actor=actor)
    return _marked_sentences(statements, resolved, today)


def _published_statements(organisation: Organisation, actor: Actor) -> list[Statement]:
    published = Statement.objects.visible_to(actor).filter(section__organisation=organisation)
    ordered = published.order_by("section__position", "section_id", "position", "number")
    return list(ordered.select_related("section"))


def _statement_references(statements: Iterable[Statement]) -> set[Reference]:
    refs: set[Reference] = set()
    for statement in statements:
        refs.update(subject_references(statement))
        try:
            refs |= parse_sentence(statement.sentence, statement.holds, statement.bind).refs()
        except SentenceSyntaxError:
            continue  # `evaluate_statement` reports it beside the sentence
    return refs


def _marked_sentences(
    statements: Iterable[Statement], resolved: ResolvedReferences, today: dt.date
) -> dict[int, MarkedSentence]:
    evaluated = (evaluate_statement(statement, resolved) for statement in statements)
    return {sentence.statement.number: _marked_sentence(sentence, resolved, today) for sentence in evaluated}


def _marked_sentence(evaluated: EvaluatedStatement, resolved: ResolvedReferences, today: dt.date) -> MarkedSentence:
    return MarkedSentence(evaluated, sentence_mark(evaluated, resolved, today=today) if evaluated.is_shown else None)


def _page_section(section: Section, statements: Iterable[Statement], marked: dict[int, MarkedSentence]) -> PageSection:
    rows = [marked[statement.number] for statement in statements]
    return PageSection(
        section, [row for row in rows if row.mark], [row.evaluated for row in rows if row.evaluated.unbound]
    )


@dataclass(frozen=True, slots=True)
class SentenceExplanation:
    """Why a sentence reads as it does: what was computed, the phases of its facts, who supports or disputes it."""

    number: int
    evaluated: EvaluatedStatement
    mark: SentenceMark | None
    computations: list[Computation]
    states: list[FactState]
    sources: list[tuple[Model, list[Citation]]]
    contradictions: list[Contradiction]


def explain_sentence(page: EcosystemPage, number: int) -> SentenceExplanation | None:
    """The explanation of a sentence of the page; `None` if there is no such statement."""
    marked = page.marked.get(number)
    if marked is None:
        return None
    evaluated = marked.evaluated
    sums = [value.computation for value in evaluated.values.values() if value.computation]
    about: list[Model] = [evaluated.statement, *(state.fact for state in evaluated.states if state.asserted)]
    sources = [(record, page.resolved.evidence_of(record).citations) for record in about]
    cited = [(record, citations) for record, citations in sources if citations]
    return SentenceExplanation(
        number, evaluated, marked.mark, sums, list(evaluated.states), cited, evaluated.contradictions(page.resolved)
    )


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence on two days; either side is empty where it is not shown."""

    number: int
    section: Section | None
    before: MarkedSentence
    after: MarkedSentence

    @property
    def kind(self) -> str:
        if not self.before.evaluated.is_shown:
            return "appeared"
        return "changed" if self.after.evaluated.is_shown else "disappeared"

    def words(self) -> list[tuple[str, str]]:
        """Both texts as runs of words: `same`, `gone` from the first, `new` in the second."""
        return list(_changed_words(self.before.evaluated.text.split(" "), self.after.evaluated.text.split(" ")))


def _changed_words(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", " ".join(before[first:last])
            continue
        if first < last:
            yield "gone", " ".join(before[first:last])
        if start < end:
            yield "new", " ".join(after[start:end])


@dataclass(frozen=True, slots=True)
class PageComparison:
    """The differences between two days, the earlier day first."""

    before: dt.date
    after: dt.date
    changes: list[SentenceChange]
    same: int


def compare_pages(ecosystem_page: EcosystemPage, other: EcosystemPage) -> PageComparison:
    """The sentences that appeared, disappeared or changed from the earlier day to the later."""
    first, second = sorted((ecosystem_page, other), key=lambda page: page.day)
    changes = list(_changes(first, second))
    shown = {number for page in (first, second) for number, row in page.marked.items() if row.evaluated.is_shown}
    return PageComparison(first.day, second.day, changes, len(shown) - len(changes))


def _changes(first: EcosystemPage, second: EcosystemPage) -> Iterator[SentenceChange]:
    for number, after in second.marked.items():
        before = first.marked[number]
        if before.evaluated.text != after.evaluated.text:
            yield SentenceChange(number, after.evaluated.statement.section, before, after)


@dataclass(frozen=True, slots=True)
class StatementFault:
    """A statement that an officer should look at: the kind of fault, the text, and the reason."""

    number: int
    kind: str
    text: str
    reason: str


def find_faults(page: EcosystemPage, *, today: dt.date) -> Iterator[StatementFault]:
    """Statements that are contradicted, out of date, based on old readings, or whose values are missing."""
    for number, row in sorted(page.marked.items()):
        evaluated = row.evaluated
        if evaluated.unbound:
            yield StatementFault(number, "unbound", evaluated.statement.claim_en, evaluated.unbound)
        elif row.mark is not None:
            kind = _fault_kind(row.mark, evaluated, page.resolved, today)
            if kind:
                yield StatementFault(number, kind, evaluated.text, row.mark.why)


def _fault_kind(mark: SentenceMark, evaluated: EvaluatedStatement, resolved: ResolvedReferences, today: dt.date) -> str:
    if mark.standing is CertaintyLevel.CONTRADICTED:
        return "contradicted"
    if evaluated.phase in (FactPhase.ENDED, FactPhase.UNSURE):
        return "ended" if evaluated.phase is FactPhase.ENDED else "unsure"
    readings = [citation.read_on for citation in resolved.evidence_of(evaluated.statement).citations]
    if readings and max(readings) < today - STALE_AFTER:
        return "old"
    return "dated" if mark.standing is CertaintyLevel.DATED else ""
