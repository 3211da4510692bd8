"""The tables on the page of a need: what is asked with how far it is covered, and the teams that are asked."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.request import Request
from maillage.matching.match_result import MatchResult
from maillage.matching.need_matching import match_need
from maillage.matching.need_reading import NeedText
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.partnerships.coverage import CoverageLine, coverage_lines, register_offers, requested_parts
from maillage.partnerships.letters import coverage_detail
from maillage.partnerships.models import Answer, AnswerLine, Coverage, Need, TeamReply, TeamRequest
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.next_act import can_be_reminded

_MAX_OFFERS = 4


@dataclass(frozen=True, slots=True)
class DemandRow:
    """One demand: its name and words, whether it is essential, how far and by whom it is met, and what lacks."""

    name: str
    quotes: list[str]
    essential: bool
    coverage: Coverage
    offers: list[Offer]
    providers: list[str]
    lacks: str
    # Offers of the register that would meet what nobody who is asked covers.
    others: list[Offer]

    @property
    def word(self) -> str:
        """How far it is met, in a word."""
        return str(Coverage(self.coverage).label)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A request to a team, and the names of the capabilities that its offer meets."""

    request: TeamRequest
    parts: list[str]
    may_be_reminded: bool


@dataclass(frozen=True)
class Demands:
    """What a need asks for: by the answer that was sent, else by the teams asked, else by the whole register.

    Who is not on the answering side (`is_open` is false) is told nothing of the teams, not even that none is asked.
    """

    need: Need
    request: Request
    requests: Sequence[TeamRequest]
    answers: Sequence[Answer]
    # Whether the reader answers it and it is not dealt with yet: only then a team may still be asked, or say yes.
    is_open: bool = True

    @cached_property
    def names(self) -> ConceptNames:
        return ConceptNames()

    @cached_property
    def sent_lines(self) -> list[AnswerLine]:
        """What the last answer with a team said, line by line."""
        sent = [answer for answer in self.answers if answer.lines.exists()]
        return list(sent[-1].lines.order_by("-essential", "pk")) if sent else []

    @cached_property
    def lines(self) -> list[CoverageLine]:
        """How far the teams that were asked and did not say no meet it; without any, the offers of the register."""
        asked = [one.offer for one in self.requests if one.reply != TeamReply.NO]
        return self._lines_of(asked) if asked or self.requests else self.register_lines

    @cached_property
    def register_lines(self) -> list[CoverageLine]:
        """How far the offers of the register meet it."""
        return self._lines_of(register_offers(self.need, self.request.actor, self._day))

    @property
    def _day(self) -> dt.date:
        return self.request.as_of.on

    def _lines_of(self, team: list[Offer]) -> list[CoverageLine]:
        return coverage_lines(self.need, team, {}, self.request.actor, self._day)

    @cached_property
    def reading(self) -> MatchResult:
        """The text of the need, as the matcher reads it."""
        matcher = get_offer_matcher(actor=self.request.actor, on=self._day)
        if self.need.is_erased:  # its title is its number
            return match_need(NeedText(text=""), matcher.index, matcher.vocabulary)
        return match_need(NeedText(text=self.need.text, title=self.need.title), matcher.index, matcher.vocabulary)

    def rows(self) -> list[DemandRow]:
        """A row for each demand."""
        quotes = {one.concept: list(dict.fromkeys(one.surfaces)) for one in self.reading.asked}
        if self.sent_lines:
            return [self._sent_row(line, quotes) for line in self.sent_lines]
        others = {line.concept: line.offers for line in self.register_lines} if self.requests else {}
        return [self._row(line, quotes, others) for line in self.lines]

    def _sent_row(self, line: AnswerLine, quotes: Mapping[str, list[str]]) -> DemandRow:
        name = self.names[line.concept]
        coverage = Coverage(line.coverage)
        return DemandRow(
            name, quotes.get(line.concept, []), line.essential, coverage, [], [coverage_detail(line)], "", []
        )

    def _row(self, line: CoverageLine, quotes: Mapping[str, list[str]], others: Mapping[str, list[Offer]]) -> DemandRow:
        return DemandRow(
            self.names[line.concept],
            quotes.get(line.concept, []),
            line.essential,
            line.coverage,
            _one_a_provider(line.offers),
            line.providers,
            self._lacks(line),
            _one_a_provider(others.get(line.concept, [])) if line.coverage == Coverage.NONE else [],
        )

    def _lacks(self, line: CoverageLine) -> str:
        if line.coverage == Coverage.NEARLY:
            return _("wider: %s") % ", ".join(self.names[key] for key in line.nearest)
        if line.coverage == Coverage.UNCONFIRMED and self.is_open:
            return _("its yes is awaited") if self.requests else _("not asked yet")
        return ""

    @staticmethod
    def counts(rows: Sequence[DemandRow]) -> str:
        """How many demands are met how far: `3 covered · 2 nearly covered`."""
        counts = Counter(row.coverage for row in rows)
        return " · ".join(_count_words(one, counts[one]) for one in Coverage if counts[one])


def _count_words(coverage: Coverage, number: int) -> str:
    texts = {
        Coverage.COVERED: ngettext("%d covered", "%d covered", number),
        Coverage.NEARLY: ngettext("%d nearly covered", "%d nearly covered", number),
        Coverage.UNCONFIRMED: ngettext("%d to be confirmed", "%d to be confirmed", number),
        Coverage.NONE: ngettext("%d by nobody", "%d by nobody", number),
    }
    return texts[coverage] % number


def _one_a_provider(offers: Sequence[Offer]) -> list[Offer]:
    """The first offer of each provider, in order; at most four."""
    first: dict[int, Offer] = {}
    for offer in offers:
        first.setdefault(offer.provider_id, offer)
    return list(first.values())[:_MAX_OFFERS]


def team_rows(need: Need, requests: Sequence[TeamRequest], request: Request, names: ConceptNames) -> list[TeamRow]:
    """A row for each team that is asked."""
    today = timezone.localdate()
    parts = requested_parts(need, [one.offer for one in requests], request.actor, request.as_of.on)
    return [
        TeamRow(one, [names[concept] for concept in parts[one.offer_id]], can_be_reminded(one, today))
        for one in requests
    ]
