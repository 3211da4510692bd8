"""From a need to the problem of its team: which offers, who is ruled out by which term, who has worked together."""

import datetime as dt
from decimal import Decimal

import pytest

from maillage.clinical.models import Trial, TrialGroup
from maillage.core.actors import PUBLIC
from maillage.matching.teams import best_team, best_teams, find_incompatible_conditions
from maillage.offers.actions.capacities import say_capacity
from maillage.offers.models import Offer
from maillage.partnerships.models import TeamRequest
from maillage.partnerships.need_inputs import NeedTerms, RequestedCapabilityInput
from maillage.partnerships.team_matching import NeedTeamProblem, build_team_problem
from maillage.register.models import Organisation
from tests.partnerships.sample_needs import MONDAY, SampleNetwork, state_sample_need

pytestmark = pytest.mark.django_db

ASKED = [
    RequestedCapabilityInput("bispecific-antibody"),
    RequestedCapabilityInput("aml"),
    RequestedCapabilityInput("proteomics", essential=False),
]


@pytest.fixture
def sample_network(world: SampleNetwork) -> SampleNetwork:
    """The lab has a bispecific antibody, the platform works on AML in another country for a price."""
    lab, platform = world.offers
    Offer.objects.filter(pk=lab.pk).update(keywords=["bispecific antibody"], cost=Decimal(20_000))
    Offer.objects.filter(pk=platform.pk).update(keywords=["acute myeloid leukaemia"], cost=Decimal(30_000))
    Organisation.objects.filter(pk=world.platform.pk).update(country="BE", region="")
    Organisation.objects.filter(pk=world.lab.pk).update(region="FR-ARA")
    return world


def composed(world: SampleNetwork, places: int = 5, **terms) -> NeedTeamProblem:
    need = state_sample_need(world, asked=ASKED, terms=NeedTerms(**terms))
    return build_team_problem(need, actor=PUBLIC, at=MONDAY, places=places)


def ruled_out(made: NeedTeamProblem) -> dict[str, set[str]]:
    """The keys of the bodies that each term rules out."""
    return {
        exclusion.key: {made.providers[pk].key for pk in exclusion.providers} for exclusion in made.problem.exclusions
    }


def test_the_team_covers_what_offers_hold_and_names_what_none_does(sample_network: SampleNetwork):
    problem = composed(sample_network)
    team = best_team(problem.problem)
    assert team.proven
    assert {problem.providers[member.provider].key for member in team.members} == {"lab", "platform"}
    assert team.uncovered == ("proteomics",)
    assert team.cost == 50_000


@pytest.mark.parametrize(
    ("terms", "out"),
    [
        ({"countries": ["FR"]}, {"countries": {"platform"}}),
        ({"regions": ["FR-ARA"]}, {"regions": {"platform"}}),
        ({"countries": ["FR", "BE"]}, {"countries": set()}),
    ],
)
def test_terms_rule_out_who_does_not_meet_them(sample_network: SampleNetwork, terms, out):
    assert ruled_out(composed(sample_network, **terms)) == out


def test_who_is_full_at_the_start_is_ruled_out_and_comes_back_with_a_later_start(sample_network: SampleNetwork):
    say_capacity(
        actor=sample_network.acting(sample_network.lab, "lead"),
        at=MONDAY,
        organisation_id=sample_network.lab.pk,
        free_from=dt.date(2026, 9, 1),
    )
    assert ruled_out(composed(sample_network)) == {"capacity": {"lab"}}
    assert ruled_out(composed(sample_network, start_on=dt.date(2026, 9, 1))) == {}


def test_terms_that_cannot_hold_together_are_named_and_no_more(sample_network: SampleNetwork):
    problem = composed(sample_network, countries=["FR"], budget=Decimal(500_000))
    assert best_team(problem.problem) is None
    assert {one.key for one in find_incompatible_conditions(problem.problem)} == {"countries", "aml"}


def test_a_budget_keeps_a_team_within_it(sample_network: SampleNetwork):
    assert best_team(composed(sample_network, budget=Decimal(50_000)).problem).cost == 50_000
    assert best_team(composed(sample_network, budget=Decimal(49_999)).problem) is None


def test_a_seat_is_kept_for_a_kind_of_organisation(sample_network: SampleNetwork):
    team = best_team(composed(sample_network, seat_kind="platform").problem)
    assert team.providers >= {str(sample_network.platform.pk)}
    assert best_team(composed(sample_network, seat_kind="hospital").problem) is None


def test_having_worked_together_counts(sample_network: SampleNetwork):
    assert not composed(sample_network).problem.ties
    trial = Trial.objects.create(registry="NCT", number="1", short_title_en="Together", sponsor=sample_network.lab,
                                 period_start="2024")  # fmt: skip
    TrialGroup.objects.create(trial=trial, group=sample_network.platform)
    pair = tuple(sorted((str(sample_network.lab.pk), str(sample_network.platform.pk)), key=int))
    assert composed(sample_network).problem.ties[pair] > 0


def test_an_offer_hidden_from_the_actor_is_in_no_team(sample_network: SampleNetwork):
    Offer.objects.filter(key="of-lab").update(visibility="organisation")
    problem = composed(sample_network)
    assert {offer.key for offer in problem.offers.values()} == {"of-platform"}
    assert best_team(problem.problem) is None


def test_two_providers_of_one_capability_make_two_teams(sample_network: SampleNetwork):
    Offer.objects.create(
        key="of-neighbour",
        provider=sample_network.neighbour,
        title_fr="Anticorps",
        title_en="Antibody",
        keywords=["bispecific antibody"],
        period_start="2020",
    )
    result = best_teams(composed(sample_network).problem, 3)
    assert result[0].points >= result[-1].points
    assert all(team.proven for team in result[:1])


def test_who_said_no_or_is_not_free_in_time_is_left_out(sample_network: SampleNetwork):
    need = state_sample_need(sample_network, asked=ASKED)
    offer = Offer.objects.get(key="of-lab")
    for reply, free, left in (("no", None, True), ("yes", dt.date(2027, 1, 1), True), ("yes", None, False)):
        TeamRequest.objects.update_or_create(need=need, offer=offer, defaults={"asked_at": MONDAY, "reply": reply,
                                                                               "free_from": free})  # fmt: skip
        keys = {one.key for one in build_team_problem(need, actor=PUBLIC, at=MONDAY).offers.values()}
        assert ("of-lab" not in keys) == left


def test_readiness_levels_that_do_not_meet_leave_an_offer_out(sample_network: SampleNetwork):
    Offer.objects.filter(key="of-lab").update(trl_low=1, trl_high=3)
    assert "of-lab" not in composed(sample_network, trl_low=5, trl_high=7).offers
    assert "of-lab" in composed(sample_network, trl_low=3, trl_high=7).offers


def test_who_said_yes_is_kept_and_who_said_no_is_left_out_with_all_its_offers(sample_network: SampleNetwork):
    lab, platform = sample_network.offers
    both = ["bispecific antibody", "acute myeloid leukaemia"]
    wide = Offer.objects.create(
        key="of-wide", provider=sample_network.platform, title_en="Both", keywords=both, period_start="2020"
    )
    need = state_sample_need(sample_network, asked=ASKED)

    def members() -> set[str]:
        made = build_team_problem(need, actor=PUBLIC, at=MONDAY)
        return {made.providers[member.provider].key for member in best_team(made.problem).members}

    assert members() == {"platform"}
    accepted = TeamRequest.objects.create(need=need, offer=lab, asked_at=MONDAY, reply="yes")
    assert members() == {"lab", "platform"}
    TeamRequest.objects.create(need=need, offer=wide, asked_at=MONDAY, reply="no")
    made = build_team_problem(need, actor=PUBLIC, at=MONDAY)
    assert set(made.offers) == {lab.key}
    accepted.delete()
    TeamRequest.objects.create(need=need, offer=platform, asked_at=MONDAY)
    assert platform.key in build_team_problem(need, actor=PUBLIC, at=MONDAY).offers
