"""Organisations of the register that may be a structure or a body of an export, with the reasons.

Names are compared as sorted words without small ones, so that *Université Angers* and *Université d’Angers* are alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from maillage.core.text import fold
from maillage.register.models import Identifier, Lookalike, Name, Organisation, ResearchStructure
from maillage.register.vocabulary import SHORT_NAME_KINDS, NameKind

NEAR_SCORE = 90
# The least likeness of the names of two organisations with the same acronym in the same town.
ACRONYM_SCORE = 60
_MIN_ACRONYM = 3
_COUNTRIES = ("FR", "")
_SMALL_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "of", "pour", "sur", "the"]
)

LookalikeReason = dict[str, object]


def name_key(text: str) -> str:
    """A name as it is compared: folded, without small words, the words sorted."""
    words = fold(text).split()
    return " ".join(sorted(word for word in words if word not in _SMALL_WORDS) or words)


@dataclass(slots=True)
class Known:
    """An organisation of the register as it is compared with those of an export: its names by their keys."""

    id: int
    names: dict[str, str] = field(default_factory=dict)
    acronyms: set[str] = field(default_factory=set)
    city: str = ""


class KnownOrganisations:
    """The French organisations of the register that no export of RNSR has described, for comparison."""

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}
        self._by_town: dict[str, tuple[list[str], list[int]]] = defaultdict(lambda: ([], []))
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_acronym: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._by_grid: dict[str, list[int]] = defaultdict(list)
        for known in known_organisations():
            self._add(known)
        for organisation_id, value in Identifier.objects.filter(
            scheme="grid", organisation__in=list(self._known)
        ).values_list("organisation_id", "value"):
            self._by_grid[value].append(organisation_id)

    def _add(self, known: Known) -> None:
        self._known[known.id] = known
        for key in known.names:
            self._by_name[key].add(known.id)
            if known.city:
                keys, ids = self._by_town[known.city]
                keys.append(key)
                ids.append(known.id)
        for acronym in known.acronyms:
            self._by_acronym[acronym, known.city].add(known.id)

    def alike(self, label: str, acronym: str, city: str, grid: str = "") -> dict[int, list[LookalikeReason]]:
        """The organisations (ids) that may be one of this label, acronym and town, with the reasons."""
        key, town, reasons = name_key(label), fold(city), defaultdict[int, list[LookalikeReason]](list)
        for organisation_id in self._by_grid.get(grid, ()):
            reasons[organisation_id].append({"reason": "identifier", "scheme": "GRID", "value": grid})
        for organisation_id, score, known_key in self._near(key, town, fold(acronym)):
            known = self._known[organisation_id]
            name_reason = {"reason": "name", "score": round(score), "incoming": label, "here": known.names[known_key]}
            reasons[organisation_id].append(name_reason)
            if town and town == known.city:
                reasons[organisation_id].append({"reason": "town", "value": city})
            if fold(acronym) in known.acronyms:
                reasons[organisation_id].append({"reason": "acronym", "value": acronym})
        return dict(reasons)

    def _near(self, key: str, town: str, acronym: str) -> Iterator[tuple[int, float, str]]:
        """The organisations with a near name in the same town, the same name anywhere, or the acronym in the town."""
        best: dict[int, tuple[float, str]] = dict.fromkeys(self._by_name.get(key, ()), (100.0, key))
        if town in self._by_town:
            keys, ids = self._by_town[town]
            found = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE, limit=5)
            for known_key, score, place in found:
                best[ids[place]] = max(best.get(ids[place], (0.0, "")), (score, known_key))
        if town and len(acronym) >= _MIN_ACRONYM:
            for organisation_id in self._by_acronym.get((acronym, town), ()):
                scores = [(fuzz.token_sort_ratio(key, known), known) for known in self._known[organisation_id].names]
                score, known_key = max(scores, default=(0.0, ""))
                if score >= ACRONYM_SCORE:
                    best.setdefault(organisation_id, (score, known_key))
        for organisation_id, (score, known_key) in sorted(best.items()):
            yield organisation_id, score, known_key


def known_organisations() -> Iterator[Known]:
    """The organisations in France, or in a country that is not known, that no export of RNSR has described."""
    # Left out here rather than by the database, which may plan that badly right after an import.
    described = set(Identifier.objects.filter(scheme="rnsr").values_list("organisation_id", flat=True))
    described |= set(ResearchStructure.objects.values_list("organisation_id", flat=True))
    found = {}
    rows = Organisation.objects.filter(merged_into=None, country__in=_COUNTRIES)
    for pk, name_fr, name_en, acronym, city in rows.values_list("pk", "name_fr", "name_en", "acronym", "city"):
        if pk not in described:
            found[pk] = Known(pk, city=fold(city))
            _add_names(found[pk], (name_fr, name_en), (acronym,))
    names = Name.objects.filter(organisation__country__in=_COUNTRIES).exclude(kind=NameKind.UNIT)
    for pk, text, kind in names.values_list("organisation_id", "text", "kind").order_by("id").iterator():
        if pk in found:
            _add_names(found[pk], *(((), (text,)) if kind in SHORT_NAME_KINDS else ((text,), ())))
    yield from found.values()


def _add_names(known: Known, names: Iterable[str], acronyms: Iterable[str]) -> None:
    for name in names:
        if name:
            known.names.setdefault(name_key(name), name)
    known.acronyms.update(fold(acronym) for acronym in acronyms if acronym)


def save_lookalikes(pairs: dict[tuple[int, int], list[LookalikeReason]]) -> int:
    """Add pairs (organisation, incoming) to the review list; return how many are new or have a reason more."""
    existing = {
        (pair.organisation_id, pair.incoming_id): pair
        for pair in Lookalike.objects.filter(incoming__in={incoming for _organisation, incoming in pairs})
    }
    new = []
    count = 0
    for (organisation_id, incoming_id), reasons in pairs.items():
        pair = existing.get((organisation_id, incoming_id))
        if pair is None:
            new.append(Lookalike(organisation_id=organisation_id, incoming_id=incoming_id, reasons=reasons))
        elif not pair.decision and (more := [reason for reason in reasons if reason not in pair.reasons]):
            pair.reasons = [*pair.reasons, *more]
            pair.save(update_fields=["reasons"])
            count += 1
    Lookalike.objects.bulk_create(new)
    return count + len(new)
