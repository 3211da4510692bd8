"""How needs, and what bodies promise to those who state them, are listed, exported and shown."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.kernel import wording
from maillage.kernel.listing import (
    NEWEST,
    NOTE,
    PERIOD,
    PERIOD_DATA,
    Column,
    Country,
    FactRow,
    Filter,
    Folded,
    Language,
    Listing,
    Money,
    Records,
    Region,
    Said,
    Sort,
    body,
    data_columns,
    present,
    register,
    register_behind,
    said,
)
from maillage.kernel.processes.shipped import shipped_states
from maillage.partnerships.models import Address, AddressRole, AnswerDelay, Need, TeamRequest
from maillage.partnerships.queries import requests_for
from maillage.register.recognition import known_labels
from maillage.register.vocabulary import OrganisationKind


def _held(need: Need) -> list[Address]:
    """The bodies that answer or answered, in their order."""
    held = [one for one in need.addresses.all() if one.role == AddressRole.ADDRESSEE]
    return sorted(held, key=lambda one: (one.since, one.pk))


def _last(need: Need) -> Address | None:
    held = _held(need)
    return held[-1] if held else None


def state_of(need: Need) -> str:
    """Where the need stands with the body that has it before it."""
    last = _last(need)
    if last is None:
        return ""
    # Once passed on, the other body's case is not for whoever had it first.
    return str(last.case.standing.title) if last.case else str(last.get_outcome_display() or _("with another body"))


def _promised(need: Need) -> dt.date | None:
    last = _last(need)
    return last.promised_day if last and last.dealt_at is None else None


def _facts(need: Need) -> list[FactRow]:
    return present(
        FactRow("text", _("In the words of the requester"), Said(need.text, language=need.language)),
        FactRow("stated_at", _("Stated"), timezone.localtime(need.stated_at).date()),
        FactRow("addressees", _("Before"), [body(one.organisation) for one in _held(need)]),
        FactRow("trl", _("Technology readiness level"), need.trl),
        FactRow("countries", _("Countries"), [Country(code) for code in need.countries]),
        FactRow("regions", _("Regions"), [Region(code) for code in need.regions]),
        FactRow("label", _("Label to be held"), _label(need)),
        FactRow("budget", _("Budget"), Money(need.budget, need.currency) if need.budget is not None else None),
        FactRow("start_on", _("Start"), need.start_on),
        FactRow("seat", _("A seat for"), _seat(need)),
        FactRow("language", _("Language"), Language(need.language) if need.language else ""),
    )


def _label(need: Need) -> str:
    from maillage.kernel.actors import PUBLIC

    name = dict(known_labels(PUBLIC)).get(need.label_key, need.label_key)
    return f"{name}, {wording.day(need.label_on)}" if name and need.label_on else name


def _seat(need: Need) -> str:
    return str(OrganisationKind(need.seat_kind).label) if need.seat_kind in OrganisationKind.values else ""


def _states() -> Iterable[tuple[str, Any]]:
    return [(name, state.title) for name, state in shipped_states("need").items()]


def _in_state(records: Records, value: str) -> Records:
    return records.filter(addresses__role=AddressRole.ADDRESSEE, addresses__case__state=value).distinct()


NEEDS = register(
    Listing(
        name="needs",
        model=Need,
        title=_("Needs"),
        one=_("need"),
        intro=_("What companies and others have asked for, as far as it is before an organisation you act for."),
        columns=(
            Column("title", _("Need"), lambda need: Said(need.title, need.get_absolute_url())),
            Column("stated", _("Stated"), lambda need: timezone.localtime(need.stated_at).date()),
            Column("before", _("Before"), lambda need: body(last.organisation) if (last := _last(need)) else None),
            Column("state", _("State"), state_of),
            Column("promised", _("Promised"), _promised),
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
        text=(Folded("title"), Folded("text")),
        slug="key",
        body_paths=("addresses__organisation",),
        prefetch_related=("addresses__organisation", "addresses__case__definition"),
        heading=lambda need: Said(need.title),
        facts=_facts,
        bodies=lambda need: [one.organisation for one in _held(need)],
    )
)

ANSWER_DELAYS = register(
    Listing(
        name="answer-delays",
        model=AnswerDelay,
        title=_("Promises of answer"),
        one=_("promise of answer"),
        intro=_("Within how many working days a body answers whoever states a need to it."),
        columns=(
            Column("organisation", _("Organisation"), lambda one: body(one.organisation)),
            Column("working_days", _("Working days"), lambda one: one.working_days, figure=True),
            PERIOD,
            *data_columns(organisation_key=lambda one: one.organisation.key),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(Sort("organisation", _("by name"), ("organisation__sort_name",)), NEWEST),
        filters=(),
        text=(Folded("organisation__sort_name"),),
        body_paths=("organisation",),
        select_related=("organisation",),
        heading=lambda one: said(one.organisation, "name"),
        facts=lambda one: present(
            FactRow("organisation", _("Organisation"), body(one.organisation)),
            FactRow("working_days", _("Working days"), one.working_days),
            FactRow("note", _("Note"), said(one, "note")),
        ),
        bodies=lambda one: [one.organisation],
    )
)


TEAM_REQUESTS = register_behind(
    Listing(
        name="team-requests",
        model=TeamRequest,
        title=_("Requests to teams"),
        one=_("request to a team"),
        intro=_("What waits for the reply of a body you act for: whether it takes part in the answer to a need."),
        columns=(
            Column("need", _("Need"), lambda asked: Said(asked.need.title, asked.need.get_absolute_url())),
            Column("offer", _("Offer"), lambda asked: said(asked.offer, "title", asked.offer.get_absolute_url())),
            Column("provider", _("Organisation"), lambda asked: body(asked.offer.provider)),
            Column("message", _("Message"), lambda asked: asked.message),
            *data_columns(asked_at=lambda asked: asked.asked_at),
        ),
        sorts=(Sort("oldest", _("earliest first"), ("asked_at",)),),
        select_related=("need", "offer__provider"),
        reads=requests_for,
    )
)
