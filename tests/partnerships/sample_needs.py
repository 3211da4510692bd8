"""A small network with a need before it: an institute and its neighbour that take needs, a network, and two teams."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from maillage.core.actors import PUBLIC, SYSTEM, Actor
from maillage.offers.models import Offer
from maillage.partnerships.actions.answer_delays import promise_delay
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.models import Need
from maillage.partnerships.need_inputs import ProposedOfferInput, RequesterInput
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation, Tie
from maillage.workflow.models import Case
from maillage.workflow.shipped_definitions import publish_shipped_definitions

# A Monday morning in Paris, in a week without holiday.
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TEXT = "We develop a bispecific antibody for acute myeloid leukaemia and look for a phase I trial. Samples matter."
LETTER = "Dear colleague,\n\nwe propose the team below."
ASKER = RequesterInput(
    organisation="A small company", email="company@example.org", contact="The scientific director", country="FR",
    staff=Decimal(40), turnover=Decimal(3_000_000),
)  # fmt: skip


def working_day(number: int) -> dt.datetime:
    """The morning of a working day, 0 being the Monday of the statement."""
    return MONDAY + dt.timedelta(days=number + 2 * (number // 5))


@dataclass
class SampleNetwork:
    institute: Organisation
    neighbour: Organisation
    network: Organisation
    lab: Organisation
    platform: Organisation
    offers: list[Offer]

    def acting(self, body: Organisation, role: str = "manager", at: dt.datetime = MONDAY) -> Actor:
        """Somebody who holds a role for a body."""
        email = f"{role}-{body.key}@example.org"
        person = User.objects.get_or_create(email=email, defaults={"name": f"{role} of {body.key}"})[0]
        arguments = {"person": person, "organisation": body, "role": role, "first_day": dt.date(2020, 1, 1)}
        mandate = Mandate.objects.get_or_create(**arguments)[0]
        return actor_of(person, at, mandate.pk)


def create_sample_network() -> SampleNetwork:
    """Everything made anew, ten working days promised by the institute and by its network, five by the neighbour."""
    publish_shipped_definitions(MONDAY - dt.timedelta(days=60))
    kinds = {"institute": "institute", "neighbour": "institute", "network": "network", "lab": "research-unit"}
    kinds |= {"platform": "platform"}
    bodies = {key: Organisation.objects.create(key=key, kind=kind, name_fr=key.title(), city="Lyon", country="FR")
              for key, kind in kinds.items()}  # fmt: skip
    Tie.objects.create(subject=bodies["institute"], object=bodies["network"], kind="member", period_start="2020")
    for key, days in (("institute", 10), ("neighbour", 5), ("network", 10)):
        at = MONDAY - dt.timedelta(days=30)
        promise_delay(actor=SYSTEM, at=at, organisation_id=bodies[key].pk, working_days=days)
    offers = [
        Offer.objects.create(key=f"of-{key}", provider=bodies[key], title_fr=f"Offre {key}", title_en=f"Offer {key}",
                             period_start="2020")
        for key in ("lab", "platform")
    ]  # fmt: skip
    return SampleNetwork(**bodies, offers=offers)


def state_sample_need(world: SampleNetwork, actor: Actor = PUBLIC, at: dt.datetime = MONDAY, **more) -> Need:
    """A need put before the institute."""
    arguments = {"text": TEXT, "asker": ASKER, "addressee_id": world.institute.pk} | more
    return state_need(actor=actor, at=at, **arguments).need


def case_of(need: Need) -> Case:
    """The only case of a need that is before one organisation."""
    return Case.objects.get(address__need=need)


def proposed_team(world: SampleNetwork) -> list[ProposedOfferInput]:
    """All offers of the network, each for the capability `aml`."""
    return [ProposedOfferInput(offer.pk, ["aml"]) for offer in world.offers]
