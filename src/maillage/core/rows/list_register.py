"""The register of the lists of facts. Rooms fill it from their `rows.py`, in the order in which lists are loaded."""

from typing import TYPE_CHECKING, Any

from maillage.core.registers import Register

if TYPE_CHECKING:
    from maillage.core.rows.fact_list import FactList

FACT_LISTS: "Register[FactList[Any]]" = Register("lists of facts")


def register_lists(*lists: "FactList[Any]") -> None:
    """Register lists, to be loaded after those registered before."""
    for fact_list in lists:
        FACT_LISTS[fact_list.name] = fact_list


def find_record(name: str, *identity: object) -> Any | None:
    """The record of a list by its natural key: `find_record("awards", "carnot", "opale")`; `None` if there is none."""
    fact_list = FACT_LISTS.get(name)
    return fact_list.find(*identity) if fact_list else None


def list_of(record: Any) -> "FactList[Any] | None":
    """The list that holds records of this kind, or `None`."""
    return next((fact_list for fact_list in FACT_LISTS.values() if fact_list.model is type(record)), None)
