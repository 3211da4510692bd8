"""Agreements, funding and events from files."""

from typing import Any

from maillage.community.models import Agreement, AgreementParty, Event, Funding
from maillage.kernel.exporting import ends, party, texts
from maillage.kernel.loading import ListLoader, Outcome, Row, amount, cite, given, upsert
from maillage.kernel.periods import OPEN, UNKNOWN, as_text
from maillage.register.loaders import dates, organisation_or_text
from maillage.register.models import Organisation

_AGREEMENT_TEXTS = {
    "kind_en": "kind", "kind_fr": "kind_fr", "purpose_en": "purpose", "purpose_fr": "purpose_fr",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip
_EVENT_TEXTS = {
    "name": "name", "title_fr": "name_fr", "title_en": "name_en", "kind_en": "kind", "kind_fr": "kind_fr",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip


def write_agreement(row: Row) -> Outcome:
    """One row of `agreements`; it holds from the day it was signed, and its end is unknown unless given."""
    values: dict[str, Any] = given(row, **_AGREEMENT_TEXTS)
    if "signed" in row.values or "until" in row.values:
        values |= dates(row, "signed", "until", absent_end="")
    agreement, outcome = upsert(Agreement, {"key": row.text("key")}, values)
    for position, name in enumerate(row.texts("parties")):
        found = Organisation.objects.filter(key=name).first()
        values = {"organisation": found, "text": "" if found else name}
        outcome |= upsert(AgreementParty, {"agreement": agreement, "position": position}, values)[1]
    return outcome | cite(row, agreement)


def write_funding(row: Row) -> Outcome:
    """One row of `funding`: who pays, who receives, how much, for what, in which year."""
    identity = {
        **organisation_or_text(row, "from", "payer"),
        **organisation_or_text(row, "to", "payee"),
        "purpose_en": row.text("purpose"),
        "year": as_text(row.values.get("year")),
    }
    values: dict[str, Any] = given(row, purpose_fr="purpose_fr", note_en="note", note_fr="note_fr", currency="currency")
    values |= {"period_start": identity["year"], "period_end": identity["year"]}
    if "amount" in row.values:
        values["amount"] = amount(row, "amount")
    funding, outcome = upsert(Funding, identity, values)
    return outcome | cite(row, funding)


def write_event(row: Row) -> Outcome:
    """One row of `events`; `date` may be a day, a month, a year or an interval."""
    values: dict[str, Any] = given(row, **_EVENT_TEXTS)
    if "organiser" in row.values:
        values |= organisation_or_text(row, "organiser", "organiser")
    if "date" in row.values:
        start, _slash, end = as_text(row.values["date"]).partition("/")
        values |= {"period_start": start, "period_end": end or start}
    event, outcome = upsert(Event, {"key": row.text("key")}, values)
    return outcome | cite(row, event)


def agreement_row(agreement: Agreement) -> dict[str, Any]:
    """The row of `agreements` that would make this agreement."""
    parties = [one.organisation.key if one.organisation else one.text for one in agreement.parties.all()]
    row = {"key": agreement.key, "parties": parties, **texts(agreement, _AGREEMENT_TEXTS)}
    dated = agreement.period_start or agreement.period_end != OPEN
    return row | (ends(agreement, "signed", "until", absent_end=UNKNOWN) if dated else {})


def funding_row(funding: Funding) -> dict[str, Any]:
    """The row of `funding` that would make this line."""
    row: dict[str, Any] = {"from": party(funding, "payer"), "to": party(funding, "payee"), "year": funding.year}
    if funding.amount is not None:
        row |= {"amount": str(funding.amount), "currency": funding.currency}
    row |= texts(
        funding, {"purpose_en": "purpose", "purpose_fr": "purpose_fr", "note_en": "note", "note_fr": "note_fr"}
    )
    return {key: value for key, value in row.items() if value}


def event_row(event: Event) -> dict[str, Any]:
    """The row of `events` that would make this event."""
    row = {"key": event.key, "organiser": party(event, "organiser"), **texts(event, _EVENT_TEXTS)}
    if event.period_start:
        same = event.period_start == event.period_end
        row["date"] = event.period_start if same else f"{event.period_start}/{event.period_end}"
    return row


AGREEMENTS = ListLoader(
    name="agreements",
    model=Agreement,
    identity=("key",),
    lookup=("key",),
    fields=frozenset({*_AGREEMENT_TEXTS.values(), "key", "parties", "signed", "until", "source"}),
    write=write_agreement,
    row_of=agreement_row,
)
FUNDING = ListLoader(
    name="funding",
    model=Funding,
    identity=("from", "to", "purpose", "year"),
    lookup=("payer__key", "payee__key", "purpose_en", "year"),
    fields=frozenset(
        {"from", "to", "purpose", "purpose_fr", "year", "amount", "currency", "note", "note_fr", "source"}
    ),
    write=write_funding,
    row_of=funding_row,
)
EVENTS = ListLoader(
    name="events",
    model=Event,
    identity=("key",),
    lookup=("key",),
    fields=frozenset({*_EVENT_TEXTS.values(), "key", "organiser", "date", "source"}),
    write=write_event,
    row_of=event_row,
)
