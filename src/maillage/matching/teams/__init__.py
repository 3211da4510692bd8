"""Teams: the team of providers whose offers cover a need best, proven.

>>> from maillage.matching.teams import Capability, TeamOffer, TeamProblem, best_team
>>> asked = (Capability("bispecific antibody"), Capability("phase I trial"), Capability("paired samples", False, 0.5))
>>> offers = (
...     TeamOffer("of-1", "lab", {"bispecific antibody": 0.9}, cost=20_000),
...     TeamOffer("of-2", "centre", {"phase I trial": 0.8}, cost=40_000),
...     TeamOffer("of-3", "bank", {"paired samples": 0.6}, cost=5_000),
... )
>>> team = best_team(TeamProblem(asked, offers, ties={("lab", "centre"): 1.0}, places=3, budget=62_000))
>>> [(member.provider, [part.capability for part in member.parts]) for member in team.members]
[('centre', ['phase I trial']), ('lab', ['bispecific antibody'])]
>>> team.uncovered, team.cost, team.proven
(('paired samples',), 60000, True)

`instant_team` returns a good team at once, `best_teams` the best and others, `team_of_offers` the one that a person
chose, `condition_costs` the points that each condition costs, and `find_incompatible_conditions` conditions that cannot
hold together if there is no team. `problem` defines the input and the value of a team, `team_search` searches, and
`compiled_search` has its inner loops. `load_compiled_search` loads the compiled code before the first need.
"""

from maillage.matching.teams.problem import (
    Capability,
    ConditionKind,
    InvalidTeamProblemError,
    ProviderExclusion,
    RequiredSeat,
    TeamOffer,
    TeamProblem,
)
from maillage.matching.teams.team import Team, TeamMember, TeamPart, team_of_offers
from maillage.matching.teams.team_search import (
    ConditionCost,
    TeamCondition,
    best_team,
    best_teams,
    condition_costs,
    find_incompatible_conditions,
    instant_team,
    load_compiled_search,
)

__all__ = [
    "Capability",
    "ConditionCost",
    "ConditionKind",
    "InvalidTeamProblemError",
    "ProviderExclusion",
    "RequiredSeat",
    "Team",
    "TeamCondition",
    "TeamMember",
    "TeamOffer",
    "TeamPart",
    "TeamProblem",
    "best_team",
    "best_teams",
    "condition_costs",
    "find_incompatible_conditions",
    "instant_team",
    "load_compiled_search",
    "team_of_offers",
]
