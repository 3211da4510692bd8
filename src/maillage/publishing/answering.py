"""The first answer to a need: offers that fit, why, the labels their providers hold, and what nothing covers."""

import datetime as dt
import time
from dataclasses import dataclass

from django.utils.translation import get_language

from maillage.kernel.actors import Actor
from maillage.matching.answer import Need, answer
from maillage.matching.outcome import Answer, Proposal
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.words import Language
from maillage.offers.models import Offer
from maillage.offers.queries import matcher, offers
from maillage.register.recognition import Held, labels_held


@dataclass(frozen=True, slots=True)
class Proposed:
    """An offer proposed for a need, with the reasons of the matcher and the labels of its provider."""

    offer: Offer
    proposal: Proposal
    labels: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What the page and the command show of one answer. `milliseconds` is the time of the matching alone."""

    answer: Answer
    proposed: tuple[Proposed, ...]
    vocabulary: Vocabulary
    compared: int
    milliseconds: float

    def name(self, concept: str) -> str:
        """A concept's name in the reader's language."""
        return self.vocabulary.concept(concept).label(reader_language())


def reader_language() -> Language:
    """The language of the page, as the matcher knows it."""
    return Language.FR if (get_language() or "fr").startswith("fr") else Language.EN


def answer_need(
    text: str, *, actor: Actor, on: dt.date, known: dt.datetime | None = None, title: str = ""
) -> AnswerPage:
    """Answer a need of any length in French or English from the offers this actor may read on a day."""
    found = matcher(actor=actor, on=on, known=known)
    begun = time.perf_counter()
    result = answer(Need(text=text, title=title), found.index, found.vocabulary)
    spent = (time.perf_counter() - begun) * 1000
    proposed = _with_labels(result, actor=actor, on=on)
    return AnswerPage(result, proposed, found.vocabulary, len(found.index.offers), spent)


def _with_labels(result: Answer, *, actor: Actor, on: dt.date) -> tuple[Proposed, ...]:
    keys = [proposal.offer for proposal in result.proposals]
    records = {offer.key: offer for offer in offers(actor=actor).filter(key__in=keys)}
    labels = labels_held([offer.provider_id for offer in records.values()], on, actor)
    return tuple(
        Proposed(records[proposal.offer], proposal, tuple(labels.get(records[proposal.offer].provider_id, ())))
        for proposal in result.proposals
        if proposal.offer in records
    )
