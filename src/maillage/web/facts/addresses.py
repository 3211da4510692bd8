"""Where the facts of a list are read, and by which addresses they are changed."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.actions.facts import may_write
from maillage.core.request import Request
from maillage.core.rows.fact_list import FACT_LISTS, FactList, list_of
from maillage.listing.listing import LISTINGS


def list_address(fact_list: FactList[Any]) -> str:
    """The page of the list with these records; the home page for records that have none."""
    listing = next((listing for listing in LISTINGS.values() if listing.model is fact_list.model), None)
    return reverse(f"{listing.name}:list") if listing else reverse("front-door")


def fact_address(record: Any) -> str:
    """The page of a record; the home page for one that has none."""
    return str(record.get_absolute_url()) if hasattr(record, "get_absolute_url") else reverse("front-door")


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
    words = [fact_list.name, record.uid]
    end = reverse("end-fact", args=words) if fact_list.end_field else ""
    return FactLinks(reverse("correct-fact", args=words), end, reverse("withdraw-fact", args=words))


def new_fact_address(request: Request, model: type[Any]) -> str:
    """The address at which this reader may record a fact of a model; empty if there is none."""
    fact_list = next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is model), None)
    if fact_list is None or not may_write(fact_list, request.actor, timezone.now()):
        return ""
    return reverse("new-fact", args=[fact_list.name])


def sheet_address(request: Request, model: type[Any]) -> str:
    """The address at which this reader may change a list by a sheet; empty if there is none."""
    fact_list = next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is model), None)
    if fact_list is None or not may_write(fact_list, request.actor, timezone.now()):
        return ""
    return reverse("sheet", args=[fact_list.name])
