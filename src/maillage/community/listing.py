"""How agreements, funding lines and events are listed, exported and shown."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.community.models import Agreement, Event, Funding
from maillage.kernel.listing import (
    NEWEST,
    NOTE,
    OLDEST,
    PERIOD,
    PERIOD_DATA,
    Column,
    FactRow,
    Folded,
    Listing,
    Money,
    Partial,
    Said,
    Sort,
    between,
    body,
    data_columns,
    distinct,
    present,
    register,
    said,
    short,
    spoken,
)


def _parties(agreement: Agreement) -> list[Said | None]:
    return [body(party.organisation, party.text) for party in agreement.parties.all()]


def _short_parties(agreement: Agreement) -> list[Said | None]:
    return [short(party.organisation, party.text) for party in agreement.parties.all()]


def _agreement_facts(agreement: Agreement) -> list[FactRow]:
    return present(
        FactRow("kind", _("Kind"), said(agreement, "kind")),
        FactRow("parties", _("Parties"), _parties(agreement)),
        FactRow("purpose", _("Purpose"), said(agreement, "purpose")),
        FactRow("period", _("Period"), between(agreement)),
        FactRow("note", _("Note"), said(agreement, "note")),
    )


AGREEMENTS = register(
    Listing(
        name="agreements",
        model=Agreement,
        title=_("Agreements"),
        one=_("agreement"),
        intro=_("What two or more bodies agreed to do together."),
        columns=(
            Column("kind", _("Agreement"), lambda agreement: said(agreement, "kind", agreement.get_absolute_url())),
            Column("parties", _("Parties"), _short_parties),
            Column("purpose", _("Purpose"), lambda agreement: said(agreement, "purpose")),
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
        sorts=(NEWEST, OLDEST, Sort("kind", _("by kind"), (spoken("kind"),))),
        text=(Folded("kind_fr"), Folded("kind_en"), Folded("purpose_fr"), Folded("purpose_en")),
        slug="key",
        body_paths=("parties__organisation",),
        prefetch_related=("parties__organisation",),
        facts=_agreement_facts,
        bodies=lambda agreement: [party.organisation for party in agreement.parties.all() if party.organisation],
    )
)


def _amount(funding: Funding) -> Money | None:
    return Money(funding.amount, funding.currency) if funding.amount is not None else None


def _funding_facts(funding: Funding) -> list[FactRow]:
    return present(
        FactRow("payer", _("Paid by"), body(funding.payer, funding.payer_text)),
        FactRow("payee", _("Paid to"), body(funding.payee, funding.payee_text)),
        FactRow("amount", _("Amount"), _amount(funding)),
        FactRow("purpose", _("Purpose"), said(funding, "purpose")),
        FactRow("year", _("Year"), Partial(funding.year) if funding.year else ""),
        FactRow("period", _("Period"), between(funding)),
        FactRow("note", _("Note"), said(funding, "note")),
    )


FUNDING = register(
    Listing(
        name="funding",
        model=Funding,
        title=_("Funding"),
        one=_("funding line"),
        intro=_("Money from one body to another, as sources tell it."),
        columns=(
            Column("purpose", _("Purpose"), lambda funding: said(funding, "purpose", funding.get_absolute_url())),
            Column("payer", _("Paid by"), lambda funding: short(funding.payer, funding.payer_text)),
            Column("payee", _("Paid to"), lambda funding: short(funding.payee, funding.payee_text)),
            Column("amount", _("Amount"), _amount, figure=True),
            Column("year", _("Year"), lambda funding: Partial(funding.year) if funding.year else ""),
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
            Sort("payer", _("by payer"), (F("payer__sort_name"),), nullable=True),
        ),
        filters=(distinct("currency", _("Currency"), "currency", Funding),),
        text=(
            Folded("purpose_fr"),
            Folded("purpose_en"),
            Folded("payer__sort_name"),
            Folded("payee__sort_name"),
            Folded("payer_text"),
            Folded("payee_text"),
        ),
        body_paths=("payer", "payee"),
        select_related=("payer", "payee"),
        heading=lambda funding: said(funding, "purpose"),
        facts=_funding_facts,
        bodies=lambda funding: [one for one in (funding.payer, funding.payee) if one],
    )
)


def _event_name(event: Event) -> Said:
    title = said(event, "title", event.get_absolute_url())
    return title or Said(event.name, event.get_absolute_url())


def _event_facts(event: Event) -> list[FactRow]:
    return present(
        FactRow("name", _("Name as announced"), event.name),
        FactRow("kind", _("Kind"), said(event, "kind")),
        FactRow("organiser", _("Organiser"), body(event.organiser, event.organiser_text)),
        FactRow("period", _("When"), between(event)),
        FactRow("note", _("Note"), said(event, "note")),
    )


EVENTS = register(
    Listing(
        name="events",
        model=Event,
        title=_("Agenda"),
        one=_("event"),
        intro=_("Meetings, prizes and announcements of the ecosystem."),
        columns=(
            Column("name", _("Event"), _event_name),
            Column("kind", _("Kind"), lambda event: said(event, "kind")),
            Column("organiser", _("Organiser"), lambda event: short(event.organiser, event.organiser_text)),
            PERIOD,
            *data_columns(
                key=lambda event: event.key,
                organiser_key=lambda event: event.organiser.key if event.organiser else "",
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(NEWEST, OLDEST, Sort("name", _("by name"), (Folded("name"),))),
        text=(Folded("name"), Folded("title_fr"), Folded("title_en"), Folded("organiser__sort_name")),
        slug="key",
        body_paths=("organiser",),
        select_related=("organiser",),
        heading=lambda event: said(event, "title") or event.name,
        facts=_event_facts,
        bodies=lambda event: [event.organiser] if event.organiser else [],
    )
)
