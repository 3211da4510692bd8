"""Reads of past projects."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count

from maillage.kernel.actors import Actor
from maillage.projects.models import Participation, Project
from maillage.register.collaboration import Together

# That two bodies were among more than these says next to nothing.
_LARGEST = 60


def projects_together(bodies: Collection[int], actor: Actor) -> list[Together]:
    """The past projects in which several of these bodies took part, with all bodies of the register that did."""
    here = Participation.objects.filter(party__organisation__in=bodies).values("project")
    several = here.annotate(number=Count("party__organisation", distinct=True)).filter(number__gt=1)
    names = {
        one.pk: one.acronym or one.title
        for one in Project.objects.visible_to(actor).filter(pk__in=several.values("project")).only("acronym", "title")
    }
    rows = Participation.objects.filter(project__in=names).values_list("project_id", "party__organisation_id")
    parties: dict[int, list[int | None]] = defaultdict(list)
    for project, organisation in rows:
        parties[project].append(organisation)
    return [_together(names[one], found) for one, found in parties.items() if len(found) <= _LARGEST]


def _together(name: str, parties: list[int | None]) -> Together:
    """Parties that are not in the register count too for how large a project was: the weight makes up for them."""
    known = frozenset(one for one in parties if one is not None)
    return Together(known, name, min(1.0, 4 / len(parties)) / min(1.0, 4 / len(known)))
