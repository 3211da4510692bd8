"""Listing of offers."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.core.folded_text import FoldedText
from maillage.listing.columns import NOTE, PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter, distinct_values_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import Sort, localised_sort_key, organisation_sort_key
from maillage.listing.values import (
    Language,
    Money,
    Records,
    Region,
    localised_text,
    organisation_link,
    period_value,
    short_organisation_link,
)
from maillage.offers.filters import disease_filter
from maillage.offers.models import Offer
from maillage.register.label_provider import label_filter


def _facts(offer: Offer) -> list[FactRow]:
    return non_empty_rows(
        FactRow("provider", _("Provider"), organisation_link(offer.provider)),
        FactRow("stage", _("Stage"), localised_text(offer, "stage")),
        FactRow("trl", _("Technology readiness level"), offer.trl),
        FactRow("keywords", _("Key words"), list(offer.keywords)),
        FactRow("languages", _("Languages"), [Language(code) for code in offer.languages]),
        FactRow("cost", _("Indicative cost"), Money(offer.cost, offer.currency) if offer.cost is not None else None),
        FactRow("period", _("Period"), period_value(offer)),
        FactRow("note", _("Note"), localised_text(offer, "note")),
    )


def _at_level(records: Records, value: str) -> Records:
    level = int(value) if value.isdecimal() and len(value) == 1 else 0
    return records.filter(trl_low__lte=level, trl_high__gte=level)


OFFERS = register_listing(
    Listing(
        name="offers",
        model=Offer,
        title=_("Offers"),
        singular=_("offer"),
        intro=_("What the organisations of the network propose to those who have a need."),
        columns=(
            Column("title", _("Offer"), lambda offer: localised_text(offer, "title", offer.get_absolute_url())),
            Column("provider", _("Provider"), lambda offer: short_organisation_link(offer.provider)),
            Column("stage", _("Stage"), lambda offer: localised_text(offer, "stage")),
            Column("trl", _("TRL"), lambda offer: offer.trl),
            PERIOD,
            *data_columns(
                key=lambda offer: offer.key,
                provider_key=lambda offer: offer.provider.key,
                title_fr=lambda offer: offer.title_fr,
                title_en=lambda offer: offer.title_en,
                trl_low=lambda offer: offer.trl_low,
                trl_high=lambda offer: offer.trl_high,
                keywords=lambda offer: list(offer.keywords),
                languages=lambda offer: list(offer.languages),
                cost=lambda offer: offer.cost,
                currency=lambda offer: offer.currency if offer.cost is not None else "",
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("title", _("by title"), (localised_sort_key("title"),)),
            Sort("provider", _("by provider"), (organisation_sort_key("provider__"), localised_sort_key("title"))),
            Sort("trl", _("by readiness level"), (F("trl_low"), localised_sort_key("title")), nullable=True),
        ),
        filters=(
            disease_filter(),
            Filter("trl", _("Readiness level"), lambda: [(str(n), f"TRL {n}") for n in range(1, 10)], _at_level),
            distinct_values_filter("region", _("Region"), "provider__region", Offer, Region),
            label_filter("provider"),
        ),
        text=(
            FoldedText("title_fr"),
            FoldedText("title_en"),
            FoldedText("provider__sort_name"),
            FoldedText("provider__acronym"),
        ),
        slug="key",
        organisation_paths=("provider",),
        select_related=("provider",),
        heading=lambda offer: localised_text(offer, "title"),
        facts=_facts,
        organisations=lambda offer: [offer.provider],
    )
)
