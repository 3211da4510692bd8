"""The loaders of agreements, funding lines and events."""

from typing import Any

from maillage.community.models import Agreement, AgreementParty, Event, Funding
from maillage.core.list_export import export_organisation, export_period, export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import register_loaders
from maillage.core.list_rows import FileRow, RowOutcome
from maillage.core.periods import OPEN, UNKNOWN, edtf_text
from maillage.core.row_writing import cite_sources, row_amount, row_values, upsert
from maillage.register.loaders import find_organisation_or_text, period_values
from maillage.register.models import Organisation

_AGREEMENT_TEXTS = {
    "kind_en": "kind", "kind_fr": "kind_fr", "purpose_en": "purpose", "purpose_fr": "purpose_fr",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip
_EVENT_TEXTS = {
    "name": "name", "title_fr": "name_fr", "title_en": "name_en", "kind_en": "kind", "kind_fr": "kind_fr",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip


def write_agreement(row: FileRow) -> RowOutcome:
    """Write one row of `agreements`: its period begins on the day of signature, its end is unknown unless given."""
    values: dict[str, Any] = row_values(row, **_AGREEMENT_TEXTS)
    if "signed" in row.values or "until" in row.values:
        values |= period_values(row, "signed", "until", absent_end="")
    agreement, outcome = upsert(Agreement, {"key": row.text("key")}, values)
    for position, name in enumerate(row.texts("parties")):
        organisation = Organisation.objects.filter(key=name).first()
        values = {"organisation": organisation, "text": "" if organisation else name}
        outcome |= upsert(AgreementParty, {"agreement": agreement, "position": position}, values)[1]
    return outcome | cite_sources(row, agreement)


def write_funding(row: FileRow) -> RowOutcome:
    """Write one row of `funding`: payer, payee, amount, purpose and year."""
    identity = {
        **find_organisation_or_text(row, "from", "payer"),
        **find_organisation_or_text(row, "to", "payee"),
        "purpose_en": row.text("purpose"),
        "year": edtf_text(row.values.get("year")),
    }
    values: dict[str, Any] = row_values(
        row, purpose_fr="purpose_fr", note_en="note", note_fr="note_fr", currency="currency"
    )
    values |= {"period_start": identity["year"], "period_end": identity["year"]}
    if "amount" in row.values:
        values["amount"] = row_amount(row, "amount")
    funding, outcome = upsert(Funding, identity, values)
    return outcome | cite_sources(row, funding)


def write_event(row: FileRow) -> RowOutcome:
    """Write one row of `events`; `date` may be a day, a month, a year or an interval."""
    values: dict[str, Any] = row_values(row, **_EVENT_TEXTS)
    if "organiser" in row.values:
        values |= find_organisation_or_text(row, "organiser", "organiser")
    if "date" in row.values:
        start, _slash, end = edtf_text(row.values["date"]).partition("/")
        values |= {"period_start": start, "period_end": end or start}
    event, outcome = upsert(Event, {"key": row.text("key")}, values)
    return outcome | cite_sources(row, event)


def agreement_row(agreement: Agreement) -> dict[str, object]:
    """The row of `agreements` for this agreement."""
    parties = [party.organisation.key if party.organisation else party.text for party in agreement.parties.all()]
    row = {"key": agreement.key, "parties": parties, **export_texts(agreement, _AGREEMENT_TEXTS)}
    dated = agreement.period_start or agreement.period_end != OPEN
    return row | (export_period(agreement, "signed", "until", absent_end=UNKNOWN) if dated else {})


def funding_row(funding: Funding) -> dict[str, object]:
    """The row of `funding` for this line."""
    row: dict[str, object] = {
        "from": export_organisation(funding, "payer"),
        "to": export_organisation(funding, "payee"),
        "year": funding.year,
    }
    if funding.amount is not None:
        row |= {"amount": str(funding.amount), "currency": funding.currency}
    row |= export_texts(
        funding, {"purpose_en": "purpose", "purpose_fr": "purpose_fr", "note_en": "note", "note_fr": "note_fr"}
    )
    return {key: value for key, value in row.items() if value}


def event_row(event: Event) -> dict[str, object]:
    """The row of `events` for this event."""
    row = {"key": event.key, "organiser": export_organisation(event, "organiser"), **export_texts(event, _EVENT_TEXTS)}
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
    to_row=agreement_row,
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
    to_row=funding_row,
)
EVENTS = ListLoader(
    name="events",
    model=Event,
    identity=("key",),
    lookup=("key",),
    fields=frozenset({*_EVENT_TEXTS.values(), "key", "organiser", "date", "source"}),
    write=write_event,
    to_row=event_row,
)

register_loaders(AGREEMENTS, FUNDING, EVENTS)
