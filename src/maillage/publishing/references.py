"""References from sentences to records of the register, fetched together: one query per kind of record."""

import datetime as dt
import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import F, Model, Q

from maillage.clinical.models import Trial
from maillage.community.models import Agreement, Event, Funding
from maillage.core.actors import Actor
from maillage.core.certainty import Evidence, RecordKey
from maillage.core.models import Citation, Contradiction, ContradictionSubject, Fact
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.offers.models import Offer
from maillage.publishing.models import Statement
from maillage.register.domains import OwnDomains, own_domains
from maillage.register.models import Name, Office, Organisation, Tie
from maillage.register.vocabulary import TieKind
from maillage.ventures.models import Startup

# The most records of a kind that are fetched, whatever the size of the register.
MAX_RECORDS = 2_000
# The kinds of tie that make an organisation one of those "in" another.
BELONGING_TIES = (TieKind.MEMBER, TieKind.FOUNDING_MEMBER, TieKind.PART_OF)

# The path of one value of an identity, or several paths of which the first that is filled counts.
IdentityPath = str | tuple[str, ...]


FactRecord: TypeAlias = Any  # Any: a fact of the kind that the reference names


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """A kind of reference: the model, and the paths of the values of an identity.

    `cited` kinds also load their evidence. `where` narrows by the day. The path `many`, over several records, is read
    back from the query; the others from the record, whose `related` are fetched with it, `with_end` where the record
    lasts no longer than they do.
    """

    model: type[Fact]
    paths: tuple[IdentityPath, ...]
    related: tuple[str, ...] = ()
    cited: bool = True
    where: Callable[[dt.date], Q] | None = None
    many: str = ""
    with_end: bool = False


def _belonging(path: str) -> Callable[[dt.date], Q]:
    return lambda day: Q(
        **{f"{path}__ties_out__kind__in": BELONGING_TIES, f"{path}__ties_out__possible__contains": day}
    )


def _not_simulated(_day: dt.date) -> Q:
    """Simulated awards are counted nowhere."""
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
    "trials": ReferenceKind(Trial, ("registry", "number")),
    "funding": ReferenceKind(Funding, ("payer__key", "payee__key"), ("payer", "payee")),
    # Sets of records, by what they have in common.
    "names": ReferenceKind(Name, ("organisation__key",), ("organisation",), cited=False, with_end=True),
    "waves of": ReferenceKind(Wave, ("label__key",), ("label",)),
    "parameters of": ReferenceKind(Parameter, ("label__key",), ("label", "wave"), cited=False),
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
    "awards to": ReferenceKind(Award, ("holder__key",), ("label", "holder"), where=_not_simulated),
    "labels by": ReferenceKind(Label, ("authority__key",), ("authority",)),
    "trials sponsored": ReferenceKind(Trial, ("sponsor__key",), ("sponsor",)),
    "trials coordinated": ReferenceKind(Trial, ("groups__key",), many="groups__key"),
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
    """Records named by a kind and an identity: `Reference("awards", ("carnot", "opale"))`."""

    kind: str
    identity: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {' '.join(self.identity)}"


def record_key(record: Model) -> RecordKey:
    """The kind and id under which citations refer to a record."""
    return record._meta.label_lower, record.pk


@dataclass
class ResolvedReferences:
    """The records of references on a day, with the evidence and contradictions about them."""

    day: dt.date
    records: dict[Reference, list[FactRecord]] = field(default_factory=lambda: defaultdict(list))
    evidence: dict[RecordKey, Evidence] = field(default_factory=dict)
    subjects: dict[RecordKey, list[ContradictionSubject]] = field(default_factory=lambda: defaultdict(list))

    def records_of(self, ref: Reference) -> list[FactRecord]:
        """The records of a reference; empty if there are none."""
        return self.records.get(ref, [])

    @functools.cached_property
    def own_domains(self) -> OwnDomains:
        """The cited domains that are own of each organisation among the records, by its id."""
        cited = {citation.source.domain for evidence in self.evidence.values() for citation in evidence.citations}
        records = (record for records in self.records.values() for record in records)
        return own_domains(cited, (record.pk for record in records if isinstance(record, Organisation)), self.day)

    def evidence_of(self, record: Model) -> Evidence:
        """The evidence of a record; empty for kinds that are not cited."""
        return self.evidence.get(record_key(record), Evidence())


def resolve_references(
    refs: Iterable[Reference], statements: Iterable[Statement], *, day: dt.date, actor: Actor
) -> ResolvedReferences:
    """Fetch the records of every reference, with the evidence about them and about the statements."""
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


def _rows(kind: ReferenceKind, identities: set[tuple[str, ...]], day: dt.date, actor: Actor) -> list[FactRecord]:
    """The records of a kind with any of the identities."""
    where = kind.where(day) if kind.where else Q()
    rows = kind.model.objects.visible_to(actor).filter(_identity_filter(kind, identities) & where)
    rows = rows.select_related(*kind.related).defer("days", *_unused_columns(kind))
    if kind.many:
        # Filter before annotating, so that both use the same join.
        return list(rows.annotate(met=F(kind.many)).order_by("pk")[:MAX_RECORDS])
    return list(rows.order_by("pk")[:MAX_RECORDS])


def _unused_columns(kind: ReferenceKind) -> Iterator[str]:
    """The ranges of days of related records that nothing here reads: they are slow to load."""
    unused = ("days", "certain") if kind.with_end else ("days", "certain", "possible")
    return (f"{name}__{days}" for name in kind.related for days in unused)


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


def _identity(record: Model, kind: ReferenceKind) -> tuple[str, ...]:
    return tuple(str(getattr(record, "met", "")) if path == kind.many else _read(record, path) for path in kind.paths)


def _read(record: object, path: IdentityPath) -> str:
    for place in (path,) if isinstance(path, str) else path:
        value = functools.reduce(lambda value, name: value and getattr(value, name), place.split("__"), record)
        if value:
            return str(value)
    return ""


def _add_evidence(resolved: ResolvedReferences, cited: set[RecordKey], actor: Actor) -> None:
    """Load citations and contradictions of all records in two queries, whatever their kinds."""
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
    """A condition that selects these records, whatever their kinds."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, record_id in sorted(keys):
        ids[kind].append(record_id)
    either = (Q(record_kind=kind, record_id__in=numbers) for kind, numbers in ids.items())
    return functools.reduce(operator.or_, either, Q(pk__in=[]))
