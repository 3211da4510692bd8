"""What rooms register: the kinds of row of the desk, and the providers that find what waits for a reader.

@desk_rows(DeskKind("team-request", _("Team"), "people"))
def team_requests(reader: DeskReader) -> Iterable[DeskRow]:
    requests = TeamRequest.objects.filter(reader.waits_in("offer__provider", LEAD, MANAGER), reply="")
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from maillage.core.actors import ActiveMandate, Actor
from maillage.core.registers import Register, qualified_name
from maillage.desk.models import RowOwner
from maillage.workflow.models import Case

# The parameter of an address that names the mandate by which its page is opened.
MANDATE_PARAMETER = "by"
# The most rows that a provider gives of those due first, and of those that nobody else takes care of.
MAX_ROWS_OF_KIND = 200

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class DeskKind:
    """A kind of row: its name, its title in the singular, and its icon (`people`, `message`, `sign`, …)."""

    name: str
    title: str | Promise
    icon: str = "folder"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """Something that waits for a person, or for whoever holds one of the roles for one of the organisations.

    `title` says what, `about` whom it concerns, `act` what is to be done (a verb) on the page `url`. `person_id` is set
    where it waits for one person only. The desk fills in the rest: by which `mandate` of the reader it is done, for
    which organisation (the team), and who of that team takes care of it. `is_unattended`: nobody could act on it;
    `is_stood_in`: the reader stands in for its owner. `has_secret_link`: whoever has its `url` may act.
    """

    kind: str
    number: int
    title: str
    url: str
    act: str
    roles: frozenset[str] = frozenset()
    organisation_ids: tuple[int, ...] = ()
    about: str = ""
    due: dt.date | None = None
    since: dt.datetime | None = None
    person_id: int | None = None
    mandate: ActiveMandate | None = None
    organisation_id: int | None = None
    owner_id: int | None = None
    owner: str = ""
    is_unattended: bool = False
    is_stood_in: bool = False
    has_secret_link: bool = False

    @property
    def key(self) -> str:
        """Its name in forms and addresses: `team-request:12`."""
        return f"{self.kind}:{self.number}"

    @property
    def address(self) -> str:
        """The page where it is done, opened by the mandate that may do it."""
        if self.mandate is None:
            return self.url
        page, mark, place = self.url.partition("#")
        return f"{page}{'&' if '?' in page else '?'}{MANDATE_PARAMETER}={self.mandate.mandate_id}{mark}{place}"

    @property
    def order(self) -> tuple[dt.date, str, str, int]:
        """By due day, those without last; then by since when it waits."""
        since = self.since.isoformat() if self.since else ""
        return self.due or dt.date.max, since, self.kind, self.number


@dataclass(frozen=True)
class DeskReader:
    """For whom rows are found: a person with all mandates of one role, or none; `actor` reads what any of them reads.

    With `attended` (ids of organisations by role, for which somebody holds it) the rows are those on which nobody can
    act: an officer is shown them. `cut` are the kinds of which more rows were found than the desk holds.
    """

    actor: Actor
    at: dt.datetime
    mandates: tuple[ActiveMandate, ...] = ()
    attended: dict[str, frozenset[int]] | None = field(default=None)
    cut: set[str] = field(default_factory=set, compare=False)

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.at)

    def reach(self, *roles: str) -> frozenset[int]:
        """The ids of the organisations for which the reader holds one of the roles, or somebody does (`attended`)."""
        if self.attended is not None:
            return frozenset().union(*(self.attended.get(role, frozenset()) for role in roles))
        return frozenset().union(*(mandate.reach for mandate in self.mandates if mandate.role in roles))

    def waits_in(self, path: str, *roles: str) -> Q:
        """The condition that the organisation at a path is one for which the reader holds one of the roles."""
        condition = Q(**{f"{path}__in": self.reach(*roles)})
        return ~condition & Q(**{f"{path}__isnull": False}) if self.attended is not None else condition

    def first(self, found: QuerySet[Model, Found], *kinds: str, numbers_rows: bool = True) -> list[Found]:
        """The first records found, for rows of these kinds. Where there are more, the desk says so.

        What colleagues take care of then hides neither what the reader does nor what nobody does, where the rows have
        the numbers of the records.
        """
        records = list(found[: MAX_ROWS_OF_KIND + 1])
        if len(records) <= MAX_ROWS_OF_KIND:
            return records
        self.cut.update(kinds)
        if not numbers_rows:
            return records[:MAX_ROWS_OF_KIND]
        taken = RowOwner.objects.filter(self._own_teams(), kind__in=kinds)
        own, others = taken.filter(owner=self.actor.user_id), taken.exclude(owner=self.actor.user_id)
        parts = (
            found.filter(pk__in=own.values("number")),
            found.exclude(pk__in=others.values("number")),
            records,
        )
        return list(dict.fromkeys(record for part in parts for record in part[:MAX_ROWS_OF_KIND]))

    def _own_teams(self) -> Q:
        """The condition that somebody takes care of a row for one of the organisations that the reader acts for.

        What is taken care of for another organisation may still wait for those.
        """
        reach = frozenset[int]().union(*(mandate.reach for mandate in self.mandates))
        officers = Q(organisation=None) if self.actor.is_officer else Q(pk__in=())
        return Q(organisation__in=reach) | officers

    def has_any(self, *roles: str) -> bool:
        """Whether rows for these roles can be there at all."""
        return self.attended is not None or bool(self.reach(*roles))


@dataclass(frozen=True, slots=True)
class CasePage:
    """The address of the page on which a case is dealt with, and whom it concerns in words."""

    url: str
    about: str = ""


RowProvider = Callable[[DeskReader], Iterable[DeskRow]]
# The pages of cases, as far as a reader may know whom they concern, by id of the case; others have their own page.
CasePages = Callable[[Sequence[Case], Actor], dict[int, "CasePage"]]
DESK_KINDS: Register[DeskKind] = Register("kinds of rows of the desk")
# By name of the process; the cases of other processes are of the kind `case`.
CASE_KINDS: Register[DeskKind] = Register("kinds of rows of cases")
DESK_PROVIDERS: Register[RowProvider] = Register("rows of the desk")
# By name of the process.
CASE_PAGES: Register[CasePages] = Register("pages on which cases are dealt with")


def desk_rows(*kinds: DeskKind) -> Callable[[RowProvider], RowProvider]:
    """Register a function that finds rows of these kinds for a reader: those that `DeskReader.first` gives it."""

    def register(provider: RowProvider) -> RowProvider:
        for kind in kinds:
            DESK_KINDS[kind.name] = kind
        DESK_PROVIDERS[qualified_name(provider)] = provider
        return provider

    return register


def case_pages(process: str) -> Callable[[CasePages], CasePages]:
    """Register the pages on which the cases of a process are dealt with, if these are not the pages of the cases."""

    def register(pages: CasePages) -> CasePages:
        CASE_PAGES[process] = pages
        return pages

    return register


def case_page_by_id(cases: Iterable[Case], actor: Actor) -> dict[int, CasePage]:
    """The page on which each case is dealt with, by its id."""
    by_process: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_process[case.definition.name].append(case)
    found = {case.pk: CasePage(case.get_absolute_url()) for within in by_process.values() for case in within}
    for process, within in by_process.items():
        if pages := CASE_PAGES.get(process):
            found |= pages(within, actor)
    return found


def register_case_kind(kind: DeskKind) -> None:
    """Register the kind of row of the cases of a process, which has the name of the process."""
    DESK_KINDS[kind.name] = CASE_KINDS[kind.name] = kind
