"""From a need to the problem of its team: which offers, who is ruled out by which term, who has worked together."""

import datetime as dt
from decimal import Decimal

import pytest

from maillage.clinical.models import Trial, TrialGroup
from maillage.core.actors import PUBLIC
from maillage.matching.teams import alternative_teams, best_team, find_conflict
from maillage.offers.actions.capacities import say_capacity
from maillage.offers.models import Offer
from maillage.partnerships.models import TeamRequest
from maillage.partnerships.need_inputs import NeedTerms, RequestedCapabilityInput
from maillage.partnerships.team_matching import NeedTeamProblem, build_team_problem
from maillage.register.models import Organisation
from tests.partnerships.sample_needs import MONDAY, SampleNetwork, state_sample_need

ASKED = [
    RequestedCapabilityInput("bispecific-antibody"),
    RequestedCapabilityInput("aml"),
    RequestedCapabilityInput("proteomics", essential=False),
]


@pytest.fixture
def held(world: SampleNetwork) -> SampleNetwork:
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
    return {one.key: {made.providers[pk].key for pk in one.providers} for one in made.problem.exclusions}


def test_the_team_covers_what_offers_hold_and_names_what_none_does(held: SampleNetwork):
    made = composed(held)
    team = best_team(made.problem)
    assert team.proven
    assert {made.providers[member.provider].key for member in team.members} == {"lab", "platform"}
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
def test_terms_rule_out_who_does_not_meet_them(held: SampleNetwork, terms, out):
    assert ruled_out(composed(held, **terms)) == out


def test_who_is_full_at_the_start_is_ruled_out_and_comes_back_with_a_later_start(held: SampleNetwork):
    say_capacity(actor=held.acting(held.lab, "lead"), at=MONDAY, organisation_id=held.lab.pk,
                 free_from=dt.date(2026, 9, 1))  # fmt: skip
    assert ruled_out(composed(held)) == {"capacity": {"lab"}}
    assert ruled_out(composed(held, start_on=dt.date(2026, 9, 1))) == {}


def test_terms_that_cannot_hold_together_are_named_and_no_more(held: SampleNetwork):
    made = composed(held, countries=["FR"], budget=Decimal(500_000))
    assert best_team(made.problem) is None
    assert {one.key for one in find_conflict(made.problem)} == {"countries", "aml"}


def test_a_budget_keeps_a_team_within_it(held: SampleNetwork):
    assert best_team(composed(held, budget=Decimal(50_000)).problem).cost == 50_000
    assert best_team(composed(held, budget=Decimal(49_999)).problem) is None


def test_a_seat_is_kept_for_a_kind_of_body(held: SampleNetwork):
    team = best_team(composed(held, seat_kind="platform").problem)
    assert team.providers >= {str(held.platform.pk)}
    assert best_team(composed(held, seat_kind="hospital").problem) is None


def test_having_worked_together_counts(held: SampleNetwork):
    assert not composed(held).problem.ties
    trial = Trial.objects.create(registry="NCT", number="1", short_title_en="Together", sponsor=held.lab,
                                 period_start="2024")  # fmt: skip
    TrialGroup.objects.create(trial=trial, group=held.platform)
    pair = tuple(sorted((str(held.lab.pk), str(held.platform.pk)), key=int))
    assert composed(held).problem.ties[pair] > 0


def test_an_offer_hidden_from_the_actor_is_in_no_team(held: SampleNetwork):
    Offer.objects.filter(key="of-lab").update(visibility="organisation")
    made = composed(held)
    assert {offer.key for offer in made.offers.values()} == {"of-platform"}
    assert best_team(made.problem) is None


def test_two_providers_of_one_capability_make_two_teams(held: SampleNetwork):
    Offer.objects.create(key="of-neighbour", provider=held.neighbour, title_fr="Anticorps", title_en="Antibody",
                         keywords=["bispecific antibody"], period_start="2020")  # fmt: skip
    found = alternative_teams(composed(held).problem, 3)
    assert found[0].points >= found[-1].points
    assert all(team.proven for team in found[:1])


def test_who_said_no_or_is_not_free_in_time_is_left_out(held: SampleNetwork):
    need = state_sample_need(held, asked=ASKED)
    offer = Offer.objects.get(key="of-lab")
    for word, free, left in (("no", None, True), ("yes", dt.date(2027, 1, 1), True), ("yes", None, False)):
        TeamRequest.objects.update_or_create(need=need, offer=offer, defaults={"asked_at": MONDAY, "word": word,
                                                                               "free_from": free})  # fmt: skip
        keys = {one.key for one in build_team_problem(need, actor=PUBLIC, at=MONDAY).offers.values()}
        assert ("of-lab" not in keys) == left


def test_readiness_levels_that_do_not_meet_leave_an_offer_out(held: SampleNetwork):
    Offer.objects.filter(key="of-lab").update(trl_low=1, trl_high=3)
    assert "of-lab" not in composed(held, trl_low=5, trl_high=7).offers
    assert "of-lab" in composed(held, trl_low=3, trl_high=7).offers
