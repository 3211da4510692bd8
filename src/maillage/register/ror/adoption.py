"""Adoption of ROR records by organisations already in the register, and detection of lookalikes.

A record that shares an identifier with exactly one organisation without a ROR identifier is that organisation: it is
adopted, and only missing values are added. A record with a similar name in the same place is put on the review list,
and becomes a separate organisation until a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper
from rapidfuzz import fuzz, process

from maillage.core.text import fold
from maillage.register.models import Identifier, Lookalike, Name, Organisation
from maillage.register.ror.records import RorRecord
from maillage.register.vocabulary import SHORT_NAME_KINDS, NameKind

NEAR_SCORE = 90
# Minimum similarity of names where the towns differ or are not known.
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

LookalikeReason = dict[str, object]


@dataclass(slots=True)
class LookalikeCandidates:
    """Lookalikes found in a batch: the reasons by ROR identifier and organisation id."""

    reasons: dict[tuple[str, int], list[LookalikeReason]] = field(default_factory=lambda: defaultdict(list))

    def save(self, cursor: CursorWrapper) -> int:
        """Add them to the review list; return how many are new. The staged records must have their organisation ids."""
        if not self.reasons:
            return 0
        cursor.execute("SELECT ror, organisation_id FROM ror_organisation WHERE own")
        incoming = dict(cursor.fetchall())
        lookalikes = [
            Lookalike(organisation_id=organisation_id, incoming_id=incoming[ror], reasons=reasons)
            for (ror, organisation_id), reasons in self.reasons.items()
            if ror in incoming
        ]
        before = Lookalike.objects.count()
        Lookalike.objects.bulk_create(lookalikes, ignore_conflicts=True)
        return Lookalike.objects.count() - before


def adopt_records(cursor: CursorWrapper, bodies_here: Iterable[int], lookalike_candidates: LookalikeCandidates) -> None:
    """Mark the staged records that share an identifier with one organisation (ids); several make a lookalike."""
    cursor.execute(_SHARED, [list(bodies_here)])
    reasons_by_ror: dict[str, dict[int, LookalikeReason]] = defaultdict(dict)
    rors_by_organisation: dict[int, set[str]] = defaultdict(set)
    for ror, organisation_id, scheme, value in cursor.fetchall():
        reasons_by_ror[ror].setdefault(organisation_id, {"reason": "identifier", "scheme": scheme, "value": value})
        rors_by_organisation[organisation_id].add(ror)
    for ror, reasons in reasons_by_ror.items():
        if len(reasons) == 1 and all(len(rors_by_organisation[organisation_id]) == 1 for organisation_id in reasons):
            cursor.execute(_ADOPT, (next(iter(reasons)), ror))
            continue
        for organisation_id, reason in reasons.items():
            lookalike_candidates.reasons[ror, organisation_id].append(reason)


def complete_adopted_organisations(cursor: CursorWrapper, records: dict[str, RorRecord]) -> set[int]:
    """Add missing values to each adopting organisation; return the ids of those that changed."""
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
    missing = [
        field_name
        for field_name in _FILLED_FIELDS
        if not getattr(organisation, field_name) and getattr(record, field_name)
    ]
    for field_name in missing:
        setattr(organisation, field_name, getattr(record, field_name))
    if organisation.latitude is None and record.latitude is not None and fold(organisation.city) == fold(record.city):
        organisation.latitude, organisation.longitude = record.latitude, record.longitude
        missing.append("latitude")
    if missing:
        organisation.save()
    return bool(missing)


def _add_names(organisation: Organisation, record: RorRecord) -> bool:
    """Add the names that are missing; a second official name in a language becomes an alias."""
    existing_names = list(organisation.names.all())
    known_names = {fold(name.text) for name in existing_names}
    languages = {name.language for name in existing_names if name.kind == NameKind.OFFICIAL}
    changed = False
    for name in record.names:
        if fold(name.text) in known_names:
            continue
        known_names.add(fold(name.text))
        kind = NameKind.ALIAS if name.kind == NameKind.OFFICIAL and name.language in languages else name.kind
        Name(organisation=organisation, text=name.text, language=name.language, kind=kind).save()
        changed = True
    return changed


def _add_identifiers(organisation: Organisation, record: RorRecord) -> bool:
    known_identifiers = set(organisation.identifiers.values_list("scheme", "value"))
    new = [identifier for identifier in record.identifiers if identifier not in known_identifiers]
    for scheme, value in new:
        Identifier(organisation=organisation, scheme=scheme, value=value).save()
    return bool(new)


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation without a ROR identifier, for comparison with records: its names by their folded form."""

    id: int
    names: dict[str, str]
    acronyms: frozenset[str]
    city: str
    country: str


class KnownOrganisations:
    """The organisations of the register without a ROR identifier, by town, and by acronym and country.

    A record is compared only with those of its town and acronyms, so the cost does not grow with all pairs.
    """

    def __init__(self) -> None:
        self._by_acronym: dict[tuple[str, str], list[KnownOrganisation]] = defaultdict(list)
        self._by_town: dict[str, tuple[list[str], list[KnownOrganisation]]] = defaultdict(lambda: ([], []))
        self.ids: list[int] = []
        for organisation in _known_organisations():
            self.ids.append(organisation.id)
            for acronym in organisation.acronyms:
                self._by_acronym[acronym, organisation.country].append(organisation)
            if organisation.city:
                names, bearers = self._by_town[organisation.city]
                for form in _compared_forms(organisation.names):
                    names.append(form)
                    bearers.append(organisation)

    def lookalike_candidates(self, records: Iterable[RorRecord]) -> LookalikeCandidates:
        """The organisations that may be one of the records, with the reasons."""
        candidates = LookalikeCandidates()
        for record in records if self.ids else ():
            for organisation, reasons in self._near(record):
                candidates.reasons[record.ror, organisation.id] += reasons
        return candidates

    def _near(self, record: RorRecord) -> Iterator[tuple[KnownOrganisation, list[LookalikeReason]]]:
        city = fold(record.city)
        acronyms = frozenset(fold(name.text) for name in record.names if name.kind == NameKind.ACRONYM)
        names = [(name.text, fold(name.text)) for name in record.names if name.kind != NameKind.ACRONYM]
        candidates = {organisation.id: organisation for organisation in self._near_names(city, names)}
        for acronym in acronyms:
            found = self._by_acronym.get((acronym, record.country), ())
            candidates.update((organisation.id, organisation) for organisation in found)
        for organisation in candidates.values():
            reasons = _lookalike_reasons(organisation, names, acronyms & organisation.acronyms, city)
            if reasons:
                yield organisation, reasons

    def _near_names(self, city: str, names: list[tuple[str, str]]) -> Iterator[KnownOrganisation]:
        """The organisations of a town with a near name; thousands of names are compared outside of Python at once."""
        if city not in self._by_town:
            return
        known, bearers = self._by_town[city]
        for form in _compared_forms(folded for _text, folded in names):
            for _name, _score, place in process.extract(
                form, known, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE, limit=None
            ):
                yield bearers[place]


def _compared_forms(folded_names: Iterable[str]) -> set[str]:
    """Names as they are compared: in their order of words, and sorted."""
    return {form for name in folded_names for form in (name, " ".join(sorted(name.split())))}


def _lookalike_reasons(
    organisation: KnownOrganisation, names: list[tuple[str, str]], acronyms: frozenset[str], city: str
) -> list[LookalikeReason]:
    same_town = bool(city) and city == organisation.city
    score, incoming, known_name = _nearest_names(organisation, names)
    if score < (NEAR_SCORE if same_town else VERY_NEAR_SCORE):
        return []
    reasons: list[LookalikeReason] = [
        {"reason": "name", "score": round(score), "incoming": incoming, "here": known_name}
    ]
    if same_town:
        reasons.append({"reason": "town", "value": city})
    return reasons + [{"reason": "acronym", "value": acronym} for acronym in sorted(acronyms)]


def _nearest_names(organisation: KnownOrganisation, names: list[tuple[str, str]]) -> tuple[float, str, str]:
    """The best similarity of two names (0 to 100, in any order of words), and the two names."""
    best = (0.0, "", "")
    for text, folded in names:
        for known_folded, known_text in organisation.names.items():
            score = max(fuzz.ratio(folded, known_folded), fuzz.token_sort_ratio(folded, known_folded))
            if score > best[0]:
                best = (score, text, known_text)
    return best


def _known_organisations() -> Iterator[KnownOrganisation]:
    without_ror = Organisation.objects.filter(merged_into=None).exclude(identifiers__scheme="ror")
    for organisation in without_ror.prefetch_related("names").iterator(chunk_size=1000):
        names = organisation.names.all()
        texts = {name.text for name in names if name.kind not in SHORT_NAME_KINDS}
        texts |= {organisation.name_fr, organisation.name_en}
        acronyms = {organisation.acronym, *(name.text for name in names if name.kind == NameKind.ACRONYM)}
        yield KnownOrganisation(
            organisation.pk,
            {fold(text): text for text in sorted(texts) if text},
            frozenset(fold(acronym) for acronym in acronyms if acronym),
            fold(organisation.city),
            organisation.country,
        )
