"""The register of the lists of facts. Rooms fill it from their `rows.py`, in the order in which lists are loaded."""

from typing import TYPE_CHECKING

from django.db.models import Model

from maillage.core.registers import Register

if TYPE_CHECKING:
    from maillage.core.rows.fact_list import AnyFactList

FACT_LISTS: "Register[AnyFactList]" = Register("lists of facts")


def register_lists(*lists: "AnyFactList") -> None:
    """Register lists, to be loaded after those registered before."""
    for fact_list in lists:
        FACT_LISTS[fact_list.name] = fact_list


def find_record(name: str, *identity: object) -> Model | None:
    """The record of a list by its natural key: `find_record("awards", "carnot", "opale")`; `None` if there is none."""
    fact_list = FACT_LISTS.get(name)
    return fact_list.find(*identity) if fact_list else None


def list_of(record: Model) -> "AnyFactList | None":
    """The list that holds records of this kind, or `None`."""
    return next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is type(record)), None)
