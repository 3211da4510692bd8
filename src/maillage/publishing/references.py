"""References from sentences to records of the register, fetched together: one query per kind, however many they are."""

import datetime as dt
import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q

from maillage.community.models import Agreement, Event, Funding
from maillage.core.actors import Actor
from maillage.core.certainty import Evidence, RecordKey
from maillage.core.models import Citation, Contradiction, ContradictionSubject
from maillage.labels.models import Award, Label, Wave
from maillage.offers.models import Offer
from maillage.register.models import Name, Office, Organisation, Tie
from maillage.register.vocabulary import TieKind
from maillage.ventures.models import Startup

# A sentence speaks of few records; a reference that meets more than this is cut, never left to grow with the register.
MAX_RECORDS = 2_000
# The ties by which an organisation is one of those "in" another.
BELONGING_TIES = (TieKind.MEMBER, TieKind.FOUNDING_MEMBER, TieKind.PART_OF)

# Where one value of an identity stands, or the places where it may stand, the first that is filled.
IdentityPath = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """A way to name records: the model, and the paths at which each value of an identity stands.

    `cited` kinds bring their evidence along. `where` narrows by the day read. A path over `many` records is read back
    from the query; the others from the record itself, whose relations are fetched with it.
    """

    model: type[Any]
    paths: tuple[IdentityPath, ...]
    related: tuple[str, ...] = ()
    cited: bool = True
    where: Callable[[dt.date], Q] | None = None
    many: str = ""


def _belonging(path: str) -> Callable[[dt.date], Q]:
    return lambda day: Q(
        **{f"{path}__ties_out__kind__in": BELONGING_TIES, f"{path}__ties_out__possible__contains": day}
    )


def _not_simulated(_day: dt.date) -> Q:
    """Awards that were made to try something out are counted nowhere."""
    return Q(simulated=False)


def _not_simulated_and_belonging(day: dt.date) -> Q:
    return _not_simulated(day) & _belonging("holder")(day)


_ENDS = ("subject", "object")

REFERENCE_KINDS: dict[str, ReferenceKind] = {
    "organisations": ReferenceKind(Organisation, ("key",), ("merged_into",)),
    "labels": ReferenceKind(Label, ("key",)),
    "awards": ReferenceKind(Award, ("label__key", ("holder__key", "holder_text")), ("label", "holder")),
    "memberships": ReferenceKind(Tie, ("subject__key", "kind", "object__key"), _ENDS),
    "people_roles": ReferenceKind(Office, ("organisation__key", "role_en"), ("organisation",)),
    "agreements": ReferenceKind(Agreement, ("key",)),
    "events": ReferenceKind(Event, ("key",)),
    "startups": ReferenceKind(Startup, ("key",), ("organisation",)),
    "offers": ReferenceKind(Offer, ("key",)),
    "funding": ReferenceKind(Funding, ("payer__key", "payee__key"), ("payer", "payee")),
    # Sets of records, by what they have in common.
    "names": ReferenceKind(Name, ("organisation__key",), ("organisation",), cited=False),
    "waves of": ReferenceKind(Wave, ("label__key",), ("label",)),
    "ties to": ReferenceKind(Tie, ("object__key", "kind"), _ENDS),
    "ties from": ReferenceKind(Tie, ("subject__key", "kind"), _ENDS),
    "awards of": ReferenceKind(Award, ("label__key",), ("label", "holder"), cited=False, where=_not_simulated),
    "awards in": ReferenceKind(
        Award,
        ("label__key", "holder__ties_out__object__key"),
        ("label", "holder"),
        cited=False,
        where=_not_simulated_and_belonging,
        many="holder__ties_out__object__key",
    ),
    "startups of": ReferenceKind(Startup, ("origin__key",), ("organisation", "origin")),
    "startups in": ReferenceKind(
        Startup,
        ("origin__ties_out__object__key",),
        ("organisation",),
        where=_belonging("origin"),
        many="origin__ties_out__object__key",
    ),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """Records named by a kind and an identity: `Ref("awards", ("carnot", "opale"))`."""

    kind: str
    identity: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {' '.join(self.identity)}"


def record_key(record: Any) -> RecordKey:
    """How citations name a record."""
    return record.kind_name(), record.pk


@dataclass(slots=True)
class ResolvedReferences:
    """What the references met: their records, and the evidence and contradictions about them."""

    day: dt.date
    records: dict[Reference, list[Any]] = field(default_factory=lambda: defaultdict(list))
    evidence: dict[RecordKey, Evidence] = field(default_factory=dict)
    subjects: dict[RecordKey, list[ContradictionSubject]] = field(default_factory=lambda: defaultdict(list))

    def records_of(self, ref: Reference) -> list[Any]:
        """The records of a reference, none if it meets nothing."""
        return self.records.get(ref, [])

    def evidence_of(self, record: Any) -> Evidence:
        """The evidence of a record; empty for kinds that are not cited."""
        return self.evidence.get(record_key(record), Evidence())


def resolve_references(
    refs: Iterable[Reference], statements: Iterable[Any], *, day: dt.date, actor: Actor
) -> ResolvedReferences:
    """Fetch every reference, with the evidence about what was found and about the statements themselves."""
    resolved = ResolvedReferences(day)
    wanted: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for ref in refs:
        wanted[ref.kind].add(ref.identity)
    cited = {record_key(statement) for statement in statements}
    for name, identities in wanted.items():
        for record in _rows(REFERENCE_KINDS[name], identities, day, actor):
            records = resolved.records[Reference(name, _identity(record, REFERENCE_KINDS[name]))]
            if record not in records:
                records.append(record)
            if REFERENCE_KINDS[name].cited:
                cited.add(record_key(record))
    _add_evidence(resolved, cited, actor)
    return resolved


def _rows(kind: ReferenceKind, identities: set[tuple[str, ...]], day: dt.date, actor: Actor) -> list[Any]:
    """The records of a kind under any of the identities."""
    where = kind.where(day) if kind.where else Q()
    rows = kind.model.objects.visible_to(actor).filter(_identity_filter(kind, identities) & where)
    rows = rows.select_related(*kind.related).defer("days", *_unused_columns(kind))
    if kind.many:
        # Filtered first and read back second, so that both go by the same join.
        rows = rows.annotate(met=F(kind.many))
    return list(rows.order_by("pk")[:MAX_RECORDS])


def _unused_columns(kind: ReferenceKind) -> Iterator[str]:
    """The ranges of days of related organisations: nobody asks them whether they are in force, and they are slow to read."""
    return (f"{name}__{days}" for name in kind.related for days in ("days", "certain", "possible"))


def _identity_filter(kind: ReferenceKind, identities: set[tuple[str, ...]]) -> Q:
    if len(kind.paths) == 1:
        return Q(**{f"{kind.paths[0]}__in": sorted(values[0] for values in identities)})
    each = (_all(_at(path, value) for path, value in zip(kind.paths, values, strict=True)) for values in identities)
    return functools.reduce(operator.or_, each)


def _all(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.and_, conditions)


def _at(path: IdentityPath, value: str) -> Q:
    places = (path,) if isinstance(path, str) else path
    return functools.reduce(operator.or_, (Q(**{place: value}) for place in places))


def _identity(record: Any, kind: ReferenceKind) -> tuple[str, ...]:
    return tuple(record.met if path == kind.many else _read(record, path) for path in kind.paths)


def _read(record: Any, path: IdentityPath) -> str:
    for place in (path,) if isinstance(path, str) else path:
        value = functools.reduce(lambda value, name: value and getattr(value, name), place.split("__"), record)
        if value:
            return str(value)
    return ""


def _add_evidence(resolved: ResolvedReferences, cited: set[RecordKey], actor: Actor) -> None:
    """Citations and contradictions of every record in two queries: a page speaks of a dozen kinds at once."""
    resolved.evidence = {key: Evidence() for key in cited}
    where = _any_of(cited)
    for citation in Citation.objects.filter(where).select_related("source").order_by("id"):
        resolved.evidence[citation.record_kind, citation.record_id].citations.append(citation)
    visible = Contradiction.objects.visible_to(actor)
    subjects = ContradictionSubject.objects.filter(where, contradiction__in=visible).select_related("contradiction")
    for subject in subjects.order_by("id"):
        key = (subject.record_kind, subject.record_id)
        resolved.subjects[key].append(subject)
        resolved.evidence[key].contradictions.append(subject.contradiction)


def _any_of(keys: set[RecordKey]) -> Q:
    """One of these records, whatever its kind."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, record_id in sorted(keys):
        ids[kind].append(record_id)
    either = (Q(record_kind=kind, record_id__in=numbers) for kind, numbers in ids.items())
    return functools.reduce(operator.or_, either, Q(pk__in=[]))
