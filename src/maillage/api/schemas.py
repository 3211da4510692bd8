"""Schemas of requests and responses, as the OpenAPI description shows them."""

from typing import Annotated, ClassVar, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from maillage.core.json_types import Json, JsonObject
from maillage.listing.filters import TRUE_ON_DAY_CHOICES
from maillage.listing.listing import Listing

MIN_LIMIT, DEFAULT_LIMIT, MAX_LIMIT = 1, 50, 200
Day = Annotated[str, Field(description="The day of the world to read on, as 2021-01-31; today if absent.")]
Moment = Annotated[str, Field(description="The moment of the register: what was known then, as 2021-01-31T12:00.")]


class Fault(Schema):
    """A field of the request that does not fit."""

    place: str
    detail: str


class ProblemBody(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


class FactKey(Schema):
    """The list and the lasting key of a fact, as the actions take them that correct, end and withdraw facts."""

    list_name: str
    fact_id: str


class Item(Schema):
    """A row of a list; actions take `number` or `fact`. `fields` has its columns: texts, numbers, EDTF dates …"""

    id: str | int
    number: int | str
    fact: FactKey | None = None
    href: str
    page: str | None
    in_force: Literal["yes", "unsure", "ended", "not-begun"] | None = None
    fields: JsonObject


class ItemPage(Schema):
    """One page of a list; `next` is the address of the next page, null on the last."""

    listing: str
    on: str
    known: str | None
    items: list[Item]
    next: str | None


class FactShown(Schema):
    """One fact of a record, the numbers of its citations, and how certain it is."""

    property: str
    label: str
    value: Json
    citations: list[int]
    standing: str


class CitationShown(Schema):
    """A statement of a source, and the day on which it was read."""

    number: int
    property: str | None
    stance: str
    assertion: str | None
    read_on: str
    url: str
    title: str
    sha256: str | None


class Ends(Schema):
    """A period: EDTF dates, `..` for an open end, empty for an unknown one."""

    start: str
    end: str


class Record(Schema):
    """A record with its evidence. `links` are lists of other records that refer to it."""

    id: str | int
    number: int
    fact: FactKey | None = None
    listing: str
    href: str
    page: str
    heading: dict[str, str]
    period: Ends | None
    in_force: str | None
    standing: str
    facts: list[FactShown]
    citations: list[CitationShown]
    contradictions: list[JsonObject]
    ties: list[JsonObject]
    links: dict[str, str]


class Entry(Item):
    """A record of the back office, with the columns of its list."""

    listing: str


class Done(Schema):
    """The return value of an action: the record it created or changed, or a number."""

    action: str
    result: Json


PROBLEMS: dict[int, type[Schema]] = dict.fromkeys((400, 401, 403, 404, 406, 422, 429), ProblemBody)


class ReadAt(Schema):
    """When a record is read."""

    on: Day = ""
    known: Moment = ""


class ReadNow(Schema):
    """For lists that are read as they are today only."""

    on: ClassVar = ""
    known: ClassVar = ""


def list_parameters(listing: Listing, base: type[Schema]) -> type[Schema]:
    """The query parameters of a list: its filters and sorts, the cursor and the limit."""
    sorts = tuple(sort.key for sort in listing.sorts)
    fields: JsonObject = {
        f"by_{list_filter.name}": (str, Field("", alias=list_filter.name, description=str(list_filter.title)))
        for list_filter in listing.filters
    }
    if listing.is_fact:
        choices = ("", *(value for value, _label in TRUE_ON_DAY_CHOICES))
        fields["force"] = (Literal[choices], Field("", description="Whether the fact is in force on the day."))
    if listing.text:
        fields["q"] = (str, Field("", max_length=1000, description="Words that the record must hold."))
    if listing.organisation_paths:
        fields["organisation"] = (str, Field("", description="The key of an organisation that the record speaks of."))
    fields |= {
        "sort": (Literal[sorts], Field(sorts[0], description="The order.")),
        "after": (str, Field("", description="Where the page before ended: take it from `next`.")),
        "limit": (int, Field(DEFAULT_LIMIT, ge=MIN_LIMIT, le=MAX_LIMIT, description="How many rows.")),
    }
    parameters: type[Schema] = create_model(f"{listing.name.title()}Asked", __base__=base, __config__=None, **fields)
    return parameters


STRICT = ConfigDict(extra="forbid")
