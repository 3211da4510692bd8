"""A team composed by hand: which offers may take the place of each, and what is lost or gained against the best."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.core.request import Request
from maillage.core.text import label_and_value
from maillage.matching.teams import Team
from maillage.offers.models import Offer
from maillage.partnerships.team_matching import NeedTeamProblem
from maillage.presentation.action_forms import parse_number
from maillage.web.partnerships.concept_names import ConceptNames

MAX_OFFERS_CHOSEN = 20
_MAX_CHOICES = 200
# Below this, a difference of fit is not worth a word.
_FIT_STEP = 0.05


@dataclass(frozen=True, slots=True)
class EditRow:
    """A place of the team: its offer, and the offers that could take it; the last place has none and adds one."""

    offer: Offer | None
    choices: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class TeamComparison:
    """The value of a team as a share of the best's, and in words what it loses, gains, and must be warned of."""

    share: float
    losses: list[str]
    gains: list[str]
    warnings: list[str]


def chosen_offer_keys(request: Request, team_problem: NeedTeamProblem) -> list[str]:
    """The keys of the offers of `?offer=` that fit the need, each once."""
    by_id = {offer.pk: key for key, offer in team_problem.offers.items()}
    ids = [parse_number(text) for text in request.GET.getlist("offer")[: MAX_OFFERS_CHOSEN + 1]]
    return list(dict.fromkeys(by_id[pk] for pk in ids if pk in by_id))[:MAX_OFFERS_CHOSEN]


def edit_rows(team_problem: NeedTeamProblem, chosen: Collection[str], names: ConceptNames) -> list[EditRow]:
    """A row for each offer of a team, and one that adds another."""
    fits = {offer.key: offer.fits for offer in team_problem.problem.offers}
    rest = sorted(fits.keys() - set(chosen), key=lambda key: team_problem.offers[key].provider.short_name)
    rows = []
    for key in chosen:
        shared = {other: sum(fits[other].get(concept, 0.0) for concept in fits[key]) for other in rest}
        alike = sorted((other for other in rest if shared[other]), key=lambda other: -shared[other])
        rows.append(EditRow(team_problem.offers[key], _choices(team_problem, [key, *alike], fits, names)))
    return [*rows, EditRow(None, _choices(team_problem, rest, fits, names))]


def _choices(
    team_problem: NeedTeamProblem,
    keys: Iterable[str],
    fits: Mapping[str, Mapping[str, float]],
    names: ConceptNames,
) -> list[tuple[int, str]]:
    choices = []
    for key in list(keys)[:_MAX_CHOICES]:
        offer, brought = team_problem.offers[key], ", ".join(names[concept] for concept in fits[key])
        choices.append((offer.pk, f"{label_and_value(offer.provider.short_name, offer)} ({brought})"))
    return choices


def compare_teams(
    team_problem: NeedTeamProblem, chosen: Iterable[str], team: Team, best: Team, names: ConceptNames
) -> TeamComparison:
    """What a team of chosen offers (keys) loses and gains against the best one."""
    lost = sorted(set(team.uncovered) - set(best.uncovered))
    gained = sorted(set(best.uncovered) - set(team.uncovered))
    weaker, closer = _fit_changes(team, best)
    losses = [*_named(_("not covered any more"), lost, names), *_named(_("less closely covered"), weaker, names)]
    gains = [*_named(_("covered too"), gained, names), *_named(_("more closely covered"), closer, names)]
    more = len(team.members) - len(best.members)
    if more > 0:
        losses.append(ngettext("%d member more", "%d members more", more) % more)
    if more < 0:
        gains.append(ngettext("%d member fewer", "%d members fewer", -more) % -more)
    if team.cohesion != best.cohesion:
        words = (
            _("members who have worked together more")
            if team.cohesion > best.cohesion
            else _("members who have worked together less")
        )
        (gains if team.cohesion > best.cohesion else losses).append(words)
    share = team.points / best.points if best.points > 0 else 0.0
    return TeamComparison(
        max(0.0, share),
        losses,
        gains,
        [*_idle_offers(team_problem, chosen, team), *_warnings(team_problem, team, names)],
    )


def _named(words: str, concepts: Collection[str], names: ConceptNames) -> list[str]:
    return [label_and_value(words, ", ".join(names[key] for key in concepts))] if concepts else []


def _idle_offers(team_problem: NeedTeamProblem, chosen: Iterable[str], team: Team) -> list[str]:
    """The chosen offers to which nothing is left to bring."""
    used = {part.offer for member in team.members for part in member.parts}
    idle = [str(team_problem.offers[key]) for key in chosen if key not in used]
    return [label_and_value(_("brings nothing that others do not cover as closely"), ", ".join(idle))] if idle else []


def _fit_changes(team: Team, best: Team) -> tuple[list[str], list[str]]:
    """The capabilities that both cover, less closely and more closely than the best team does."""
    fits = [{part.capability: part.fit for member in one.members for part in member.parts} for one in (team, best)]
    both = sorted(fits[0].keys() & fits[1].keys())
    weaker = [key for key in both if fits[0][key] < fits[1][key] - _FIT_STEP]
    return weaker, [key for key in both if fits[0][key] > fits[1][key] + _FIT_STEP]


def _warnings(team_problem: NeedTeamProblem, team: Team, names: ConceptNames) -> list[str]:
    """The terms of the need that a team does not meet."""
    problem, warnings = team_problem.problem, []
    essential = [one.key for one in problem.asked if one.essential and one.key in team.uncovered]
    if essential:
        warnings += _named(_("essential, and not covered"), essential, names)
    if outside := team.providers & problem.excluded:
        who = formats.enumeration(sorted(team_problem.providers[key].short_name for key in outside))
        warnings.append(_("%s does not meet the terms of the need") % who)
    if len(team.members) > problem.places:
        warnings.append(_("more members than the number chosen above"))
    if problem.budget is not None and team.cost > problem.budget:
        warnings.append(_("the known costs are above the budget"))
    if any(seat.essential and not team.providers & seat.providers for seat in problem.seats):
        warnings.append(_("nobody takes the seat asked for"))
    return warnings
