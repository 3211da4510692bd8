"""Who sees a record is written twice: as a query (`visible_to`) and as policies of the database. Both say the same.

Rows of every model are generated, for every visibility; each kind of actor reads them in both ways.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, PUBLIC, SYSTEM, ActiveMandate, Actor
from maillage.core.models import Grant
from maillage.core.security.row_policies import guarded_models, has_visibility
from maillage.core.security.session_scope import actor_scope
from maillage.core.security.visibility import Visibility, related_rows, shown_with
from maillage.people.models import User
from maillage.register.models import Organisation
from tests.generated_rows import Model, RowFactory

pytestmark = pytest.mark.django_db

CONFIDENTIAL = [model for model in guarded_models() if hasattr(model, "confidential")]
VISIBLE = [model for model in guarded_models() if has_visibility(model) and model not in CONFIDENTIAL]


@dataclass
class House:
    """An institute whose records are read, its neighbour in the network, a stranger; those who have an account."""

    institute: Organisation
    neighbour: Organisation
    network: Organisation
    stranger: Organisation
    people: dict[str, User] = field(default_factory=dict)

    def actors(self) -> dict[str, Actor]:
        """Each kind of actor, by name; the institute's reach over the organisations generated."""
        made = Organisation.objects.exclude(pk__in=[self.neighbour.pk, self.network.pk, self.stranger.pk])
        own = frozenset(made.values_list("pk", flat=True))
        members = own | {self.neighbour.pk, self.network.pk}
        people = {name: person.pk for name, person in self.people.items()}
        return {
            "public": PUBLIC,
            "reader": Actor("reader", user_id=people["reader"]),
            "manager": _mandated("manager", people["reader"], MANAGER, own, members),
            "lead": _mandated("lead", people["reader"], LEAD, own, members),
            "pilot of the network": _mandated("pilot", people["reader"], PILOT, frozenset({self.network.pk}), members),
            "manager of a neighbour": _mandated(
                "neighbour", people["reader"], MANAGER, frozenset({self.neighbour.pk}), members
            ),
            "manager of a stranger": _mandated(
                "stranger", people["reader"], MANAGER, frozenset({self.stranger.pk}), frozenset({self.stranger.pk})
            ),
            "named person": Actor("named", user_id=people["named"]),
            "owner": Actor("owner", user_id=people["owner"]),
            "officer": Actor("officer", roles=frozenset({OFFICER}), user_id=people["officer"]),
            "system": SYSTEM,
        }


def _mandated(name: str, person: int, role: str, reach: frozenset[int], network: frozenset[int]) -> Actor:
    mandate = ActiveMandate(1, role, min(reach), name, dt.date(2020, 1, 1), reach=reach, network=network)
    return Actor(name, user_id=person, acting=mandate)


@pytest.fixture
def house() -> House:
    made = [
        Organisation.objects.create(key=key, kind="institute", name_fr=key)
        for key in ("institute", "neighbour", "network", "stranger")
    ]
    house = House(*made)
    for name in ("reader", "named", "owner", "officer"):
        house.people[name] = User.objects.create(email=f"{name}@example.org", name=name)
    return house


def create_rows(house: House, model: Model, visibility: str) -> None:
    """Rows of a model at a visibility: of nobody in particular, of an owner, and with a hidden record they name."""
    factory = RowFactory(house.institute, house.people["named"])
    records = [factory.create(model, visibility=visibility)]
    if owner := getattr(model, "owner", ""):
        records.append(factory.create(model, visibility=visibility, **{owner: house.people["owner"]}))
    if visibility == Visibility.NAMED:
        for record in records:
            Grant.objects.create(record_kind=model._meta.label_lower, record_id=record.pk, person=house.people["named"])


def create_rows_with_hidden_records(house: House, model: Model, visibility: str) -> None:
    """A public row for each record that is not shown to all and without which it is not shown."""
    factory = RowFactory(house.institute, house.people["named"])
    for path in shown_with(model):
        many = related_rows(model, path)
        other = model._meta.get_field(path).related_model if many is None else many[0]
        if many is None and has_visibility(other):
            factory.create(model, **{path: factory.create(other, visibility=visibility)})
        elif many is not None:
            end = path.split("__")[1]
            organisation = factory.create(Organisation, visibility=visibility)
            factory.create(many[0], **{many[1]: factory.create(model), end: organisation})


def read_twice(model: Model, actor: Actor) -> tuple[set[int], set[int]]:
    """The rows that the query gives to an actor, and those that the database shows to it without any query."""
    wanted = set(model._default_manager.visible_to(actor).values_list("pk", flat=True))
    with actor_scope(actor):
        return wanted, set(model._default_manager.values_list("pk", flat=True))


@pytest.mark.parametrize("model", VISIBLE, ids=lambda model: model._meta.label)
def test_the_query_and_the_database_show_the_same_rows(model: Model, house: House) -> None:
    for visibility in Visibility.values:
        create_rows(house, model, visibility)
        create_rows_with_hidden_records(house, model, visibility)
    shown: dict[str, int] = {}
    for name, actor in house.actors().items():
        wanted, found = read_twice(model, actor)
        assert found == wanted, name
        shown[name] = len(found)
    assert shown["public"] < shown["named person"] < shown["officer"] == shown["system"]


def confidential_ids(model: Model, actor: Actor) -> set[int]:
    """The rows of a confidential model that name the actor or an organisation within reach."""
    person, *organisations = model.confidential  # type: ignore[attr-defined]
    rows = list(model._default_manager.all())
    return {row.pk for row in rows if actor.is_officer or _names(row, person, organisations, actor)}


def _names(row: Any, person: str, organisations: list[str], actor: Actor) -> bool:
    if person and actor.user_id and getattr(row, row._meta.get_field(person).attname) == actor.user_id:
        return True
    values = [getattr(row, row._meta.get_field(name).attname) for name in organisations if name]
    named = {pk for value in values for pk in (value if isinstance(value, list) else [value])}
    return bool(named & actor.reach)


@pytest.mark.parametrize("model", CONFIDENTIAL, ids=lambda model: model._meta.label)
def test_the_database_shows_a_confidential_row_to_those_it_names(model: Model, house: House) -> None:
    record = RowFactory(house.institute, house.people["named"]).create(model)
    for name, actor in house.actors().items():
        with actor_scope(actor):
            found = set(model._default_manager.values_list("pk", flat=True))
        assert found == confidential_ids(model, actor), name
    assert record.pk
