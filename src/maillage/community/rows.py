"""The lists of agreements, funding lines and events."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from maillage.community.models import Agreement, AgreementParty, Event, Funding
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT
from maillage.core.rows.currency import CurrencyValue, check_currency
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.outcomes import RowOutcome, delete_records, find_records, upsert
from maillage.core.rows.row import Described, FactRow, NoteEn, NoteFr, Start, UnknownEnd, alias, optional
from maillage.core.rows.sources import Origin, Sources
from maillage.core.rows.values import Amount, DateOrInterval, Key, Part, PartialDay, Text, Values
from maillage.register.row_types import ORGANISATION, ORGANISATION_OR_TEXT


class AgreementRow(FactRow):
    """An agreement between two or more organisations; its end is unknown unless it is given."""

    key: Annotated[str, Key(), Described(_("Key"))]
    parties: Annotated[list[str], Part("texts"), Described(_("Parties"), _(
        "Keys of organisations, or names as the source gives them, separated by “;”."),
        picks=("organisations",))] = []  # fmt: skip
    kind: Annotated[str, Text(200), Described(_("Kind in English"), into="kind_en")] = ""
    kind_fr: Annotated[str, Text(200), Described(_("Kind in French"))] = ""
    purpose: Annotated[str, Text(long=True), Described(_("Purpose in English"), into="purpose_en")] = ""
    purpose_fr: Annotated[str, Text(long=True), Described(_("Purpose in French"))] = ""
    start: Start = optional("signed")
    end: UnknownEnd = optional("until")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


class FundingRow(FactRow):
    """Money from one organisation to another in a year."""

    payer: Annotated[str, ORGANISATION_OR_TEXT, Described(_("Payer"))] = alias("from")
    payee: Annotated[str, ORGANISATION_OR_TEXT, Described(_("Payee"))] = alias("to")
    year: Annotated[str, PartialDay(), Described(_("Year"))] = ""
    amount: Annotated[object, Amount(), Described(_("Amount"))] = None
    currency: CurrencyValue = ""
    purpose: Annotated[str, Text(long=True), Described(_("Purpose in English"), into="purpose_en")]
    purpose_fr: Annotated[str, Text(long=True), Described(_("Purpose in French"))] = ""
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


class EventRow(FactRow):
    """A meeting, prize or announcement, on a day or over several."""

    key: Annotated[str, Key(), Described(_("Key"))]
    name: Annotated[str, Text(300), Described(_("Name as announced"))] = ""
    name_fr: Annotated[str, Text(300), Described(_("Name in French"), into="title_fr")] = ""
    name_en: Annotated[str, Text(300), Described(_("Name in English"), into="title_en")] = ""
    kind: Annotated[str, Text(120), Described(_("Kind in English"), into="kind_en")] = ""
    kind_fr: Annotated[str, Text(120), Described(_("Kind in French"))] = ""
    organiser: Annotated[str, ORGANISATION_OR_TEXT, Described(_("Organiser"))] = ""
    date: Annotated[str, DateOrInterval(), Described(_("Date"), _(
        "A day, a month, a year, or two days: 2026-06-10/2026-06-12."), into="period")] = ""  # fmt: skip
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def write_parties(row: AgreementRow, agreement: Agreement, _origin: Origin) -> RowOutcome:
    """Write the parties of an agreement, in the order of the row."""
    outcome = RowOutcome.UNCHANGED
    for position, name in enumerate(row.parties):
        organisation = ORGANISATION.find(name)
        values = {"organisation": organisation, "text": "" if organisation else name}
        outcome |= upsert(AgreementParty, {"agreement": agreement, "position": position}, values)[1]
    parties = find_records(AgreementParty, {"agreement": agreement}) if row.parties else []
    if delete_records([party for party in parties if party.position >= len(row.parties)]):
        outcome |= RowOutcome.UPDATED
    return outcome


def read_parties(agreement: Agreement) -> Values:
    """The parties of an agreement, by key or by name."""
    parties = sorted(find_records(AgreementParty, {"agreement": agreement}), key=lambda party: party.position)
    return {"parties": [party.organisation.key if party.organisation else party.text for party in parties]}


def funding_period(row: FundingRow, _record: Funding | None) -> Values:
    """A funding line holds over its year."""
    return {"period_start": row.year, "period_end": row.year} if row.has("year") else {}


AGREEMENTS = FactList(
    name="agreements",
    title=_("Agreements"),
    row=AgreementRow,
    model=Agreement,
    natural_key=("key",),
    write_parts=write_parties,
    read_parts=read_parties,
    parts=(AgreementParty,),
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("parties",),
)
FUNDING = FactList(
    name="funding",
    title=_("Funding"),
    row=FundingRow,
    model=Funding,
    natural_key=("payer", "payee", "purpose", "year"),
    check=lambda row: check_currency(row.amount, row.currency, "amount"),
    values=funding_period,
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("payer", "payee"),
)
EVENTS = FactList(
    name="events",
    title=_("Events"),
    row=EventRow,
    model=Event,
    natural_key=("key",),
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("organiser",),
)

register_lists(AGREEMENTS, FUNDING, EVENTS)
