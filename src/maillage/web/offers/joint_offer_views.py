"""Pages of a network: join offers of its members; the demand of the last year and the members that can meet it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.offers.actions.offers import compose_joint_offer
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.offers.queries import offers
from maillage.partnerships.demand import CapabilityDemand, NetworkDemand, SectorDemand, network_demand
from maillage.partnerships.laboratory_demand import SilentLaboratory, silent_laboratories
from maillage.partnerships.sectors import Sector
from maillage.presentation.action_forms import (
    action_form_page,
    get_organisation_for_action,
    posted_data,
    run_action_form,
)
from maillage.register.models import Organisation
from maillage.register.queries import member_ids_of
from maillage.web.laboratories.nearest import draft_offer_url
from maillage.web.offers.forms import JointOfferForm
from maillage.web.offers.prefilled import values_of_concepts
from maillage.web.partnerships.concept_names import ConceptNames

_ACTION = "offers.compose_joint_offer"
_CHOICES = 200


def joint_offer_page(request: Request, key: str) -> HttpResponse:
    """Join offers of members; `?concept=` preselects those that have this capability."""
    network = get_organisation_for_action(request, key, _ACTION, "network_id")
    concept = request.GET.get("concept", "")
    choices, preselected = _choices(request, network, concept)
    form = JointOfferForm(posted_data(request), choices=choices, initial=_initial(request, concept, preselected))
    outcome = run_action_form(
        request,
        partial(compose_joint_offer, network_id=network.pk),
        form,
        arguments=lambda: {"draft": form.draft, "parts": [offer.pk for offer in form.cleaned_data["parts"]]},
        success=_("The joint offer is published; needs are matched to it from now on."),
    )
    if outcome:
        return redirect(outcome.value)
    intro = _("One offer of the network, made of offers of at least two of its members; each of them stays as it is.")
    return action_form_page(
        request, form, network, heading=_("Compose a joint offer"), intro=intro, go=_("Publish the offer")
    )


def _choices(request: Request, network: Organisation, concept: str) -> tuple[list[Offer], list[int]]:
    """The offers of members possible today, and the ids of those that have the capability, which come first."""
    today = timezone.localdate()
    members = offers(actor=request.actor).possible_on(today).filter(provider__in=member_ids_of(network.pk, today))
    matcher = get_offer_matcher(actor=request.actor, on=today)
    offer_keys = (
        {matcher.index.offers[link.offer].text.key for link in matcher.index.links(concept)} if concept else set()
    )
    preselected = list(members.filter(key__in=offer_keys).values_list("pk", flat=True)[:_CHOICES])
    others = members.exclude(pk__in=preselected).order_by("provider__sort_name", "pk")
    return [*members.filter(pk__in=preselected), *others[: _CHOICES - len(preselected)]], preselected


def _initial(request: Request, concept: str, preselected: list[int]) -> dict[str, object]:
    vocabulary = get_offer_matcher(actor=request.actor, on=timezone.localdate()).vocabulary
    return {"languages": ["fr", "en"], "parts": preselected, **values_of_concepts(vocabulary, [concept])}


def demand_page(request: Request, key: str) -> HttpResponse:
    """Demand by capability (needs, those without a good answer, members that have it) and by sector."""
    network = get_organisation_for_action(request, key, _ACTION, "network_id")
    demand = network_demand(network.pk, actor=request.actor, at=timezone.now())
    organisations = Organisation.objects.visible_to(request.actor).in_bulk([*demand.suppliers])
    members = sorted(organisations.values(), key=lambda organisation: organisation.localised_sort_name)
    names = ConceptNames()
    rows = [_capability_row(line, members, network.pk, names) for line in demand.lines]
    context = {
        "network": network,
        "found": demand,
        "members": members,
        "rows": rows,
        "sectors": _sector_rows(demand),
        "silent": _silent_rows(request, network),
    }
    return render(request, "web/offers/demand.html", context)


def _silent_rows(request: Request, network: Organisation) -> list[tuple[SilentLaboratory, str]]:
    """Laboratories that offer nothing, each with the address of an offer filled in from the latest need, if any."""
    return [
        (line, draft_offer_url(request, line.laboratory, line.needs[0]))
        for line in silent_laboratories(network.pk, actor=request.actor, at=timezone.now())
    ]


def _sector_rows(demand: NetworkDemand) -> list[tuple[str, SectorDemand]]:
    names = dict(Sector.choices)
    return [(str(names.get(line.sector, _("not stated"))), line) for line in demand.sectors]


def _capability_row(
    line: CapabilityDemand, members: list[Organisation], network: int, names: ConceptNames
) -> dict[str, object]:
    return {
        "line": line,
        "name": names[line.concept],
        "cells": [(member, line.supply.get(member.pk, 0), min(3, line.supply.get(member.pk, 0))) for member in members],
        "joinable": len(line.supply.keys() - {network}) > 1,
    }
