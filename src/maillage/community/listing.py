"""The lists of agreements, funding lines and events."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.community.models import Agreement, Event, Funding
from maillage.core.folded_text import FoldedText
from maillage.listing.columns import NOTE, PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import distinct_texts_filter, distinct_values_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import NEWEST, OLDEST, Sort, localised_sort_key, organisation_sort_key
from maillage.listing.values import (
    LocalisedText,
    Money,
    PartialDate,
    localised_text,
    organisation_link,
    period_value,
    short_organisation_link,
)


def _parties(agreement: Agreement) -> list[LocalisedText | None]:
    return [organisation_link(party.organisation, party.text) for party in agreement.parties.all()]


def _short_parties(agreement: Agreement) -> list[LocalisedText | None]:
    return [short_organisation_link(party.organisation, party.text) for party in agreement.parties.all()]


def _agreement_facts(agreement: Agreement) -> list[FactRow]:
    return non_empty_rows(
        FactRow("kind", _("Kind"), localised_text(agreement, "kind")),
        FactRow("parties", _("Parties"), _parties(agreement)),
        FactRow("purpose", _("Purpose"), localised_text(agreement, "purpose")),
        FactRow("period", _("Period"), period_value(agreement)),
        FactRow("note", _("Note"), localised_text(agreement, "note")),
    )


AGREEMENTS = register_listing(
    Listing(
        name="agreements",
        model=Agreement,
        title=_("Agreements"),
        singular=_("agreement"),
        intro=_("What two or more organisations agreed to do together."),
        columns=(
            Column(
                "kind",
                _("Agreement"),
                lambda agreement: localised_text(agreement, "kind", agreement.get_absolute_url()),
            ),
            Column("parties", _("Parties"), _short_parties),
            Column("purpose", _("Purpose"), lambda agreement: localised_text(agreement, "purpose")),
            PERIOD,
            *data_columns(
                key=lambda agreement: agreement.key,
                party_keys=lambda agreement: [
                    party.organisation.key if party.organisation else party.text for party in agreement.parties.all()
                ],
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        filters=(distinct_texts_filter("kind", _("Kind"), Agreement),),
        sorts=(NEWEST, OLDEST, Sort("kind", _("by kind"), (localised_sort_key("kind"),))),
        text=(FoldedText("kind_fr"), FoldedText("kind_en"), FoldedText("purpose_fr"), FoldedText("purpose_en")),
        slug="key",
        organisation_paths=("parties__organisation",),
        prefetch_related=("parties__organisation",),
        facts=_agreement_facts,
        organisations=lambda agreement: [party.organisation for party in agreement.parties.all() if party.organisation],
    )
)


def _amount(funding: Funding) -> Money | None:
    return Money(funding.amount, funding.currency) if funding.amount is not None else None


def _funding_facts(funding: Funding) -> list[FactRow]:
    return non_empty_rows(
        FactRow("payer", _("Paid by"), organisation_link(funding.payer, funding.payer_text)),
        FactRow("payee", _("Paid to"), organisation_link(funding.payee, funding.payee_text)),
        FactRow("amount", _("Amount"), _amount(funding)),
        FactRow("purpose", _("Purpose"), localised_text(funding, "purpose")),
        FactRow("year", _("Year"), PartialDate(funding.year) if funding.year else ""),
        FactRow("period", _("Period"), period_value(funding)),
        FactRow("note", _("Note"), localised_text(funding, "note")),
    )


FUNDING = register_listing(
    Listing(
        name="funding",
        model=Funding,
        title=_("Funding"),
        singular=_("funding line"),
        intro=_("Money from one organisation to another, as sources state it."),
        columns=(
            Column(
                "purpose", _("Purpose"), lambda funding: localised_text(funding, "purpose", funding.get_absolute_url())
            ),
            Column("payer", _("Paid by"), lambda funding: short_organisation_link(funding.payer, funding.payer_text)),
            Column("payee", _("Paid to"), lambda funding: short_organisation_link(funding.payee, funding.payee_text)),
            Column("amount", _("Amount"), _amount, figure=True),
            Column("year", _("Year"), lambda funding: PartialDate(funding.year) if funding.year else ""),
            *data_columns(
                payer_key=lambda funding: funding.payer.key if funding.payer else "",
                payee_key=lambda funding: funding.payee.key if funding.payee else "",
                currency=lambda funding: funding.currency,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            NEWEST,
            OLDEST,
            Sort("amount", _("largest first"), (F("amount"),), descending=True, nullable=True),
            Sort("payer", _("by payer"), (organisation_sort_key("payer__"),), nullable=True),
        ),
        filters=(distinct_values_filter("currency", _("Currency"), "currency", Funding),),
        text=(
            FoldedText("purpose_fr"),
            FoldedText("purpose_en"),
            FoldedText("payer__sort_name"),
            FoldedText("payee__sort_name"),
            FoldedText("payer_text"),
            FoldedText("payee_text"),
        ),
        organisation_paths=("payer", "payee"),
        select_related=("payer", "payee"),
        heading=lambda funding: localised_text(funding, "purpose"),
        facts=_funding_facts,
        organisations=lambda funding: [organisation for organisation in (funding.payer, funding.payee) if organisation],
    )
)


def _event_name(event: Event) -> LocalisedText:
    title = localised_text(event, "title", event.get_absolute_url())
    return title or LocalisedText(event.name, event.get_absolute_url())


def _event_facts(event: Event) -> list[FactRow]:
    return non_empty_rows(
        FactRow("name", _("Name as announced"), event.name),
        FactRow("kind", _("Kind"), localised_text(event, "kind")),
        FactRow("organiser", _("Organiser"), organisation_link(event.organiser, event.organiser_text)),
        FactRow("period", _("When"), period_value(event)),
        FactRow("note", _("Note"), localised_text(event, "note")),
    )


EVENTS = register_listing(
    Listing(
        name="events",
        model=Event,
        title=_("Agenda"),
        singular=_("event"),
        intro=_("Meetings, prizes and announcements of the ecosystem."),
        columns=(
            Column("name", _("Event"), _event_name),
            Column("kind", _("Kind"), lambda event: localised_text(event, "kind")),
            Column(
                "organiser",
                _("Organiser"),
                lambda event: short_organisation_link(event.organiser, event.organiser_text),
            ),
            PERIOD,
            *data_columns(
                key=lambda event: event.key,
                organiser_key=lambda event: event.organiser.key if event.organiser else "",
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        filters=(distinct_texts_filter("kind", _("Kind"), Event),),
        sorts=(NEWEST, OLDEST, Sort("name", _("by name"), (FoldedText("name"),))),
        text=(FoldedText("name"), FoldedText("title_fr"), FoldedText("title_en"), FoldedText("organiser__sort_name")),
        slug="key",
        organisation_paths=("organiser",),
        select_related=("organiser",),
        heading=lambda event: localised_text(event, "title") or event.name,
        facts=_event_facts,
        organisations=lambda event: [event.organiser] if event.organiser else [],
    )
)
