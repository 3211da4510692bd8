"""Organisations that do what a need asks for and no offer covers, by what the register says of them.

An organisation is read as an offer is: its names are the title, its notes the text. The rules by which a need is
matched with offers, or refused, are those of `matching.need_matching`.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from maillage.core.actors import PUBLIC
from maillage.core.history import moment_read
from maillage.matching.match_result import ConceptMatch, MatchResult, NoMatchReason, Proposal
from maillage.matching.need_matching import match_need
from maillage.matching.need_reading import DOMAINS, NeedText
from maillage.matching.offer_index import OfferIndex, OfferText
from maillage.matching.vocabulary import Facet, Vocabulary
from maillage.matching.word_lists import Language
from maillage.offers.offer_matcher import Version, cache_value, last_change
from maillage.register.models import Organisation

MOST_ORGANISATIONS = 2_000
"""Reading an organisation takes a millisecond; a register has more only where it was loaded from elsewhere."""
_MOST_PROPOSED = 5
# A service that more organisations have, such as a registry, is no reason without the subject.
_MOST_HOLDERS = 3

_indexes: "OrderedDict[Version, OfferIndex]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class OrganisationMatch:
    """An organisation, and how it meets what no offer covers."""

    organisation: Organisation
    concepts: tuple[ConceptMatch, ...]


def match_organisations(
    need: NeedText, answer: MatchResult, vocabulary: Vocabulary, on: dt.date
) -> tuple[OrganisationMatch, ...]:
    """The public organisations that meet what the offers of `answer` leave uncovered, best first; at most five.

    Where no offer is proposed that is all that the need asks for. A wider subject meets a narrower one, a wider service
    does not. An organisation with a rare service in its name is proposed for that alone, unless the need is about a
    subject that no offer has.
    """
    missing = _missing(answer, vocabulary)
    if not missing:
        return ()
    index = _index(vocabulary, on)
    proposals = match_need(need, index, vocabulary, limit=MOST_ORGANISATIONS).proposals
    met = {proposal.offer: _met(proposal, missing, vocabulary) for proposal in proposals}
    met = {key: matches for key, matches in met.items() if _is_reason(matches, answer, vocabulary)}
    if not _is_about_other_subject(answer):
        for key, match in _named_after(missing, answer, index, vocabulary):
            met.setdefault(key, (match,))
    return _records(met)


def _records(met: Mapping[str, tuple[ConceptMatch, ...]]) -> tuple[OrganisationMatch, ...]:
    keys = list(met)[:_MOST_PROPOSED]
    records = {each.key: each for each in Organisation.objects.visible_to(PUBLIC).filter(key__in=keys)}
    return tuple(OrganisationMatch(records[key], met[key]) for key in keys if key in records)


def _missing(answer: MatchResult, vocabulary: Vocabulary) -> set[str]:
    """The concepts that a need asks for and no proposed offer has, itself or through a wider one."""
    if answer.proposals:
        keys = {missing.concept for missing in answer.uncovered if not missing.nearest}
    else:
        keys = {requested.concept for requested in answer.asked}
    return {key for key in keys if vocabulary.concept(key).facet is not Facet.FRAME}


def _met(proposal: Proposal, missing: Collection[str], vocabulary: Vocabulary) -> tuple[ConceptMatch, ...]:
    return tuple(
        match
        for match in proposal.why.concepts
        if match.asked in missing and (match.steps <= 0 or vocabulary.concept(match.asked).facet in DOMAINS)
    )


def _is_reason(matches: tuple[ConceptMatch, ...], answer: MatchResult, vocabulary: Vocabulary) -> bool:
    """Whether what an organisation meets is a reason to propose it.

    In a need that names diseases, another subject is none; in one that is refused for its subject, a service is none.
    """
    facets = {vocabulary.concept(match.asked).facet for match in matches}
    if any(requested.facet is Facet.DISEASE for requested in answer.asked):
        facets.discard(Facet.FIELD)
    return bool(facets & DOMAINS) if _is_about_other_subject(answer) else bool(facets)


def _is_about_other_subject(answer: MatchResult) -> bool:
    return answer.nothing_fits is NoMatchReason.OTHER_SUBJECT and any(
        requested.facet in DOMAINS for requested in answer.asked
    )


def _named_after(
    missing: Collection[str], answer: MatchResult, index: OfferIndex, vocabulary: Vocabulary
) -> Iterator[tuple[str, ConceptMatch]]:
    """The organisations with a missing, rare service or product in their names, in the order of the need."""
    for requested in answer.asked:
        if requested.concept not in missing or vocabulary.concept(requested.concept).facet in DOMAINS:
            continue
        links = index.links(requested.concept)
        for link in links if len(links) <= _MOST_HOLDERS else ():
            organisation = index.offers[link.offer]
            if link.steps <= 0 and link.concept in organisation.headline:
                language, words = next(iter(organisation.surfaces[link.concept].items()))
                yield (
                    organisation.text.key,
                    ConceptMatch(
                        requested.concept, link.concept, link.steps, requested.surfaces[0], words, False, language
                    ),
                )


def _index(vocabulary: Vocabulary, on: dt.date) -> OfferIndex:
    """The index of the public organisations of a day; built anew after changes of organisations or vocabularies."""
    # The index holds its vocabulary, whose id is thus nobody else's.
    version = (id(vocabulary), on, moment_read(), last_change("register.Organisation"))
    with _lock:  # reading all takes seconds: once, not in each thread
        if version not in _indexes:
            cache_value(_indexes, version, OfferIndex.of(map(_text, _organisations(on)), vocabulary))
        return _indexes[version]


def _organisations(on: dt.date) -> list[Organisation]:
    """Those of which something is said come first; the rest have their names alone."""
    existing = Organisation.objects.visible_to(PUBLIC).filter(merged_into=None).possible_on(on)
    described = existing.exclude(note_en="", note_fr="").order_by("pk")[:MOST_ORGANISATIONS]
    others = existing.filter(note_en="", note_fr="").order_by("pk")[: MOST_ORGANISATIONS - len(described)]
    return [*described, *others]


def _text(organisation: Organisation) -> OfferText:
    return OfferText(
        key=organisation.key,
        titles={Language.FR: organisation.name_fr, Language.EN: organisation.name_en},
        notes=organisation.note_en,
        notes_fr=organisation.note_fr,
    )
