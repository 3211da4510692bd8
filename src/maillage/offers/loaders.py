"""List loader of offers, and their export rows."""

import re
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.list_export import export_period, export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import register_loaders
from maillage.core.list_rows import FileRow, RowError, RowOutcome
from maillage.core.row_writing import cite_sources, row_amount, row_values, upsert
from maillage.offers.models import Offer
from maillage.offers.rows import OfferDraft
from maillage.register.loaders import find_organisation, period_values

# Texts whose column in a file has another name than the field; `currency` is read with the cost.
_OTHER_KEYS = {"stage_en": "stage", "note_en": "note"}
_TEXTS = {
    field.name: _OTHER_KEYS.get(field.name, field.name)
    for field in fields(OfferDraft)
    if field.type is str and field.name != "currency"
}


def write_offer(row: FileRow) -> RowOutcome:
    """Write one row of `offers`."""
    values: dict[str, Any] = row_values(row, **_TEXTS) | period_values(row)
    if "provider" in row.values:
        values["provider"] = find_organisation(row, "provider")
    if "cost" in row.values:
        values["cost"], values["currency"] = row_amount(row, "cost"), row.text("currency")
    if "trl" in row.values:
        values["trl_low"], values["trl_high"] = _trl(row)
    for name in ("keywords", "languages"):
        if name in row.values:
            values[name] = row.texts(name)
    offer, outcome = upsert(Offer, {"key": row.text("key")}, values)
    return outcome | cite_sources(row, offer)


def _trl(row: FileRow) -> tuple[int, int]:
    """A technology readiness level or range, 1 to 9 (ISO 16290): `6-8` or `4`."""
    match = re.fullmatch(r"([1-9])(?:\s*[-–]\s*([1-9]))?", row.text("trl"))
    if not match or int(match[1]) > int(match[2] or match[1]):
        message = _("“%(value)s” is not a TRL; write a level from 1 to 9 or a range such as 3-8")
        raise RowError(message % {"value": row.text("trl")}, "trl")
    return int(match[1]), int(match[2] or match[1])


def offer_row(offer: Offer) -> dict[str, object]:
    """Serialise an offer as a row of `offers`."""
    row: dict[str, object] = {
        "key": offer.key,
        "provider": offer.provider.key,
        **export_texts(offer, _TEXTS),
        **export_period(offer),
    }
    if offer.cost is not None:
        row |= {"cost": str(offer.cost), "currency": offer.currency}
    row |= {"trl": offer.trl.replace("–", "-"), "keywords": offer.keywords, "languages": offer.languages}
    return {key: value for key, value in row.items() if value}


OFFER_LOADER = ListLoader(
    name="offers",
    model=Offer,
    identity=("key",),
    lookup=("key",),
    fields=frozenset(
        {
            *_TEXTS.values(),
            "key",
            "provider",
            "trl",
            "keywords",
            "languages",
            "cost",
            "currency",
            "from",
            "to",
            "source",
        }
    ),
    write=write_offer,
    to_row=offer_row,
)

register_loaders(OFFER_LOADER)
