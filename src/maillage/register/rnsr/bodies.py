"""The supervising and participating bodies of an export: found among the organisations of the register, or created.

In this order: the same SIRET; the same UAI; the same SIREN, where one body of the export and one organisation bear it;
the same name, where one organisation bears it and has no other number.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.text import slugify
from rapidfuzz import fuzz, process

from maillage.core.models import Citation
from maillage.core.text import fold
from maillage.register.bulk_rows import create_records, update_records
from maillage.register.company_numbers import organisations_by_siren
from maillage.register.models import Identifier, Name, Organisation
from maillage.register.rnsr.citing import REGISTER_URL, cite, sources_by_url
from maillage.register.rnsr.dated_names import NameChanges, change_names
from maillage.register.rnsr.likeness import (
    ACRONYM_SCORE,
    NEAR_SCORE,
    Known,
    LookalikeReason,
    known_organisations,
    name_key,
    save_lookalikes,
)
from maillage.register.rnsr.records import BodyMention, StatedName
from maillage.register.rnsr.structures import is_own
from maillage.register.vocabulary import RNSR_KEY_PREFIX, NameKind, OrganisationKind

_KINDS_BY_NATURE: dict[str, str] = {
    "UNIV": OrganisationKind.UNIVERSITY,
    "UNIV_ETR": OrganisationKind.UNIVERSITY,
    "AUT_ETAB": OrganisationKind.UNIVERSITY,
    "EPST": OrganisationKind.RESEARCH_ORGANISATION,
    "EPIC": OrganisationKind.RESEARCH_ORGANISATION,
    "OP_PUB_ETR": OrganisationKind.RESEARCH_ORGANISATION,
    "MEDIC": OrganisationKind.HOSPITAL,
    "FONDATION": OrganisationKind.FOUNDATION,
    "EPA": OrganisationKind.AGENCY,
    "SITE": OrganisationKind.CONSORTIUM,
    "PRIVE": OrganisationKind.COMPANY,
}
_FOREIGN = frozenset({"UNIV_ETR", "OP_PUB_ETR"})
_KEY_LENGTH = 70


@dataclass(slots=True)
class WrittenBodies:
    """The organisation (id) of each mention, how many were created, and how many pairs were put to review."""

    organisations: dict[BodyMention, int] = field(default_factory=dict)
    created: int = 0
    lookalikes: int = 0


class _BodyIndex:
    """The organisations that may be bodies, by their numbers and names."""

    def __init__(self, mentions: Iterable[BodyMention]) -> None:
        rows = Identifier.objects.filter(scheme__in=("siret", "uai", "siren"), organisation__merged_into=None)
        self.numbers = {
            (scheme, value): pk for scheme, value, pk in rows.values_list("scheme", "value", "organisation_id")
        }
        self._numbers_of: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for (scheme, value), pk in self.numbers.items():
            self._numbers_of[pk][scheme].add(value)
        self._sirens = organisations_by_siren() | {
            v: pk for (scheme, v), pk in self.numbers.items() if scheme == "siren"
        }
        self._shared_sirens = _shared_sirens(mentions)
        self.known: dict[int, Known] = {known.id: known for known in known_organisations()}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        for known in self.known.values():
            for key in known.names:
                self._by_name[key].add(known.id)
        self._abroad = _organisations_abroad(mention.name for mention in mentions)

    def find(self, mention: BodyMention) -> int | None:
        """The organisation (id) that a mention surely means."""
        for scheme, value in (("siret", mention.siret), ("uai", mention.uai)):
            if pk := self.numbers.get((scheme, value)):
                return pk
        siren = mention.siret[:9]
        if siren and siren not in self._shared_sirens and siren in self._sirens:
            return self._sirens[siren]
        return self._by_its_name(mention)

    def _by_its_name(self, mention: BodyMention) -> int | None:
        candidates = self._by_name.get(name_key(mention.name), set()) | self._abroad.get(fold(mention.name), set())
        possible = [pk for pk in sorted(candidates) if not self._has_other_numbers(pk, mention)]
        if len(possible) > 1:
            acronym = fold(mention.acronym)
            possible = [pk for pk in possible if pk in self.known and acronym in self.known[pk].acronyms]
        return possible[0] if len(possible) == 1 else None

    def _has_other_numbers(self, pk: int, mention: BodyMention) -> bool:
        own = self._numbers_of.get(pk, {})
        pairs = (("siret", mention.siret), ("uai", mention.uai))
        return any(value and own.get(scheme) and value not in own[scheme] for scheme, value in pairs)

    def add(self, pk: int, mention: BodyMention, name: bool) -> list[tuple[str, str]]:
        """Note that an organisation is a mention; return its numbers that the organisation lacks."""
        new = []
        for scheme, value in (("siret", mention.siret), ("uai", mention.uai)):
            if value and (scheme, value) not in self.numbers:
                self.numbers[scheme, value] = pk
                self._numbers_of[pk][scheme].add(value)
                new.append((scheme, value))
        if name:
            self._by_name[name_key(mention.name)].add(pk)
        return new

    def alike(self, mention: BodyMention) -> dict[int, list[LookalikeReason]]:
        """The organisations that may be a mention that none surely is."""
        key, acronym, reasons = name_key(mention.name), fold(mention.acronym), {}
        keys = list(self._by_name)
        near = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE, limit=3)
        pairs = {(pk, found): score for found, score, _place in near for pk in self._by_name[found] if pk in self.known}
        for pk, known in self.known.items() if len(acronym) > 2 else ():
            if acronym in known.acronyms:
                for found in known.names:
                    if (score := fuzz.token_sort_ratio(key, found)) >= ACRONYM_SCORE:
                        pairs[pk, found] = score
        for (pk, found), score in sorted(pairs.items(), key=lambda pair: pair[1]):
            here = self.known[pk].names[found]
            reason: LookalikeReason = {"reason": "name", "score": round(score), "incoming": mention.name, "here": here}
            shared = acronym and acronym in self.known[pk].acronyms
            reasons[pk] = [reason] + [{"reason": "acronym", "value": mention.acronym}] * bool(shared)
        return reasons


def _shared_sirens(mentions: Iterable[BodyMention]) -> set[str]:
    """The SIRENs that several bodies of the export bear: a school has that of the institute it belongs to."""
    bodies: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.siret:
            bodies[mention.siret[:9]].add(mention.siret)
    return {siren for siren, sirets in bodies.items() if len(sirets) > 1}


def _organisations_abroad(names: Iterable[str]) -> dict[str, set[int]]:
    """The organisations outside of France by the names that an export mentions."""
    found: dict[str, set[int]] = defaultdict(set)
    wanted = {fold(name) for name in names}
    for field_name in ("sort_name", "sort_name_en"):
        rows = Organisation.objects.filter(merged_into=None, **{f"{field_name}__in": wanted})
        for key, pk in rows.exclude(country__in=("FR", "")).values_list(field_name, "pk"):
            found[key].add(pk)
    return found


def write_bodies(mentions: list[BodyMention], day: dt.date) -> WrittenBodies:
    """Find or create the bodies that an export of `day` mentions, those with most numbers first."""
    index, new = _BodyIndex(mentions), _NewBodies()
    found: dict[BodyMention, int] = {}
    numbers: list[tuple[int, str, str]] = []
    for mention in sorted(mentions, key=_fewest_blanks):
        known = index.find(mention)
        found[mention] = known or new.add(mention, day, index.alike(mention))
        lacking = index.add(found[mention], mention, name=not known)
        numbers += [(found[mention], scheme, value) for scheme, value in lacking]
    ids = new.create()
    create_records(
        [Identifier(organisation_id=ids.get(pk, pk), scheme=scheme, value=value) for pk, scheme, value in numbers]
    )
    organisations = {mention: ids.get(pk, pk) for mention, pk in found.items()}
    pairs = {(here, ids[place]): reasons for (here, place), reasons in new.pairs.items()}
    _state_names(organisations, day)
    return WrittenBodies(organisations, len(ids), save_lookalikes(pairs))


def _fewest_blanks(mention: BodyMention) -> tuple[bool, bool, str, str]:
    return not mention.siret, not mention.uai, mention.name, mention.acronym


class _NewBodies:
    """Bodies to be created at once; each has a negative number until then."""

    def __init__(self) -> None:
        self._organisations: list[Organisation] = []
        self.pairs: dict[tuple[int, int], list[LookalikeReason]] = {}
        keys = Organisation.objects.filter(key__startswith=RNSR_KEY_PREFIX)
        self._keys = set(keys.values_list("key", flat=True))

    def add(self, mention: BodyMention, day: dt.date, alike: dict[int, list[LookalikeReason]]) -> int:
        """Note a body to be created, and the organisations that it may be; return its number."""
        organisation = Organisation(
            key=self._free_key(mention.name),
            kind=_KINDS_BY_NATURE.get(mention.nature, OrganisationKind.OTHER),
            name_fr=mention.name,
            acronym=mention.acronym,
            country="" if mention.nature in _FOREIGN else "FR",
            attested=day.isoformat(),
        )
        organisation.prepare()
        self._organisations.append(organisation)
        number = -len(self._organisations)
        self.pairs |= {(here, number): reasons for here, reasons in alike.items()}
        return number

    def create(self) -> dict[int, int]:
        """Create the bodies; return their ids by their numbers."""
        create_records(self._organisations)
        return {-place: organisation.pk for place, organisation in enumerate(self._organisations, 1)}

    def _free_key(self, name: str) -> str:
        base = RNSR_KEY_PREFIX + (slugify(fold(name))[:_KEY_LENGTH].strip("-") or "body")
        key, number = base, 1
        while key in self._keys:
            number += 1
            key = f"{base}-{number}"
        self._keys.add(key)
        return key


def _state_names(organisations: dict[BodyMention, int], day: dt.date) -> None:
    """Cite the register for its bodies, and date the names of those that were created from it."""
    source = sources_by_url([REGISTER_URL])[REGISTER_URL]
    records = Organisation.objects.in_bulk(set(organisations.values()))
    own = {pk: record for pk, record in records.items() if is_own(record)}
    cited = Citation.objects.filter(source=source, record_kind="register.organisation", record_id__in=own, property="")
    latest = dict(cited.values_list("record_id", "read_on"))
    mentions: dict[int, list[BodyMention]] = defaultdict(list)
    for mention, pk in organisations.items():
        mentions[pk].append(mention)
    names: dict[int, list[Name]] = defaultdict(list)
    for name in Name.objects.filter(organisation__in=own):
        names[name.organisation_id].append(name)
    changes, changed = NameChanges(), []
    for pk, record in own.items():
        change_names(record, names[pk], _stated_names(mentions[pk]), day, latest.get(pk), changes)
        if _follow_names(record, mentions[pk][0], day, latest.get(pk)):
            changed.append(record)
    create_records(changes.new)
    update_records(changes.changed, ["period_end", "attested", "certain", "possible", "days"])
    fields = ["name_fr", "acronym", "sort_name", "sort_name_en", "attested", "certain", "possible", "days"]
    update_records(changed, fields)
    cite("register.organisation", {pk: {source} for pk in records}, day)


def _stated_names(mentions: list[BodyMention]) -> list[StatedName]:
    names = [StatedName(mention.name, NameKind.OFFICIAL, "fr") for mention in mentions[:1]]
    names += [
        StatedName(mention.name, NameKind.ALIAS, "fr") for mention in mentions[1:] if mention.name != names[0].text
    ]
    return names + [StatedName(mention.acronym, NameKind.ACRONYM) for mention in mentions if mention.acronym]


def _follow_names(record: Organisation, mention: BodyMention, day: dt.date, latest: dt.date | None) -> bool:
    """Let a body be called as the latest export calls it; return whether that changes it."""
    before = record.name_fr, record.acronym, record.attested
    if latest is None or day >= latest:
        record.name_fr, record.acronym = mention.name, mention.acronym or record.acronym
    if record.attested:
        record.attested = min(record.attested, day.isoformat())
    record.prepare()
    return before != (record.name_fr, record.acronym, record.attested)
