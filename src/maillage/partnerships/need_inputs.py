"""The arguments and results of the actions on needs; their field names are JSON keys of the API."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from typing_extensions import TypedDict

from maillage.partnerships.models import Need


@dataclass(frozen=True, slots=True)
class ProposedOfferInput:
    """An offer of the proposed team (its id), and the capabilities it brings (keys of concepts)."""

    offer_id: int
    brings: list[str]


MAX_TEXT_LENGTH = 200_000
# One less than the search for teams allows: a required seat takes the place of a capability.
MAX_CAPABILITIES = 15


@dataclass(frozen=True, slots=True)
class RequestedCapabilityInput:
    """A requested capability: the key of a concept of the vocabulary, essential or merely wished."""

    concept: str
    essential: bool = True


@dataclass(frozen=True, slots=True)
class NeedTerms:
    """The terms an answer must meet; countries of ISO 3166-1, regions of ISO 3166-2, a label by its key."""

    trl_low: int | None = None
    trl_high: int | None = None
    countries: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    label_key: str = ""
    label_on: dt.date | None = None
    budget: Decimal | None = None
    currency: str = "EUR"
    start_on: dt.date | None = None
    seat_kind: str = ""


# The terms of a need that asks for nothing in particular.
NO_TERMS = NeedTerms()


class NeedTermChanges(TypedDict, total=False):
    """The fields of `NeedTerms` that are to change."""

    trl_low: int | None
    trl_high: int | None
    countries: list[str]
    regions: list[str]
    label_key: str
    label_on: dt.date | None
    budget: Decimal | None
    currency: str
    start_on: dt.date | None
    seat_kind: str


@dataclass(frozen=True, slots=True)
class RequesterInput:
    """Who asks. Figures are of the last closed year, of the whole group, in euros; `sector` is a code of `Sector`.

    `place` is a town or a region, in words.
    """

    organisation: str
    email: str
    contact: str = ""
    country: str = ""
    is_enterprise: bool = True
    staff: Decimal | None = None
    turnover: Decimal | None = None
    balance: Decimal | None = None
    sector: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class SignerInput:
    """Who signs a letter: a name, a function, and how to reach them (a telephone number, a mail address)."""

    name: str
    function: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class NeedReceipt:
    """A need as it was saved, and the access token of its requester's page."""

    need: Need
    token: str
