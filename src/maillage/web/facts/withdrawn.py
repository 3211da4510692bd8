"""Facts that were withdrawn: who may know of them."""

from django.db.models import Q

from maillage.core.actions.facts import organisations_of_values
from maillage.core.models import WithdrawnFact
from maillage.core.request import Request
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.security.session_scope import read_everything


def withdrawn_fact(request: Request, model: type[object], slug: str | int) -> WithdrawnFact | None:
    """The latest withdrawal of the record at an address, by its key, id or lasting key, or `None`.

    Officers may know of it, and those who act for an organisation that it concerned.
    """
    fact_list = next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is model), None)
    if fact_list is None or not (request.actor.is_officer or request.actor.reach):
        return None
    with read_everything():
        withdrawn = _latest(fact_list.name, str(slug))
        if withdrawn is None or request.actor.is_officer:
            return withdrawn
        own = organisations_of_values(fact_list, withdrawn.row)
    return withdrawn if own & request.actor.reach else None


def _latest(list_name: str, slug: str) -> WithdrawnFact | None:
    same = Q(row__key=slug) | Q(row__id=slug)
    if slug.isdecimal():
        same |= Q(records__0__pk=int(slug))
    withdrawn = WithdrawnFact.objects.filter(same, list_name=list_name, restored_at=None)
    return withdrawn.order_by("-withdrawn_at", "-pk").first()
