"""Records that are an organisation already here, and those that only look like one.

A record that shares an identifier with exactly one body without a ROR identifier *is* that body: it is adopted, and
only what is missing is added. A record with a near name in the same place is put on the review list, and made an
organisation of its own until a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from maillage.core.text import fold
from maillage.register.models import Identifier, Lookalike, Name, Organisation
from maillage.register.ror.records import RorRecord
from maillage.register.vocabulary import NameKind

NEAR_SCORE = 90
# Where one of the two has no town, the names must be nearer.
VERY_NEAR_SCORE = 96
_SHARED = """
    SELECT s.ror, i.organisation_id, i.scheme, i.value
    FROM ror_organisation s
    JOIN ror_identifier r USING (ror)
    JOIN register_identifier i ON (i.scheme, i.value) = (r.scheme, r.value)
    JOIN register_organisation o ON o.id = i.organisation_id
    WHERE i.organisation_id = ANY(%s) AND s.organisation_id IS NULL AND r.scheme <> 'ror' AND o.merged_into_id IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM register_identifier x WHERE x.organisation_id = i.organisation_id AND x.scheme = 'ror')
    ORDER BY s.line, i.id"""
_ADOPT = "UPDATE ror_organisation SET organisation_id = %s, own = false WHERE ror = %s"
_FILLED_FIELDS = ("name_fr", "name_en", "acronym", "city", "country", "region", "website", "period_start")

LookalikeReason = dict[str, Any]


@dataclass(slots=True)
class LookalikeCandidates:
    """Lookalikes found in a batch: the reasons by ROR identifier and organisation here."""

    reasons: dict[tuple[str, int], list[LookalikeReason]] = field(default_factory=lambda: defaultdict(list))

    def save(self, cursor: Any) -> int:
        """Put them on the review list, once; return how many were new. The staged records have their organisations."""
        if not self.reasons:
            return 0
        cursor.execute("SELECT ror, organisation_id FROM ror_organisation WHERE own")
        incoming = dict(cursor.fetchall())
        found = [
            Lookalike(organisation_id=here, incoming_id=incoming[ror], reasons=reasons)
            for (ror, here), reasons in self.reasons.items()
            if ror in incoming
        ]
        before = Lookalike.objects.count()
        Lookalike.objects.bulk_create(found, ignore_conflicts=True)
        return Lookalike.objects.count() - before


def adopt_records(cursor: Any, bodies_here: Iterable[int], lookalike_candidates: LookalikeCandidates) -> None:
    """Mark the staged records that share an identifier with one of the bodies here; several bodies are a doubt."""
    cursor.execute(_SHARED, [list(bodies_here)])
    bodies: dict[str, dict[int, LookalikeReason]] = defaultdict(dict)
    takers: dict[int, set[str]] = defaultdict(set)
    for ror, organisation_id, scheme, value in cursor.fetchall():
        bodies[ror].setdefault(organisation_id, {"reason": "identifier", "scheme": scheme, "value": value})
        takers[organisation_id].add(ror)
    for ror, found in bodies.items():
        if len(found) == 1 and all(len(takers[organisation_id]) == 1 for organisation_id in found):
            cursor.execute(_ADOPT, (next(iter(found)), ror))
            continue
        for organisation_id, reason in found.items():
            lookalike_candidates.reasons[ror, organisation_id].append(reason)


def complete_adopted_organisations(cursor: Any, records: dict[str, RorRecord]) -> set[int]:
    """Add to each adopting body what it lacks; return the ids of those that changed."""
    cursor.execute("SELECT ror, organisation_id FROM ror_organisation WHERE NOT own ORDER BY line")
    changed = set()
    for ror, organisation_id in cursor.fetchall():
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        parts = [_fill_blanks(organisation, records[ror]), _add_names(organisation, records[ror])]
        parts.append(_add_identifiers(organisation, records[ror]))
        if any(parts):
            changed.add(organisation_id)
    return changed


def _fill_blanks(organisation: Organisation, record: RorRecord) -> bool:
    missing = [name for name in _FILLED_FIELDS if not getattr(organisation, name) and getattr(record, name)]
    for name in missing:
        setattr(organisation, name, getattr(record, name))
    if organisation.latitude is None and record.latitude is not None and fold(organisation.city) == fold(record.city):
        organisation.latitude, organisation.longitude = record.latitude, record.longitude
        missing.append("latitude")
    if missing:
        organisation.save()
    return bool(missing)


def _add_names(organisation: Organisation, record: RorRecord) -> bool:
    """The names it does not bear yet; a second official name in a language can only be an alias."""
    here = list(organisation.names.all())
    known = {fold(name.text) for name in here}
    languages = {name.language for name in here if name.kind == NameKind.OFFICIAL}
    changed = False
    for name in record.names:
        if fold(name.text) in known:
            continue
        known.add(fold(name.text))
        kind = NameKind.ALIAS if name.kind == NameKind.OFFICIAL and name.language in languages else name.kind
        Name(organisation=organisation, text=name.text, language=name.language, kind=kind).save()
        changed = True
    return changed


def _add_identifiers(organisation: Organisation, record: RorRecord) -> bool:
    known = set(organisation.identifiers.values_list("scheme", "value"))
    new = [identifier for identifier in record.identifiers if identifier not in known]
    for scheme, value in new:
        Identifier(organisation=organisation, scheme=scheme, value=value).save()
    return bool(new)


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation here that has no ROR identifier, as its lookalikes are sought: its names by their folded form."""

    id: int
    names: dict[str, str]
    acronyms: frozenset[str]
    city: str
    country: str


class KnownOrganisations:
    """The organisations of the register without a ROR identifier, by town, acronym and country.

    A record is compared with those of its own block only, so the cost is that of the blocks, not of all pairs.
    """

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, ...], list[KnownOrganisation]] = defaultdict(list)
        self.ids: list[int] = []
        for body in _known_organisations():
            self.ids.append(body.id)
            for block in _blocks_of(body.city, body.country, body.acronyms):
                self._blocks[block].append(body)

    def lookalike_candidates(self, records: Iterable[RorRecord]) -> LookalikeCandidates:
        """Those that may be one of the records, with the reasons."""
        doubts = LookalikeCandidates()
        for record in records if self.ids else ():
            for body, reasons in self._near(record):
                doubts.reasons[record.ror, body.id] += reasons
        return doubts

    def _near(self, record: RorRecord) -> Iterator[tuple[KnownOrganisation, list[LookalikeReason]]]:
        city = fold(record.city)
        acronyms = frozenset(fold(name.text) for name in record.names if name.kind == NameKind.ACRONYM)
        near: dict[int, KnownOrganisation] = {}
        for block in _blocks_of(city, record.country, acronyms):
            near.update((body.id, body) for body in self._blocks.get(block, ()))
        if not near:
            return
        names = [(name.text, fold(name.text)) for name in record.names if name.kind != NameKind.ACRONYM]
        for body in near.values():
            reasons = _lookalike_reasons(body, names, acronyms & body.acronyms, city)
            if reasons:
                yield body, reasons


def _blocks_of(city: str, country: str, acronyms: frozenset[str]) -> Iterator[tuple[str, ...]]:
    if city:
        yield "town", city
    for acronym in acronyms:
        yield "acronym", acronym, country


def _lookalike_reasons(
    body: KnownOrganisation, names: list[tuple[str, str]], acronyms: frozenset[str], city: str
) -> list[LookalikeReason]:
    same_town = bool(city) and city == body.city
    score, incoming, here = _nearest_names(body, names)
    if score < (NEAR_SCORE if same_town else VERY_NEAR_SCORE):
        return []
    reasons: list[LookalikeReason] = [{"reason": "name", "score": round(score), "incoming": incoming, "here": here}]
    if same_town:
        reasons.append({"reason": "town", "value": city})
    return reasons + [{"reason": "acronym", "value": acronym} for acronym in sorted(acronyms)]


def _nearest_names(body: KnownOrganisation, names: list[tuple[str, str]]) -> tuple[float, str, str]:
    """The best likeness of two names, 0 to 100, in the order of words or out of it, and the two names."""
    best = (0.0, "", "")
    for text, folded in names:
        for here, written in body.names.items():
            score = max(fuzz.ratio(folded, here), fuzz.token_sort_ratio(folded, here))
            if score > best[0]:
                best = (score, text, written)
    return best


def _known_organisations() -> Iterator[KnownOrganisation]:
    without = Organisation.objects.filter(merged_into=None).exclude(identifiers__scheme="ror")
    for organisation in without.prefetch_related("names").iterator(chunk_size=1000):
        names = [name for name in organisation.names.all() if name.kind != NameKind.ACRONYM]
        texts = {organisation.name_fr, organisation.name_en, *(name.text for name in names)}
        acronyms = {organisation.acronym, *(name.text for name in organisation.names.all() if name not in names)}
        yield KnownOrganisation(
            organisation.pk,
            {fold(text): text for text in sorted(texts) if text},
            frozenset(fold(acronym) for acronym in acronyms if acronym),
            fold(organisation.city),
            organisation.country,
        )
