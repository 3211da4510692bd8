"""References from sentences to records of the register, fetched together: one query per kind, however many they are."""

import datetime as dt
import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Q
from django.db.models.functions import Cast, Coalesce

from maillage.community.models import Agreement, Event, Funding
from maillage.kernel.actors import Actor
from maillage.kernel.certainty import Evidence, RecordKey, evidence_of
from maillage.kernel.models import ContradictionSubject
from maillage.labels.models import Award, Label
from maillage.offers.models import Offer
from maillage.register.models import Name, Office, Organisation, Tie
from maillage.register.vocabulary import TieKind
from maillage.ventures.models import Startup

# A sentence speaks of few records; a reference that meets more than this is cut, never left to grow with the register.
MOST = 2_000
# The ties by which a body is one of those "in" another.
BELONGING = (TieKind.MEMBER, TieKind.FOUNDING_MEMBER, TieKind.PART_OF)

Path = str | Coalesce


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to name records: the model, and the paths at which each value of an identity stands.

    `cited` kinds bring their evidence along. `where` narrows by the day read.
    """

    model: type[Any]
    paths: tuple[Path, ...]
    related: tuple[str, ...] = ()
    cited: bool = True
    where: Callable[[dt.date], Q] | None = None


def _belonging(path: str) -> Callable[[dt.date], Q]:
    return lambda day: Q(**{f"{path}__ties_out__kind__in": BELONGING, f"{path}__ties_out__possible__contains": day})


_HOLDER = Coalesce("holder__key", Cast("holder_text", CharField()))
_ENDS = ("subject", "object")

KINDS: dict[str, Kind] = {
    "organisations": Kind(Organisation, ("key",), ("merged_into",)),
    "labels": Kind(Label, ("key",), ("authority", "managed_by")),
    "awards": Kind(Award, ("label__key", _HOLDER), ("label", "holder")),
    "memberships": Kind(Tie, ("subject__key", "kind", "object__key"), _ENDS),
    "people_roles": Kind(Office, ("organisation__key", "role_en"), ("organisation",)),
    "agreements": Kind(Agreement, ("key",)),
    "events": Kind(Event, ("key",)),
    "startups": Kind(Startup, ("key",), ("organisation",)),
    "offers": Kind(Offer, ("key",)),
    "funding": Kind(Funding, ("payer__key", "payee__key"), ("payer", "payee")),
    # Sets of records, by what they have in common.
    "names": Kind(Name, ("organisation__key",), cited=False),
    "ties to": Kind(Tie, ("object__key", "kind"), _ENDS),
    "ties from": Kind(Tie, ("subject__key", "kind"), _ENDS),
    "awards of": Kind(Award, ("label__key",), ("holder",), cited=False),
    "awards in": Kind(
        Award, ("label__key", "holder__ties_out__object__key"), ("holder",), cited=False, where=_belonging("holder")
    ),
    "startups of": Kind(Startup, ("origin__key",), ("organisation",)),
    "startups in": Kind(Startup, ("origin__ties_out__object__key",), ("organisation",), where=_belonging("origin")),
}


@dataclass(frozen=True, slots=True)
class Ref:
    """Records named by a kind and an identity: `Ref("awards", ("carnot", "opale"))`."""

    kind: str
    identity: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {' '.join(self.identity)}"


def key_of(record: Any) -> RecordKey:
    """How citations name a record."""
    return record.kind_name(), record.pk


@dataclass(slots=True)
class Found:
    """What the references met: their records, and the evidence and contradictions about them."""

    day: dt.date
    records: dict[Ref, list[Any]] = field(default_factory=lambda: defaultdict(list))
    evidence: dict[RecordKey, Evidence] = field(default_factory=dict)
    subjects: dict[RecordKey, list[ContradictionSubject]] = field(default_factory=lambda: defaultdict(list))

    def of(self, ref: Ref) -> list[Any]:
        """The records of a reference, none if it meets nothing."""
        return self.records.get(ref, [])

    def about(self, record: Any) -> Evidence:
        """The evidence of a record; empty for kinds that are not cited."""
        return self.evidence.get(key_of(record), Evidence())


def find(refs: Iterable[Ref], statements: Iterable[Any], *, day: dt.date, actor: Actor) -> Found:
    """Fetch every reference, with the evidence about what was found and about the statements themselves."""
    found = Found(day)
    wanted: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for ref in refs:
        wanted[ref.kind].add(ref.identity)
    cited = {key_of(statement) for statement in statements}
    for name, identities in wanted.items():
        for record in _rows(KINDS[name], identities, day, actor):
            records = found.records[Ref(name, _identity(record, KINDS[name]))]
            if record not in records:
                records.append(record)
            if KINDS[name].cited:
                cited.add(key_of(record))
    found.evidence = evidence_of(sorted(cited), actor=actor)
    _add_subjects(found)
    return found


def _rows(kind: Kind, identities: set[tuple[str, ...]], day: dt.date, actor: Actor) -> list[Any]:
    """The records of a kind under any of the identities.

    The paths are filtered before they are read back, so that both go by the same join.
    """
    computed = {f"by_{n}": path for n, path in enumerate(kind.paths) if not isinstance(path, str)}
    paths = [path if isinstance(path, str) else f"by_{n}" for n, path in enumerate(kind.paths)]
    named = functools.reduce(operator.or_, (Q(**dict(zip(paths, values, strict=True))) for values in sorted(identities)))
    where = kind.where(day) if kind.where else Q()
    rows = kind.model.objects.visible_to(actor).select_related(*kind.related).alias(**computed).filter(named & where)
    return list(rows.annotate(**{f"ref_{n}": F(path) for n, path in enumerate(paths)}).order_by("pk")[:MOST])


def _identity(record: Any, kind: Kind) -> tuple[str, ...]:
    return tuple(getattr(record, f"ref_{n}") for n in range(len(kind.paths)))


def _add_subjects(found: Found) -> None:
    """Which property each contradiction speaks of: the evidence only says of which record."""
    ids = {contradiction.pk for evidence in found.evidence.values() for contradiction in evidence.contradictions}
    for subject in ContradictionSubject.objects.filter(contradiction__in=ids).select_related("contradiction"):
        found.subjects[subject.record_kind, subject.record_id].append(subject)
