"""The lists of needs, of promised delays, and of requests to teams."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core import formats
from maillage.core.folded_text import FoldedText
from maillage.listing.columns import NOTE, PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_back_office_listing, register_listing
from maillage.listing.sorts import NEWEST, Sort, organisation_sort_key
from maillage.listing.values import (
    Country,
    Language,
    LocalisedText,
    Money,
    Records,
    Region,
    localised_text,
    organisation_link,
)
from maillage.partnerships.models import AnswerDelay, Need, NeedAddress, NeedAddressRole, TeamRequest
from maillage.partnerships.queries import open_team_requests
from maillage.register.label_provider import list_known_labels
from maillage.register.vocabulary import OrganisationKind
from maillage.workflow.shipped_definitions import shipped_states


def _answering_addresses(need: Need) -> list[NeedAddress]:
    """The addressees that answer or answered, in the order in which they received the need."""
    addresses = [address for address in need.addresses.all() if address.role == NeedAddressRole.ADDRESSEE]
    return sorted(addresses, key=lambda address: (address.since, address.pk))


def _latest_address(need: Need) -> NeedAddress | None:
    addresses = _answering_addresses(need)
    return addresses[-1] if addresses else None


def need_state(need: Need) -> str:
    """The state of the need's case with its latest addressee, in words."""
    last = _latest_address(need)
    if last is None:
        return ""
    # Once a need is passed on, the earlier addressee cannot read the new case.
    return (
        str(last.case.current_state.title)
        if last.case
        else str(last.get_outcome_display() or _("with another organisation"))
    )


def _promised_day(need: Need) -> dt.date | None:
    last = _latest_address(need)
    return last.promised_day if last and last.dealt_at is None else None


def _facts(need: Need) -> list[FactRow]:
    return non_empty_rows(
        FactRow("text", _("In the words of the requester"), _words(need)),
        FactRow("stated_at", _("Stated"), timezone.localtime(need.stated_at).date()),
        FactRow(
            "addressees",
            _("Addressed to"),
            [organisation_link(address.organisation) for address in _answering_addresses(need)],
        ),
        FactRow("trl", _("Technology readiness level"), need.trl),
        FactRow("countries", _("Countries"), [Country(code) for code in need.countries]),
        FactRow("regions", _("Regions"), [Region(code) for code in need.regions]),
        FactRow("label", _("Label to be held"), _label(need)),
        FactRow("budget", _("Budget"), Money(need.budget, need.currency) if need.budget is not None else None),
        FactRow("start_on", _("Start"), need.start_on),
        FactRow("seat", _("A seat for"), _seat(need)),
        FactRow("language", _("Language"), Language(need.language) if need.language else ""),
    )


def _words(need: Need) -> LocalisedText | str:
    if need.is_erased:
        return str(_("Erased with who stated it; the figures of the need stay."))
    return LocalisedText(need.text, language=need.language)


def _label(need: Need) -> str:
    from maillage.core.actors import PUBLIC

    name = dict(list_known_labels(PUBLIC)).get(need.label_key, need.label_key)
    return f"{name}, {formats.day(need.label_on)}" if name and need.label_on else name


def _seat(need: Need) -> str:
    return str(OrganisationKind(need.seat_kind).label) if need.seat_kind in OrganisationKind.values else ""


def _states() -> Iterable[tuple[str, object]]:
    return [(name, state.title) for name, state in shipped_states("need").items()]


def _in_state(records: Records, value: str) -> Records:
    return records.filter(addresses__role=NeedAddressRole.ADDRESSEE, addresses__case__state=value).distinct()


NEEDS = register_listing(
    Listing(
        name="needs",
        model=Need,
        title=_("Needs"),
        singular=_("need"),
        intro=_("What companies and others have asked for, where an organisation you act for has received it."),
        columns=(
            Column("title", _("Need"), lambda need: LocalisedText(need.title, need.get_absolute_url())),
            Column("stated", _("Stated"), lambda need: timezone.localtime(need.stated_at).date()),
            Column(
                "before",
                _("Addressed to"),
                lambda need: organisation_link(last.organisation) if (last := _latest_address(need)) else None,
            ),
            Column("state", _("State"), need_state),
            Column("promised", _("Promised"), _promised_day),
            *data_columns(
                key=lambda need: need.key,
                language=lambda need: need.language,
                countries=lambda need: list(need.countries),
                regions=lambda need: list(need.regions),
                label=lambda need: need.label_key,
                budget=lambda need: need.budget,
                currency=lambda need: need.currency if need.budget is not None else "",
            ),
        ),
        sorts=(Sort("newest", _("latest first"), (F("stated_at"),), descending=True),),
        filters=(Filter("state", _("State"), _states, _in_state),),
        text=(FoldedText("title"), FoldedText("text")),
        slug="key",
        organisation_paths=("addresses__organisation",),
        prefetch_related=("addresses__organisation", "addresses__case__definition"),
        heading=lambda need: LocalisedText(need.title),
        facts=_facts,
        organisations=lambda need: [address.organisation for address in _answering_addresses(need)],
    )
)

ANSWER_DELAYS = register_listing(
    Listing(
        name="answer-delays",
        model=AnswerDelay,
        title=_("Promises of answer"),
        singular=_("promise of answer"),
        intro=_("Within how many working days an organisation answers whoever states a need to it."),
        columns=(
            Column("organisation", _("Organisation"), lambda delay: organisation_link(delay.organisation)),
            Column("working_days", _("Working days"), lambda delay: delay.working_days, figure=True),
            PERIOD,
            *data_columns(organisation_key=lambda delay: delay.organisation.key),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(Sort("organisation", _("by name"), (organisation_sort_key("organisation__"),)), NEWEST),
        filters=(),
        text=(FoldedText("organisation__sort_name"),),
        organisation_paths=("organisation",),
        select_related=("organisation",),
        heading=lambda delay: localised_text(delay.organisation, "name"),
        facts=lambda delay: non_empty_rows(
            FactRow("organisation", _("Organisation"), organisation_link(delay.organisation)),
            FactRow("working_days", _("Working days"), delay.working_days),
            FactRow("note", _("Note"), localised_text(delay, "note")),
        ),
        organisations=lambda delay: [delay.organisation],
    )
)


TEAM_REQUESTS = register_back_office_listing(
    Listing(
        name="team-requests",
        model=TeamRequest,
        title=_("Requests to teams"),
        singular=_("request to a team"),
        intro=_(
            "What waits for the reply of an organisation you act for: whether it takes part in the answer to a need."
        ),
        columns=(
            Column("need", _("Need"), lambda asked: LocalisedText(asked.need.title, asked.need.get_absolute_url())),
            Column(
                "offer", _("Offer"), lambda asked: localised_text(asked.offer, "title", asked.offer.get_absolute_url())
            ),
            Column("provider", _("Organisation"), lambda asked: organisation_link(asked.offer.provider)),
            *data_columns(asked_at=lambda asked: asked.asked_at),
        ),
        sorts=(Sort("oldest", _("earliest first"), ("asked_at",)),),
        select_related=("need", "offer__provider"),
        reads=open_team_requests,
    )
)
