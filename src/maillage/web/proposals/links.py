"""Where a reader who may not write proposes a change."""

from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse

from maillage.core.models import Source
from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS, list_of
from maillage.web.facts.addresses import fact_links, may_record, organisation_query


@dataclass(frozen=True, slots=True)
class ProposalLinks:
    """The addresses by which a reader proposes a change of a fact; `end` is empty for facts that do not end."""

    correct: str
    end: str
    withdraw: str


def proposal_links(request: Request, record: Model) -> ProposalLinks | None:
    """The addresses by which this reader proposes a change; `None` for who may write, and for what is no fact."""
    fact_list = list_of(record)
    if fact_list is None or fact_links(request, record) is not None:
        return None
    return links_of(fact_list, record)


def links_of(fact_list: AnyFactList, record: Model) -> ProposalLinks:
    """The addresses by which a change of a record is proposed."""
    words = [fact_list.name, record.serializable_value("uid")]
    end = reverse("propose-end", args=words) if fact_list.end_field else ""
    return ProposalLinks(reverse("propose-correction", args=words), end, reverse("propose-withdrawal", args=words))


def proposed_fact_address(request: Request, model: type[object], organisation: str = "") -> str:
    """The address at which a reader who may not write proposes a new fact of a model; empty if there is none.

    A source is proposed with the fact that cites it: alone, nobody would read it.
    """
    if model is Source:
        return ""
    fact_list = next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is model), None)
    if fact_list is None or may_record(fact_list, request.actor):
        return ""
    return reverse("propose-fact", args=[fact_list.name]) + organisation_query(fact_list, organisation)
