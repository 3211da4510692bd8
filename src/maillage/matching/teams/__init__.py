"""Teams: from offers to the team that covers a need best, proven.

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

`instant_team` answers at once, `alternative_teams` gives others unlike the best, `condition_costs` says what each
condition
costs, and `find_conflict` which conditions cannot hold together where there is no team. What is asked and how a team is
valued stands in `problem`; how it is searched, in `search`. `load_compiled_search` loads the compiled code ahead of
the first need.
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
from maillage.matching.teams.solver import (
    ConditionCost,
    TeamCondition,
    alternative_teams,
    best_team,
    condition_costs,
    find_conflict,
    instant_team,
    load_compiled_search,
)
from maillage.matching.teams.team import Team, TeamMember, TeamPart

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
    "alternative_teams",
    "best_team",
    "condition_costs",
    "find_conflict",
    "instant_team",
    "load_compiled_search",
]
