"""The database by itself: as the application's own role, without the application, nothing hidden is read or written."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection, transaction

from maillage.core.history import tracked_models
from maillage.core.models import Citation
from maillage.core.security.row_policies import guarded_models, has_visibility
from maillage.core.security.session_scope import ACTION_SCOPE, apply_scope
from maillage.register.models import Name, Organisation
from tests.hidden_records import HiddenRecords, create_hidden_records, create_person

pytestmark = pytest.mark.django_db(transaction=True)

Ask = Callable[..., list[tuple]]


@pytest.fixture
def hidden() -> HiddenRecords:
    apply_scope(ACTION_SCOPE)
    return create_hidden_records()


@pytest.fixture
def plain() -> Iterator[psycopg.Connection]:
    """A connection as the application makes it, by somebody who forgot everything the application does."""
    given = connection.get_connection_params()
    place = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
    with psycopg.connect(**place) as one:
        yield one


def ask(plain: psycopg.Connection, query: str, **settings: str) -> list[tuple]:
    """The rows of a query under some session settings."""
    with plain.transaction(force_rollback=True):
        for name, value in settings.items():
            plain.execute("SELECT set_config(%s, %s, true)", [f"maillage.{name}", value])
        return plain.execute(query).fetchall()


def test_the_role_is_bound_by_the_policies(plain):
    rows = ask(plain, "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert rows == [(False, False)]
    wanted = {model._meta.db_table for model in guarded_models()}
    wanted |= {event._meta.db_table for model, event in tracked_models() if model in guarded_models()}
    found = ask(plain, "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert wanted <= {name for (name,) in found}
    assert {"register_organisation", "register_organisationevent", "people_mandate", "core_grantevent"} <= wanted


def test_hidden_rows_are_read_by_those_alone_whom_they_concern(hidden, plain):
    assert {model for model, _visibility in hidden.rows} == {
        model for model in guarded_models() if has_visibility(model)
    }
    for model, visibility in hidden.rows:
        _read_by_those_alone_whom_it_concerns(hidden, plain, model, visibility)


def _read_by_those_alone_whom_it_concerns(hidden, plain, model, visibility):
    table, row = model._meta.db_table, hidden.rows[model, visibility]
    reach = f"{{{','.join(map(str, hidden.reach))}}}"
    opened = {"network": {"network": reach}, "organisation": {"reach": reach}, "named": {"person": str(hidden.person)}}
    for name in (table, f"{table}event"):
        query = f"SELECT 1 FROM {name} WHERE id = {row}"
        assert ask(plain, query) == []
        assert ask(plain, query, reach=f"{{{hidden.foreign}}}", network=f"{{{hidden.foreign}}}", person="0") == []
        assert len(ask(plain, query, reads="all")) > 0
        if visibility == "named" or model.__name__ not in ("Contradiction", "Project", "Statement"):
            roles = () if visibility == "named" else getattr(model, "confidential_roles", ())
            assert bool(ask(plain, query, **opened[visibility])) is not bool(roles), name
            assert len(ask(plain, query, **opened[visibility], role=roles[0] if roles else "")) > 0, name
    known = {"known_at": "2999-01-01"}
    assert ask(plain, f"SELECT 1 FROM as_known.{table} WHERE id = {row}", **known) == []
    assert ask(plain, f"SELECT 1 FROM as_known.{table} WHERE id = {row}", reads="all", **known) == [(1,)]


def test_what_belongs_to_a_hidden_record_is_hidden_with_it(hidden, plain):
    row = hidden.rows[Organisation, "organisation"]
    source = Citation.objects.get(record_kind="register.organisation", record_id=row).source_id
    cited = f"record_kind = 'register.organisation' AND record_id = {row}"
    for query in (
        f"SELECT title FROM core_source WHERE id = {source}",
        f"SELECT title FROM core_sourceevent WHERE id = {source}",
        f"SELECT text FROM register_name WHERE organisation_id = {row}",
        f"SELECT text FROM register_nameevent WHERE organisation_id = {row}",
        f"SELECT value FROM register_identifier WHERE organisation_id = {row}",
        f"SELECT assertion_en FROM core_citation WHERE {cited}",
        f"SELECT assertion_en FROM core_citationevent WHERE {cited}",
    ):
        assert ask(plain, query) == [], query
        assert len(ask(plain, query, reads="all")) > 0, query


def test_the_past_of_what_was_public_is_hidden_once_it_is_hidden(plain):
    apply_scope(ACTION_SCOPE)
    body = Organisation.objects.create(key="once", kind="company", name_fr="Autrefois publique")
    assert len(ask(plain, f"SELECT 1 FROM register_organisationevent WHERE id = {body.pk}")) == 1
    Organisation.objects.filter(pk=body.pk).update(visibility="named")
    assert ask(plain, f"SELECT 1 FROM register_organisationevent WHERE id = {body.pk}") == []


def test_the_past_of_what_was_public_when_it_went_stays(plain):
    apply_scope(ACTION_SCOPE)
    gone = Organisation.objects.create(key="gone", kind="company", name_fr="Partie")
    secret = Organisation.objects.create(key="secret", kind="company", name_fr="Secrète")
    Organisation.objects.filter(pk=secret.pk).update(visibility="named")
    numbers = gone.pk, secret.pk
    Organisation.objects.filter(pk__in=numbers).delete()
    found = ask(plain, f"SELECT DISTINCT id FROM register_organisationevent WHERE id IN {numbers}")
    assert found == [(numbers[0],)]


def test_confidential_tables_show_nothing_to_strangers(hidden, plain):
    for table in ("people_mandate", "people_mandateevent", "people_invitation", "core_grant", "core_grantevent"):
        assert ask(plain, f"SELECT 1 FROM {table}") == [], table
        assert ask(plain, f"SELECT 1 FROM {table}", reach=f"{{{hidden.foreign}}}", person="0") == [], table
        assert len(ask(plain, f"SELECT 1 FROM {table}", reads="all")) > 0, table


def test_nothing_is_written_but_within_an_action(hidden, plain):
    row = hidden.rows[Organisation, "named"]
    seen = Name.objects.filter(visibility="public").count()
    for reads in ("", "all"):
        with plain.transaction(force_rollback=True):
            plain.execute("SELECT set_config('maillage.reads', %s, true)", [reads])
            assert plain.execute("UPDATE register_organisation SET visibility = 'public'").rowcount == 0
            assert plain.execute(f"DELETE FROM register_organisation WHERE id = {row}").rowcount == 0
            assert plain.execute("UPDATE register_organisationevent SET visibility = 'public'").rowcount == 0
            assert plain.execute("DELETE FROM register_name").rowcount == 0
            assert plain.execute("UPDATE people_mandate SET role = 'manager'").rowcount == 0
    assert Name.objects.filter(visibility="public").count() == seen
    grant = f"INSERT INTO core_grant (record_kind, record_id, person_id) VALUES ('x', {row}, {hidden.person})"
    plain.execute("SELECT set_config('maillage.reads', 'all', false)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        plain.execute(grant)


def test_a_scope_ends_with_its_action_even_in_a_larger_transaction(db):
    from django.utils import timezone

    from maillage.core.actors import PUBLIC, SYSTEM
    from maillage.core.security.session_scope import actor_scope, current_scope
    from maillage.people.actions.accounts import create_account

    with actor_scope(PUBLIC), transaction.atomic():
        create_account(actor=SYSTEM, at=timezone.now(), email="a@b.fr", name="A", password="secret-enough")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('maillage.reads', true), current_setting('maillage.writes', true)")
            assert cursor.fetchone() == ("", "")
        assert not current_scope().reads_all
    assert create_person().pk
