"""Reading the ecosystem page: its sentences on a day, why each is told, what changed between two days."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from maillage.kernel.actors import Actor
from maillage.kernel.certainty import STALE_AFTER, Standing
from maillage.kernel.models import Citation, Contradiction
from maillage.publishing.bindings import Sum
from maillage.publishing.forms import BadForm
from maillage.publishing.marks import Mark, about_refs, mark_of
from maillage.publishing.models import Section, Statement
from maillage.publishing.phases import Phase
from maillage.publishing.references import Found, Ref, find
from maillage.publishing.sentences import read_sentence
from maillage.publishing.truth import State, Told, tell
from maillage.register.models import Organisation

# The body whose ecosystem the page tells.
INSTITUTE = "opale"


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with its mark; the mark is absent where the sentence is."""

    told: Told
    mark: Mark | None

    @property
    def number(self) -> int:
        return int(self.told.statement.number)


@dataclass(slots=True)
class Chapter:
    """A section of the page, with the sentences told in it and those that an officer should look at."""

    section: Section
    sentences: list[Marked] = field(default_factory=list)
    faults: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class Ecosystem:
    """The page on a day. `marked` has every statement, told or not, by number."""

    day: dt.date
    found: Found
    marked: dict[int, Marked]
    chapters: list[Chapter]
    institute: Organisation | None

    def counts(self) -> list[tuple[Standing, int]]:
        """How many sentences bear each mark, from the firmest to the weakest."""
        counted = Counter(one.mark.standing for one in self.marked.values() if one.mark)
        return [(standing, counted[standing]) for standing in Standing if counted[standing]]

    def mentions(self) -> list[Organisation]:
        """The organisations that the told sentences are about, in the order of the page."""
        told = [one.told.statement for chapter in self.chapters for one in chapter.sentences]
        refs = dict.fromkeys(ref for statement in told for ref in about_refs(statement))
        return [record for ref in refs if ref.kind == "organisations" for record in self.found.of(ref)]


def ecosystem(*, actor: Actor, day: dt.date, today: dt.date) -> Ecosystem:
    """The page as it reads on `day`; `today` is the day from which sources are old or fresh.

    The number of queries depends on the kinds of records that sentences are bound to, not on how many there are.
    """
    statements = _published(actor)
    found = find(_refs(statements), statements, day=day, actor=actor)
    marked = {statement.number: _marked(tell(statement, found), found, today) for statement in statements}
    chapters = [_chapter(section, rows, marked) for section, rows in groupby(statements, key=lambda one: one.section)]
    institute = next(iter(found.of(_INSTITUTE_REF)), None)
    return Ecosystem(day, found, marked, [one for one in chapters if one.sentences or one.faults], institute)


_INSTITUTE_REF = Ref("organisations", (INSTITUTE,))


def _published(actor: Actor) -> list[Statement]:
    published = Statement.objects.visible_to(actor).exclude(section=None).select_related("section")
    return list(published.order_by("section__position", "section_id", "position", "number"))


def _refs(statements: Iterable[Statement]) -> set[Ref]:
    refs = {_INSTITUTE_REF}
    for statement in statements:
        refs.update(about_refs(statement))
        try:
            refs |= read_sentence(statement.sentence, statement.holds, statement.bind).refs()
        except BadForm:
            continue  # `tell` says so beside the sentence
    return refs


def _marked(told: Told, found: Found, today: dt.date) -> Marked:
    return Marked(told, mark_of(told, found, today=today) if told.is_told else None)


def _chapter(section: Section, statements: Iterable[Statement], marked: dict[int, Marked]) -> Chapter:
    rows = [marked[statement.number] for statement in statements]
    return Chapter(section, [row for row in rows if row.mark], [row.told for row in rows if row.told.unbound])


@dataclass(frozen=True, slots=True)
class Why:
    """Why a sentence is told as it is: what was computed, where its facts stand, who says what, who disagrees."""

    number: int
    told: Told
    mark: Mark | None
    sums: list[Sum]
    states: list[State]
    sources: list[tuple[Any, list[Citation]]]
    contradictions: list[Contradiction]


def why(page: Ecosystem, number: int) -> Why | None:
    """What stands behind a sentence of the page; `None` if there is no such statement."""
    one = page.marked.get(number)
    if one is None:
        return None
    told = one.told
    sums = [value.sum for value in told.values.values() if value.sum]
    about: list[Any] = [told.statement, *(state.fact for state in told.states if state.asserted)]
    sources = [(record, page.found.about(record).citations) for record in about]
    cited = [(record, citations) for record, citations in sources if citations]
    return Why(number, told, one.mark, sums, list(told.states), cited, told.contradictions(page.found))


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence on two days; either side is empty where it is not told."""

    number: int
    section: Section | None
    before: Marked
    after: Marked

    @property
    def kind(self) -> str:
        if not self.before.told.is_told:
            return "appeared"
        return "changed" if self.after.told.is_told else "disappeared"

    def words(self) -> list[tuple[str, str]]:
        """The two tellings as one text, in runs of words: the `same`, `gone` from the first, `new` in the second."""
        return list(_words(self.before.told.text.split(" "), self.after.told.text.split(" ")))


def _words(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", " ".join(before[first:last])
            continue
        if first < last:
            yield "gone", " ".join(before[first:last])
        if start < end:
            yield "new", " ".join(after[start:end])


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two days, the earlier one first."""

    before: dt.date
    after: dt.date
    changes: list[Change]
    same: int


def compare(one: Ecosystem, other: Ecosystem) -> Comparison:
    """The sentences that appeared, disappeared or changed from the earlier day to the later."""
    first, second = sorted((one, other), key=lambda page: page.day)
    changes = list(_changes(first, second))
    told = {number for page in (first, second) for number, row in page.marked.items() if row.told.is_told}
    return Comparison(first.day, second.day, changes, len(told) - len(changes))


def _changes(first: Ecosystem, second: Ecosystem) -> Iterator[Change]:
    for number, after in second.marked.items():
        before = first.marked[number]
        if before.told.text != after.told.text:
            yield Change(number, after.told.statement.section, before, after)


@dataclass(frozen=True, slots=True)
class Fault:
    """A statement that somebody should look at: what is wrong, and in which words."""

    number: int
    kind: str
    text: str
    reason: str


def faults(page: Ecosystem, *, today: dt.date) -> Iterator[Fault]:
    """Statements that are contradicted, out of date, resting on old readings, or whose values cannot be found."""
    for number, row in sorted(page.marked.items()):
        told = row.told
        if told.unbound:
            yield Fault(number, "unbound", told.statement.claim_en, told.unbound)
        elif row.mark is not None:
            kind = _fault(row.mark, told, page.found, today)
            if kind:
                yield Fault(number, kind, told.text, row.mark.why)


def _fault(mark: Mark, told: Told, found: Found, today: dt.date) -> str:
    if mark.standing is Standing.CONTRADICTED:
        return "contradicted"
    if told.phase in (Phase.ENDED, Phase.UNSURE):
        return "ended" if told.phase is Phase.ENDED else "unsure"
    readings = [citation.read_on for citation in found.about(told.statement).citations]
    if readings and max(readings) < today - STALE_AFTER:
        return "old"
    return "dated" if mark.standing is Standing.DATED else ""
