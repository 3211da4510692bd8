"""The page on which a team is composed for a need: the best one and others, proven or with what lacks of a proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.matching.teams import (
    ConditionKind,
    Team,
    TeamCondition,
    alternative_teams,
    condition_costs,
    find_conflict,
)
from maillage.matching.teams.problem import MAX_PLACES
from maillage.matching.teams.team import tie_strength
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.offer_matching import parties_of_similar_projects
from maillage.partnerships.team_matching import MAX_MEMBERS, SEARCH_SECONDS, NeedTeamProblem, build_team_problem
from maillage.register.collaboration_provider import shared_work_titles
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.lookups import get_need_for_action
from maillage.web.partnerships.team_drawing import team_drawing

_OTHERS = 4
_COMPARED = 8


def team_page(request: Request, key: str) -> HttpResponse:
    """The best team for a need as it stands, others unlike it, and what each of its terms costs."""
    need = get_need_for_action(request, key, "answer_need")
    places = _places(request)
    concepts = need.asked.values_list("concept", flat=True)
    context: dict[str, Any] = {
        "need": need,
        "places": places,
        "most": range(1, MAX_PLACES + 1),
        "near": parties_of_similar_projects(f"{need.title} {need.text}", concepts, get_vocabulary(), request.actor),
    }
    if not need.asked.exists():
        return render(request, "web/needs/team.html", context | {"nothing_asked": True})
    made = build_team_problem(need, actor=request.actor, at=timezone.now(), places=places)
    found, names = alternative_teams(made.problem, 1 + _OTHERS, SEARCH_SECONDS), ConceptNames()
    if found:
        context |= {
            "best": _shown(request, made, found[0], names),
            "others": [_shown(request, made, team, names) for team in found[1:]],
            "unpriced": sum(1 for one in made.offers.values() if one.cost is None) if need.budget else 0,
            "costs": list(_costs(made, found[0], names)),
        }
    else:
        context["conflict"] = [_condition(one, names) for one in find_conflict(made.problem)]
    return render(request, "web/needs/team.html", context)


def _places(request: Request) -> int:
    given = request.GET.get("places", "")
    return min(MAX_PLACES, max(1, int(given))) if given.isdecimal() and len(given) < 3 else MAX_MEMBERS


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of a team with its offers and what it brings; `words` are the keys by which the answer names them."""

    provider: Any
    parts: list[tuple[Any, list[str]]]
    seats: bool
    cost: int


def _shown(request: Request, made: NeedTeamProblem, team: Team, names: ConceptNames) -> dict[str, Any]:
    members = [
        MemberLine(
            made.providers[member.provider],
            [
                (made.offers[key], _brought(made, member, key, names))
                for key in dict.fromkeys(part.offer for part in member.parts)
            ],
            bool(member.seats),
            member.cost,
        )
        for member in team.members
    ]
    pairs = list(_pairs(request, made, team))
    return {
        "team": team,
        "members": members,
        "uncovered": [names[key] for key in team.uncovered],
        "gap": team.gap,
        "drawing": team_drawing(members, pairs, [names[key] for key in team.uncovered]),
        "pairs": pairs,
        "query": "&".join(f"offer={made.offers[key].pk}" for member in team.members for key in _offers_of(member)),
    }


def _offers_of(member: Any) -> list[str]:
    return list(dict.fromkeys(part.offer for part in member.parts))


def _brought(made: NeedTeamProblem, member: Any, offer: str, names: ConceptNames) -> list[str]:
    brought = [part.capability for part in member.parts if part.offer == offer]
    # What the offer says is wider than what is asked: the team must be asked whether it has just that.
    unsure = _("%s (the offer is wider; to be confirmed)")
    return [unsure % names[one] if (offer, one) in made.wider else names[one] for one in brought]


def _pairs(request: Request, made: NeedTeamProblem, team: Team) -> Iterator[dict[str, Any]]:
    """Members who have worked together, and in what."""
    members = sorted(team.providers)
    for place, one in enumerate(members):
        for other in members[:place]:
            if value := tie_strength(made.problem.ties, one, other):
                works = shared_work_titles(int(one), int(other), request.actor)
                yield {"one": made.providers[one], "other": made.providers[other], "value": value, "works": works[:5]}


def _costs(made: NeedTeamProblem, best: Team, names: ConceptNames) -> Iterator[dict[str, Any]]:
    """What each term costs: what the best team without it would have that this one lacks."""
    for cost in condition_costs(made.problem, SEARCH_SECONDS):
        if cost.points and cost.team and cost.condition.kind is not ConditionKind.ESSENTIAL:
            gained = sorted(set(best.uncovered) - set(cost.team.uncovered))
            joining = sorted(cost.team.providers - best.providers)
            yield {
                "condition": _condition(cost.condition, names),
                "share": cost.points / best.points if best.points > 0 else 0,
                "gained": [names[key] for key in gained],
                "joining": [_name(made, key) for key in joining],
            }


def _name(made: NeedTeamProblem, key: str) -> str:
    return made.providers[key].short_name if key in made.providers else key


def _condition(condition: TeamCondition, names: ConceptNames) -> str:
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
    given = list(dict.fromkeys(request.GET.getlist("offer")))[:_COMPARED]
    wanted = [int(one) for one in given if one.isdecimal() and len(one) < 18]
    chosen = list(offers(actor=request.actor).filter(pk__in=wanted))
    found = get_offer_matcher(actor=request.actor, on=request.as_of.on)
    place = {one.text.key: number for number, one in enumerate(found.index.offers)}
    rows, names = [], ConceptNames()
    for asked in need.asked.order_by("-essential", "pk"):
        links = {link.offer: link for link in found.index.links(asked.concept)}
        cells = [_closeness(links.get(place.get(offer.key, -1)), names) for offer in chosen]
        rows.append({"name": names[asked.concept], "essential": asked.essential, "cells": cells})
    return render(request, "web/needs/compare.html", {"need": need, "offers": chosen, "rows": rows})


def _closeness(link: Any, names: ConceptNames) -> dict[str, Any]:
    if link is None:
        return {"word": _("no"), "level": 0}
    if link.steps == 0:
        return {"word": _("yes"), "level": 3}
    words = _("wider: %s") if link.steps > 0 else _("narrower: %s")
    return {"word": words % names[link.concept], "level": 2}
