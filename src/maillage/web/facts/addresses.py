"""Where the facts of a list are read, and by which addresses they are changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.actions.facts import may_write
from maillage.core.actors import Actor
from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS, list_of
from maillage.register.models import Organisation
from maillage.web.facts.fields import picked_lists


@dataclass(frozen=True, slots=True)
class FactLinks:
    """The addresses by which a reader may change a fact; `end` is empty for facts that do not end."""

    correct: str
    end: str
    withdraw: str


def fact_links(request: Request, record: Model) -> FactLinks | None:
    """The addresses by which this reader may change a record, or `None`."""
    fact_list = list_of(record)
    arguments = {"list_name": fact_list.name, "fact_id": str(record.serializable_value("uid"))} if fact_list else {}
    if fact_list is None or not may_write(fact_list, request.actor, timezone.now()):
        return None
    if not REGISTRY["core.correct_fact"].allows(request.actor, timezone.now(), arguments):
        return None
    return writing_links(fact_list, record)


def writing_links(fact_list: AnyFactList, record: Model) -> FactLinks:
    """The addresses by which a record is changed by who may write it."""
    words = [fact_list.name, record.serializable_value("uid")]
    end = reverse("end-fact", args=words) if fact_list.end_field else ""
    return FactLinks(reverse("correct-fact", args=words), end, reverse("withdraw-fact", args=words))


def may_record(fact_list: AnyFactList, actor: Actor) -> bool:
    """Whether an actor may record some fact of a list. A new organisation concerns no mandate: officers record it."""
    if fact_list.model is Organisation:
        return actor.is_officer
    return may_write(fact_list, actor, timezone.now())


def writable_lists(actor: Actor) -> list[AnyFactList]:
    """The lists in which an actor may write."""
    return [fact_list for fact_list in FACT_LISTS.values() if may_write(fact_list, actor, timezone.now())]


def new_fact_address(request: Request, model: type[object], organisation: str = "") -> str:
    """The address at which this reader may record a fact of a model; empty if there is none.

    `organisation` is the key of the organisation that the list is filtered by, if any: it is filled in.
    """
    fact_list = next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is model), None)
    if fact_list is None or not may_record(fact_list, request.actor):
        return ""
    return reverse("new-fact", args=[fact_list.name]) + organisation_query(fact_list, organisation)


def organisation_query(fact_list: AnyFactList, organisation: str) -> str:
    """The query of an address by which the organisation with this key is filled in; empty without one."""
    field = organisation_field(fact_list) if organisation else ""
    return f"?{urlencode({field: organisation})}" if field else ""


def sheet_address(request: Request, model: type[object]) -> str:
    """The address at which this reader may change a list by a sheet; empty if there is none."""
    fact_list = next((fact_list for fact_list in writable_lists(request.actor) if fact_list.model is model), None)
    return reverse("sheet", args=[fact_list.name]) if fact_list else ""


def organisation_field(fact_list: AnyFactList) -> str:
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
        values: dict[str, object] = {"list_name": fact_list.name, "values": {field: organisation.key}}
        is_allowed = REGISTRY["core.record_fact"].allows(request.actor, timezone.now(), values)
        if field and is_allowed and may_record(fact_list, request.actor):
            yield AddLink(str(fact_list.title), new_fact_address(request, fact_list.model, organisation.key))
