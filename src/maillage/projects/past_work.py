"""What an organisation did in past projects: how many in each year, and with whom most."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Max

from maillage.core.actors import Actor
from maillage.projects.models import Participation, Party, Project

# Of an organisation with more projects, the latest say with whom it works.
_MAX_PROJECTS = 300
# In a project of more parties, that two of them took part says little.
_MAX_PARTIES = 60


@dataclass(frozen=True, slots=True)
class YearOfProjects:
    """How many projects began in a year."""

    year: int
    count: int


@dataclass(frozen=True, slots=True)
class WorkedWith:
    """A party with which an organisation shares projects: how many, and the year of the last."""

    party: Party
    projects: int
    last_year: int | None


@dataclass(frozen=True, slots=True)
class PastWork:
    """Projects by year without gaps, oldest first, and the parties of most shared projects."""

    years: tuple[YearOfProjects, ...]
    partners: tuple[WorkedWith, ...]
    projects: int


def past_work(organisation_id: int, actor: Actor, *, most: int = 12) -> PastWork:
    """The past work of an organisation (id), as far as the actor may read it."""
    own = Participation.objects.filter(party__in=Party.objects.visible_to(actor).filter(organisation=organisation_id))
    projects = Project.objects.visible_to(actor).filter(pk__in=own.order_by().values("project"))
    counts = Counter(dict(projects.exclude(year=None).order_by().values_list("year").annotate(Count("pk"))))
    return PastWork(_years(counts), tuple(_partners(organisation_id, actor, most)), sum(counts.values()))


def _years(counts: Counter[int]) -> tuple[YearOfProjects, ...]:
    return tuple(YearOfProjects(year, counts[year]) for year in range(min(counts), max(counts) + 1)) if counts else ()


def _partners(organisation_id: int, actor: Actor, most: int) -> list[WorkedWith]:
    own = Party.objects.visible_to(actor).filter(organisation=organisation_id)
    shared = Participation.objects.filter(party__in=own, project__in=Project.objects.visible_to(actor))
    latest = shared.order_by("-project__year", "-project_id").values_list("project_id", flat=True)[:_MAX_PROJECTS]
    all_parties = Participation.objects.filter(project__in=list(latest)).order_by()
    sizes = all_parties.values_list("project_id").annotate(Count("party", distinct=True))
    close = [project_id for project_id, size in sizes if size <= _MAX_PARTIES]
    others = Party.objects.visible_to(actor).exclude(pk__in=own.values("pk"))
    rows = Participation.objects.filter(project__in=close, party__in=others).order_by().values("party")
    counted = rows.annotate(number=Count("project", distinct=True), last=Max("project__year"))
    first = list(counted.order_by("-number", "-last", "party")[:most])
    parties = Party.objects.select_related("organisation").in_bulk([row["party"] for row in first])
    return [WorkedWith(parties[row["party"]], row["number"], row["last"]) for row in first]
