"""Where the facts of a list are read, and by which addresses they are changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.actions.facts import may_write
from maillage.core.actors import Actor
from maillage.core.request import Request
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import FACT_LISTS, list_of
from maillage.listing.listing import LISTINGS, listing_of_kind
from maillage.register.models import Name, Organisation
from maillage.web.facts.fields import picked_lists


def list_address(fact_list: FactList[Any]) -> str:
    """The page of the list with these records: names stand with their organisations; all lists for what has no page."""
    model = Organisation if fact_list.model is Name else fact_list.model
    listing = next((listing for listing in LISTINGS.values() if listing.model is model), None)
    return reverse(f"{listing.name}:list") if listing else reverse("fact-lists")


def fact_address(record: Any) -> str:
    """The page of a record; for one that has none of its own, that of its organisation, or of its list."""
    if isinstance(record, Name):
        return str(record.organisation.get_absolute_url())
    if listing_of_kind(record.kind_name()) and hasattr(record, "get_absolute_url"):
        return str(record.get_absolute_url())
    fact_list = list_of(record)
    return list_address(fact_list) if fact_list else reverse("home")


@dataclass(frozen=True, slots=True)
class FactLinks:
    """The addresses by which a reader may change a fact; `end` is empty for facts that do not end."""

    correct: str
    end: str
    withdraw: str


def fact_links(request: Request, record: Any) -> FactLinks | None:
    """The addresses by which this reader may change a record, or `None`."""
    fact_list = list_of(record)
    arguments = {"list_name": fact_list.name, "fact_id": str(record.uid)} if fact_list else {}
    if fact_list is None or not may_write(fact_list, request.actor, timezone.now()):
        return None
    if not REGISTRY["core.correct_fact"].allows(request.actor, timezone.now(), arguments):
        return None
    return writing_links(fact_list, record)


def writing_links(fact_list: FactList[Any], record: Any) -> FactLinks:
    """The addresses by which a record is changed by who may write it."""
    words = [fact_list.name, record.uid]
    end = reverse("end-fact", args=words) if fact_list.end_field else ""
    return FactLinks(reverse("correct-fact", args=words), end, reverse("withdraw-fact", args=words))


def may_record(fact_list: FactList[Any], actor: Actor) -> bool:
    """Whether an actor may record some fact of a list. A new organisation concerns no mandate: officers record it."""
    if fact_list.model is Organisation:
        return actor.is_officer
    return may_write(fact_list, actor, timezone.now())


def writable_lists(actor: Actor) -> list[FactList[Any]]:
    """The lists in which an actor may write."""
    return [fact_list for fact_list in FACT_LISTS.values() if may_write(fact_list, actor, timezone.now())]


def new_fact_address(request: Request, model: type[Any], organisation: str = "") -> str:
    """The address at which this reader may record a fact of a model; empty if there is none.

    `organisation` is the key of the organisation that the list is filtered by, if any: it is filled in.
    """
    fact_list = next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is model), None)
    if fact_list is None or not may_record(fact_list, request.actor):
        return ""
    return reverse("new-fact", args=[fact_list.name]) + organisation_query(fact_list, organisation)


def organisation_query(fact_list: FactList[Any], organisation: str) -> str:
    """The query of an address by which the organisation with this key is filled in; empty without one."""
    field = organisation_field(fact_list) if organisation else ""
    return f"?{urlencode({field: organisation})}" if field else ""


def sheet_address(request: Request, model: type[Any]) -> str:
    """The address at which this reader may change a list by a sheet; empty if there is none."""
    fact_list = next((fact_list for fact_list in writable_lists(request.actor) if fact_list.model is model), None)
    return reverse("sheet", args=[fact_list.name]) if fact_list else ""


def organisation_field(fact_list: FactList[Any]) -> str:
    """The key of the first field of a list in which an organisation is picked; empty if there is none."""
    fields = (field.key for field in fact_list.fields if "organisations" in picked_lists(field))
    return next(fields, "")


@dataclass(frozen=True, slots=True)
class AddLink:
    """A list with the address at which a fact of it is recorded."""

    title: str
    url: str


def facts_to_add(request: Request, organisation: Organisation) -> Iterator[AddLink]:
    """The facts about an organisation that this reader may record, with that organisation filled in."""
    for fact_list in writable_lists(request.actor):
        field = organisation_field(fact_list)
        values: dict[str, Any] = {"list_name": fact_list.name, "values": {field: organisation.key}}
        is_allowed = REGISTRY["core.record_fact"].allows(request.actor, timezone.now(), values)
        if field and is_allowed and may_record(fact_list, request.actor):
            yield AddLink(str(fact_list.title), new_fact_address(request, fact_list.model, organisation.key))
