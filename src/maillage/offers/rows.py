"""The list of offers."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import LEAD, MANAGER, OFFICER
from maillage.core.rows.currency import CurrencyValue, check_currency
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.outcomes import RowOutcome, find_records, upsert
from maillage.core.rows.row import Described, End, FactRow, NoteEn, NoteFr, Start, optional
from maillage.core.rows.sources import Origin, Sources
from maillage.core.rows.values import Amount, Key, Part, Raw, Reference, Several, Text, Values, ValueType, scalar_text
from maillage.offers.models import JointPart, Offer
from maillage.register.row_types import ORGANISATION

OFFER = Reference("offers")


@dataclass(frozen=True)
class TrlRange(ValueType):
    """A technology readiness level or range, 1 to 9 (ISO 16290): `6-8` or `4`."""

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        match = re.fullmatch(r"([1-9])(?:\s*[-–]\s*([1-9]))?", text)
        if text and (not match or int(match[1]) > int(match[2] or match[1])):
            message = gettext("“%(value)s” is not a TRL; write a level from 1 to 9 or a range such as 3-8")
            raise InvalidValueError(message, value=text)
        return text

    def model_values(self, value: str, into: str) -> dict[str, int | None]:
        levels = [int(level) for level in re.findall(r"\d", value)]
        return {f"{into}_low": min(levels, default=None), f"{into}_high": max(levels, default=None)}

    def read(self, record: object, into: str) -> str:
        return str(getattr(record, into)).replace("–", "-")


class OfferRow(FactRow):
    """A capability that an organisation proposes."""

    key: Annotated[str, Key(), Described(_("Key"))]
    provider: Annotated[str, ORGANISATION, Described(_("Provider"))] = ""
    title_fr: Annotated[str, Text(400), Described(_("Title in French"))] = ""
    title_en: Annotated[str, Text(400), Described(_("Title in English"))] = ""
    keywords: Annotated[list[str], Several(Text(120)), Described(_("Key words"))] = []
    stage: Annotated[str, Text(120), Described(_("Stage in English"), into="stage_en")] = ""
    stage_fr: Annotated[str, Text(120), Described(_("Stage in French"))] = ""
    trl: Annotated[str, TrlRange(), Described(_("TRL"), _(
        "Technology readiness level, 1 to 9, or a range."), example="3-8")] = ""  # fmt: skip
    languages: Annotated[list[str], Several(Text(2)), Described(_("Languages"), _(
        "Codes of two letters (ISO 639-1)."), example="fr; en")] = []  # fmt: skip
    cost: Annotated[Decimal | None, Amount(), Described(_("Indicative cost"))] = None
    currency: CurrencyValue = ""
    parts: Annotated[list[str], Part("texts"), Described(_("Parts"), _(
        "The keys of the offers of which a joint offer is made."), editable=False, files_only=True)] = []  # fmt: skip
    start: Start = optional("from")
    end: End = optional("to")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def read_offer(offer: Offer) -> Values:
    """The parts of a joint offer; an offer without a cost says its currency where it is not the usual one."""
    parts = [link.part.key for link in find_records(JointPart, {"joint": offer})]
    usual = offer.cost is None and offer.currency == Offer._meta.get_field("currency").default
    return {"parts": parts} | ({"currency": ""} if usual else {})


def write_joint_parts(row: OfferRow, offer: Offer, _origin: Origin) -> RowOutcome:
    """Write the parts of a joint offer, once all offers of the list are written."""
    outcome = RowOutcome.UNCHANGED
    for key in row.parts:
        part = OFFER.find(key)
        if part is None:
            raise OFFER.not_found(key).as_row_error("parts")
        outcome |= upsert(JointPart, {"joint": offer, "part": part}, {})[1]
    return outcome


OFFERS = FactList(
    name="offers",
    title=_("Offers"),
    row=OfferRow,
    model=Offer,
    natural_key=("key",),
    check=lambda row: check_currency(row.cost, row.currency, "cost"),
    read_parts=read_offer,
    complete=write_joint_parts,
    completed=("parts",),
    parts=(JointPart,),
    writers=(OFFICER, MANAGER, LEAD),
    concerns=("provider",),
)

register_lists(OFFERS)
