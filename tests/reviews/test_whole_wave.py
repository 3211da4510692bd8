"""A simulated wave of the size of 2016, over the API from the call to the awards: 45 dossiers, 29 labels, 9 ahead."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from maillage.api.actions.tokens import create_token
from maillage.core.periods import TruthOnDay
from maillage.labels.models import Award, Label
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.register.label_provider import labels_held
from maillage.register.models import Organisation
from maillage.reviews.models import Assignment
from tests.calls.sample_call import TEXT

pytestmark = pytest.mark.django_db

APPLICATIONS, LABELS, AHEAD, REVIEWERS = 45, 29, 9, 20


@dataclass
class Programs:
    """A client with a token for each who acts, by name."""

    clients: dict[str, Client] = field(default_factory=dict)

    def of(self, name: str, body: Organisation | None = None, role: str = "") -> Client:
        """The client of a person, who holds a role for a body."""
        if name not in self.clients:
            at = timezone.now()
            person = User.objects.create(email=f"{name}@example.org", name=name)
            mandate = None
            if body:
                mandate = Mandate.objects.create(person=person, organisation=body, role=role, first_day="2020-01-01")
            actor = actor_of(person, at)
            _token, secret = create_token(actor=actor, at=at, name="test", scopes=["read", "write"], days=30,
                                          mandate_id=mandate.pk if mandate else None)  # fmt: skip
            self.clients[name] = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})
        return self.clients[name]


def run(client: Client, action: str, **arguments: Any) -> Any:
    """Run an action over the API."""
    answer = client.post(f"/api/v1/actions/{action}", json.dumps(arguments), "application/json")
    assert answer.status_code == 200, (action, answer.content.decode()[:400])
    return answer.json()["result"]


def listed(client: Client, name: str) -> list[dict[str, Any]]:
    """What a list of the API holds for a client."""
    result: list[dict[str, Any]] = client.get(f"/api/v1/{name}?limit=100").json()["items"]
    return result


def body(key: str, kind: str) -> Organisation:
    return Organisation.objects.create(key=key, kind=kind, name_fr=key.title(), country="FR")


def call_text() -> str:
    """The call of the tests, open today, with the numbers of 2016."""
    today = timezone.localdate()
    text = TEXT.replace("simulated: yes", "simulated: no").replace(
        "2026-03-02T09:00", f"{today - dt.timedelta(days=1)}T09:00"
    )
    text = text.replace("2026-04-30T13:00", f"{today + dt.timedelta(days=30)}T13:00")
    text = text.replace("label: mark, months: 60, most: 1", f"label: mark, months: 60, most: {LABELS}")
    return text.replace("months: 36, most: 1", f"months: 36, most: {AHEAD}")


def test_from_the_call_to_the_awards() -> None:
    programs = Programs()
    ministry, agency, host = body("ministry", "ministry"), body("agency", "agency"), body("host", "university")
    for key in ("mark", "mark-ahead"):
        Label.objects.create(key=key, name_fr=key, authority=ministry, managed_by=agency, period_start="2006")
    office = programs.of("office", agency, "label-officer")
    run(office, "calls.publish_call", text=call_text(), reason="The call opens.")
    call = office.get("/api/v1/calls/simulated").json()["number"]

    # Each institute writes, its host signs with it, and it sends.
    applications = [
        _apply(programs, call, body(f"institute-{number}", "institute"), host) for number in range(APPLICATIONS)
    ]

    # Reviewers are named, kept from conflicts, asked, and mark.
    for number in range(REVIEWERS):
        programs.of(f"reviewer-{number}")
        run(office, "reviews.name_reviewer", call_id=call, email=f"reviewer-{number}@example.org", most=6)
    result = run(office, "reviews.assign_reviews", call_id=call)
    assert result["lacks"] == []
    assert result["value"] == result["bound"]
    assert Assignment.objects.count() == 2 * APPLICATIONS
    for number in range(REVIEWERS):
        reviewer = programs.of(f"reviewer-{number}")
        for item in listed(reviewer, "assignments"):
            # The earlier a dossier was sent the better it is, and some reviewers are severe.
            strength = 5 - applications.index(item["fields"]["dossier_number"]) / APPLICATIONS * 3 - number % 3 * 0.3
            run(reviewer, "reviews.write_review", assignment_id=item["number"], send=True, to_applicant="Well argued.",
                marks={"strategy": f"{strength:.1f}", "means": f"{strength:.1f}"})  # fmt: skip
    run(office, "reviews.open_next_phase", call_id=call, phase="discussion")
    run(office, "reviews.open_next_phase", call_id=call, phase="closed")

    # The agency proposes along the ranking, the ministry decides and publishes.
    from maillage.calls.models import Call
    from maillage.reviews.ranking import call_ranking

    order = [line.application.pk for line in call_ranking(Call.objects.get())]
    assert order[0] == applications[0] or applications.index(order[0]) < 4
    for place, application in enumerate(order):
        outcome = "award" if place < LABELS else "preparatory" if place < LABELS + AHEAD else "refusal"
        run(office, "reviews.propose_outcome", application_id=application, outcome=outcome)
    over = office.post("/api/v1/actions/reviews.propose_outcome",
                       json.dumps({"application_id": order[-1], "outcome": "award", "base": "refusal"}),
                       "application/json")  # fmt: skip
    assert over.status_code == 409
    decider = programs.of("decider", ministry, "label-officer")
    assert run(decider, "reviews.decide", call_id=call) == APPLICATIONS
    run(decider, "reviews.publish_decisions", call_id=call)

    # The register counts them at once.
    assert Award.objects.filter(label__key="mark").count() == LABELS
    assert Award.objects.filter(label__key="mark-ahead").count() == AHEAD
    first = Organisation.objects.get(applications__application=order[0], kind="institute")
    values = labels_held([first.pk], timezone.localdate(), actor_of(User.objects.first(), timezone.now()))
    assert [(one.label, one.certainty) for one in values[first.pk]] == [("mark", TruthOnDay.YES)]


def _apply(programs: Programs, call: int, lead: Organisation, host: Organisation) -> int:
    own, hosts = programs.of(lead.key, lead, "manager"), programs.of("host", host, "manager")
    run(own, "calls.begin_application", call_id=call, lead_id=lead.pk, title=f"Dossier of {lead.key}")
    (begun,) = listed(own, "dossiers")
    application = begun["number"]
    run(own, "calls.add_party", application_id=application, organisation_id=host.pk, part="host")
    for question, value in (("abstract", f"What {lead.key} does."), ("charter", True)):
        run(own, "calls.write_reply", application_id=application, section="summary", question=question, value=value)
    (digest,) = (one["value"] for one in own.get(begun["href"]).json()["facts"] if one["property"] == "to_sign")
    for client, signer in ((own, lead), (hosts, host)):
        run(client, "calls.sign_application", application_id=application, organisation_id=signer.pk, digest=digest)
    run(own, "calls.send_application", application_id=application)
    return int(application)
