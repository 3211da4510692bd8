"""Page that composes a team for a need: the best team, alternatives and the costs of terms, or why there is none."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.matching.offer_index import ConceptLink
from maillage.matching.teams import (
    ConditionKind,
    Team,
    TeamCondition,
    TeamMember,
    best_teams,
    condition_costs,
    find_incompatible_conditions,
    team_of_offers,
)
from maillage.matching.teams.problem import MAX_PLACES
from maillage.matching.teams.team import tie_strength
from maillage.partnerships.models import Need
from maillage.partnerships.team_matching import (
    MAX_MEMBERS,
    SEARCH_SECONDS,
    NeedTeamProblem,
    build_team_problem,
)
from maillage.register.collaboration_provider import shared_work_titles
from maillage.register.models import Organisation
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.lookups import get_need_for_action
from maillage.web.partnerships.past_partners import past_partners_context
from maillage.web.partnerships.team_drawing import team_drawing
from maillage.web.partnerships.team_edit import chosen_offer_keys, compare_teams, edit_rows
from maillage.web.partnerships.team_replies import accepted_requests, left_out_context, provider_names

_OTHERS = 4
_COMPARED = 8


def team_page(request: Request, key: str) -> HttpResponse:
    """The best team for a need, alternatives unlike it, and the cost of each of its terms."""
    need = get_need_for_action(request, key, "answer_need")
    places = _places(request)
    context: dict[str, object] = {
        "need": need,
        "places": places,
        "most": range(1, MAX_PLACES + 1),
        **past_partners_context(request, need),
    }
    if not need.asked.exists():
        return render(request, "web/needs/team.html", context | {"nothing_asked": True})
    team_problem = build_team_problem(need, actor=request.actor, at=timezone.now(), places=places)
    teams, names = best_teams(team_problem.problem, 1 + _OTHERS, SEARCH_SECONDS), ConceptNames()
    context |= _replies_context(need, team_problem, teams[0] if teams else None)
    if teams:
        chosen = chosen_offer_keys(request, team_problem)
        context |= {
            **({"own": _own_team(request, team_problem, chosen, teams[0], names)} if chosen else {}),
            "edit": edit_rows(team_problem, chosen or _team_offer_keys(teams[0]), names),
            "best": _team_context(request, team_problem, teams[0], names),
            "others": [_team_context(request, team_problem, team, names) for team in teams[1:]],
            "unpriced": sum(1 for offer in team_problem.offers.values() if offer.cost is None) if need.budget else 0,
            "costs": list(_term_costs(team_problem, teams[0], names)),
        }
    else:
        context["conflict"] = [
            _condition_text(condition, names) for condition in find_incompatible_conditions(team_problem.problem)
        ]
    return render(request, "web/needs/team.html", context)


def _places(request: Request) -> int:
    value = request.GET.get("places", "")
    return min(MAX_PLACES, max(1, int(value))) if value.isdecimal() and len(value) < 3 else MAX_MEMBERS


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of a team: its offers, each with the capabilities it brings; `cost` in euros."""

    provider: Organisation
    parts: list[tuple[object, list[str]]]
    seats: bool
    cost: int


def _team_context(
    request: Request, team_problem: NeedTeamProblem, team: Team, names: ConceptNames
) -> dict[str, object]:
    # The offer is wider than the capability asked for: the team must confirm that it has it.
    members = _member_lines(team_problem, team, names, _("%s (the offer is wider; to be confirmed)"))
    # A drawing has no room for words that the table beside it says.
    drawn = _member_lines(team_problem, team, names, "≈ %s")
    pairs = list(_tied_pairs(request, team_problem, team))
    return {
        "team": team,
        "members": members,
        "uncovered": [names[key] for key in team.uncovered],
        "gap": team.gap,
        "drawing": team_drawing(drawn, pairs, [names[key] for key in team.uncovered]),
        "pairs": pairs,
        "query": "&".join(
            f"offer={team_problem.offers[key].pk}" for member in team.members for key in _offer_keys(member)
        ),
    }


def _replies_context(need: Need, team_problem: NeedTeamProblem, best: Team | None) -> dict[str, object]:
    """The teams that replied: those that said yes in the best team, beside it and too late, and those that said no."""
    members = set(_team_offer_keys(best)) if best else set[str]()
    accepted = [one for one in accepted_requests(need) if one.offer.key in team_problem.offers]
    kept = [one for one in accepted if one.offer.key in members]
    kept_ids = {one.offer.provider_id for one in kept}
    return {
        "team_kept": provider_names(kept),
        "team_unused": provider_names(one for one in accepted if one.offer.provider_id not in kept_ids),
        **left_out_context(need, {offer.provider_id for offer in team_problem.offers.values()}),
    }


def _own_team(
    request: Request, team_problem: NeedTeamProblem, chosen: list[str], best: Team, names: ConceptNames
) -> dict[str, object]:
    """The team that the reader composed by hand, compared with the best."""
    team = team_of_offers(team_problem.problem, chosen, best.bound)
    query = "&".join(f"offer={team_problem.offers[key].pk}" for key in chosen)
    context = _team_context(request, team_problem, team, names)
    return {**context, "query": query, "comparison": compare_teams(team_problem, chosen, team, best, names)}


def _team_offer_keys(team: Team) -> list[str]:
    return [key for member in team.members for key in _offer_keys(member)]


def _offer_keys(member: TeamMember) -> list[str]:
    return list(dict.fromkeys(part.offer for part in member.parts))


def _member_lines(team_problem: NeedTeamProblem, team: Team, names: ConceptNames, unsure: str) -> list[MemberLine]:
    """The members with what each offer brings; `unsure` marks what it brings through something wider."""
    return [
        MemberLine(
            team_problem.providers[member.provider],
            [
                (team_problem.offers[key], _brought_capabilities(team_problem, member, key, names, unsure))
                for key in _offer_keys(member)
            ],
            bool(member.seats),
            member.cost,
        )
        for member in team.members
    ]


def _brought_capabilities(
    team_problem: NeedTeamProblem, member: TeamMember, offer: str, names: ConceptNames, unsure: str
) -> list[str]:
    concepts = [part.capability for part in member.parts if part.offer == offer]
    return [
        unsure % names[concept] if (offer, concept) in team_problem.wider else names[concept] for concept in concepts
    ]


def _tied_pairs(request: Request, team_problem: NeedTeamProblem, team: Team) -> Iterator[dict[str, object]]:
    """Pairs of members who have worked together, with the titles of up to five shared works."""
    members = sorted(team.providers)
    for position, member in enumerate(members):
        for other in members[:position]:
            if value := tie_strength(team_problem.problem.ties, member, other):
                works = shared_work_titles(int(member), int(other), request.actor)
                yield {
                    "one": team_problem.providers[member],
                    "other": team_problem.providers[other],
                    "value": value,
                    "works": works[:5],
                }


def _term_costs(team_problem: NeedTeamProblem, best: Team, names: ConceptNames) -> Iterator[dict[str, object]]:
    """The cost of each term: the capabilities and members that the best team without it adds to this one."""
    for cost in condition_costs(team_problem.problem, SEARCH_SECONDS):
        if cost.points and cost.team and cost.condition.kind is not ConditionKind.ESSENTIAL:
            gained = sorted(set(best.uncovered) - set(cost.team.uncovered))
            joining = sorted(cost.team.providers - best.providers)
            yield {
                "condition": _condition_text(cost.condition, names),
                "share": cost.points / best.points if best.points > 0 else 0,
                "gained": [names[key] for key in gained],
                "joining": [_provider_name(team_problem, key) for key in joining],
            }


def _provider_name(team_problem: NeedTeamProblem, key: str) -> str:
    return team_problem.providers[key].short_name if key in team_problem.providers else key


def _condition_text(condition: TeamCondition, names: ConceptNames) -> str:
    """A condition in words."""
    words = {
        "countries": _("the countries asked for"),
        "regions": _("the regions asked for"),
        "label": _("the label that must be held"),
        "capacity": _("being free in time"),
        "seat": _("the seat asked for"),
    }
    match condition.kind:
        case ConditionKind.BUDGET:
            return _("the budget")
        case ConditionKind.PLACES:
            return _("the number of members")
        case ConditionKind.ESSENTIAL:
            return _("“%s” being essential") % names[condition.key]
    return words.get(condition.key, condition.key)


def offer_comparison_page(request: Request, key: str) -> HttpResponse:
    """Offers side by side, for one need."""
    from maillage.offers.offer_matcher import get_offer_matcher
    from maillage.offers.queries import offers

    need = get_need_for_action(request, key, "answer_need")
    values = list(dict.fromkeys(request.GET.getlist("offer")))[:_COMPARED]
    offer_ids = [int(value) for value in values if value.isdecimal() and len(value) < 18]
    compared = list(offers(actor=request.actor).filter(pk__in=offer_ids))
    matcher = get_offer_matcher(actor=request.actor, on=request.as_of.on)
    positions = {indexed_offer.text.key: position for position, indexed_offer in enumerate(matcher.index.offers)}
    rows, names = [], ConceptNames()
    for capability in need.asked.order_by("-essential", "pk"):
        links = {link.offer: link for link in matcher.index.links(capability.concept)}
        cells = [_closeness_cell(links.get(positions.get(offer.key, -1)), names) for offer in compared]
        rows.append({"name": names[capability.concept], "essential": capability.essential, "cells": cells})
    return render(request, "web/needs/compare.html", {"need": need, "offers": compared, "rows": rows})


def _closeness_cell(link: ConceptLink | None, names: ConceptNames) -> dict[str, object]:
    if link is None:
        return {"word": _("no"), "level": 0}
    if link.steps == 0:
        return {"word": _("yes"), "level": 3}
    words = _("wider: %s") if link.steps > 0 else _("narrower: %s")
    return {"word": words % names[link.concept], "level": 2}
