"""How offers are listed, exported and shown."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.kernel.listing import (
    NOTE,
    PERIOD,
    PERIOD_DATA,
    Column,
    FactRow,
    Filter,
    Folded,
    Language,
    Listing,
    Money,
    Records,
    Sort,
    between,
    body,
    data_columns,
    present,
    register,
    said,
    short,
    spoken,
)
from maillage.offers.models import Offer


def _facts(offer: Offer) -> list[FactRow]:
    return present(
        FactRow("provider", _("Provider"), body(offer.provider)),
        FactRow("stage", _("Stage"), said(offer, "stage")),
        FactRow("trl", _("Technology readiness level"), offer.trl),
        FactRow("keywords", _("Key words"), list(offer.keywords)),
        FactRow("languages", _("Languages"), [Language(code) for code in offer.languages]),
        FactRow("cost", _("Indicative cost"), Money(offer.cost, offer.currency) if offer.cost is not None else None),
        FactRow("period", _("Period"), between(offer)),
        FactRow("note", _("Note"), said(offer, "note")),
    )


def _at_level(records: Records, value: str) -> Records:
    level = int(value) if value.isdecimal() and len(value) == 1 else 0
    return records.filter(trl_low__lte=level, trl_high__gte=level)


OFFERS = register(
    Listing(
        name="offers",
        model=Offer,
        title=_("Offers"),
        one=_("offer"),
        intro=_("What the organisations of the network propose to those who have a need."),
        columns=(
            Column("title", _("Offer"), lambda offer: said(offer, "title", offer.get_absolute_url())),
            Column("provider", _("Provider"), lambda offer: short(offer.provider)),
            Column("stage", _("Stage"), lambda offer: said(offer, "stage")),
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
            Sort("title", _("by title"), (spoken("title"),)),
            Sort("provider", _("by provider"), ("provider__sort_name", spoken("title"))),
            Sort("trl", _("by readiness level"), (F("trl_low"), spoken("title")), nullable=True),
        ),
        filters=(Filter("trl", _("Readiness level"), lambda: [(str(n), f"TRL {n}") for n in range(1, 10)], _at_level),),
        text=(Folded("title_fr"), Folded("title_en"), Folded("provider__sort_name"), Folded("provider__acronym")),
        slug="key",
        body_paths=("provider",),
        select_related=("provider",),
        heading=lambda offer: said(offer, "title"),
        facts=_facts,
        bodies=lambda offer: [offer.provider],
    )
)
