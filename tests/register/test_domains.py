"""Which domains are an organisation's own, so that its pages there confirm nothing that it says."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actions.facts import correct_fact, record_fact
from maillage.core.actors import OFFICER, ActiveMandate, Actor
from maillage.register.actions.organisations import describe_organisation
from maillage.register.domains import own_domains
from maillage.register.models import Organisation

OFFICER_ACTOR = Actor("officer", frozenset({OFFICER}))
DAY = dt.date(2026, 6, 1)

pytestmark = pytest.mark.django_db


def run(action: Any, actor: Actor = OFFICER_ACTOR, **arguments: Any) -> Any:
    return action(actor=actor, at=timezone.now(), **arguments)


def organisation(key: str, website: str = "") -> Organisation:
    values = {"key": key, "name_fr": key.title(), "kind": "other", **({"website": website} if website else {})}
    recorded: Organisation = run(record_fact, list_name="organisations", values=values)
    return recorded


def tie(member: str, role: str, of: str, **period: str) -> None:
    run(record_fact, list_name="memberships", values={"member": member, "role": role, "of": of, **period})


def manager_of(record: Organisation) -> Actor:
    mandate = ActiveMandate(1, "manager", record.pk, "M", dt.date(2020, 1, 1), reach=frozenset({record.pk}))
    return Actor("somebody", frozenset({"reader"}), None, mandate)


@pytest.mark.parametrize(
    "website",
    ["https://www.Net.example.org/fr?x=1", "http://net.example.org:8080", "https://user@net.example.org#top"],
)
def test_the_site_of_an_organisation_and_what_stands_below_it_are_its_own(website: str) -> None:
    network = organisation("net", website)
    cited = ["net.example.org", "blog.net.example.org", "example.org", "other-net.example.org", ""]
    assert own_domains(cited, [network.pk], DAY)[network.pk] == {"net.example.org", "blog.net.example.org"}


def test_sites_of_parts_members_and_hosts_are_not_independent() -> None:
    network = organisation("net")
    for key, role in {"part": "part-of", "member": "member", "partner": "partner"}.items():
        organisation(key, f"https://{key}.example.org")
        tie(key, role, "net")
    organisation("host", "https://host.example.org")
    tie("net", "hosted-by", "host")
    organisation("past", "https://past.example.org")
    tie("past", "member", "net", **{"from": "2010", "to": "2015"})
    cited = [f"{key}.example.org" for key in ("part", "member", "partner", "host", "past")]
    own = own_domains(cited, [network.pk], DAY)[network.pk]
    assert own == {"part.example.org", "member.example.org", "host.example.org"}
    # The page of the network says something about a member that the member does not say itself.
    member = Organisation.objects.get(key="member")
    assert own_domains(["part.example.org"], [member.pk], DAY).get(member.pk, set()) == set()


def test_another_website_does_not_make_an_own_page_independent() -> None:
    network = organisation("net", "https://net.example.org")
    changes = {"website": "https://elsewhere.example.com"}
    run(describe_organisation, manager_of(network), organisation_id=network.pk, changes=changes, reason="Moved.")
    network.refresh_from_db()
    values = {"website": ""}
    fact = {"list_name": "organisations", "fact_id": str(network.uid), "reason": "Closed."}
    run(correct_fact, manager_of(network), **fact, values=values)
    own = own_domains(["net.example.org", "elsewhere.example.com"], [network.pk], DAY)[network.pk]
    assert own == {"net.example.org", "elsewhere.example.com"}
    with pytest.raises(ActionError, match="domains"):
        run(correct_fact, manager_of(network), **fact, values={"domains": []})
    run(correct_fact, **fact, values={"domains": ["https://www.net.example.org/fr"]})
    assert Organisation.objects.get(key="net").domains == ["net.example.org"]
