"""The audit page: who, for whom, what, when, before and after."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from pghistory.models import Context

from maillage.api.actions.tokens import create_token
from maillage.core.action_registry import ActionError
from maillage.core.actors import SYSTEM
from maillage.files.actions.contents import remove_unused_content
from maillage.people.actions.accounts import open_account
from maillage.people.actions.invitations import invite
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.register.actions.organisations import describe_organisation
from maillage.register.models import Organisation
from maillage.workflow.actions.cases import open_case
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.people.sample_mandates import create_mandate, create_organisation, create_person

# Each run of an action is its own transaction here, as in life: the moment of a transaction orders the page.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(User.objects.create(email="officer@example.org", name="O", is_officer=True))
    return client


def described(number: int, organisation: Organisation) -> None:
    held = organisation.mandates.get()
    actor = actor_of(held.person, timezone.now(), held.pk)
    values = {"changes": {"city": f"Town {number}"}, "reason": f"Reason {number}."}
    describe_organisation(actor=actor, at=timezone.now(), organisation_id=organisation.pk, **values)


def test_a_run_tells_who_for_whom_what_and_both_values(officer: Client):
    own = create_organisation("own", "The own unit")
    create_mandate(create_person("ada"), own)
    described(1, own)
    described(2, own)
    page = officer.get("/en/audit/").content.decode()
    for words in ("Ada", "The own unit", "Describe an organisation", "Reason 2."):
        assert words in page
    first = re.search(r'href="(/en/audit/[0-9a-f-]{36})"', page)
    assert first
    run = officer.get(first[1]).content.decode()
    assert re.search(r"<del>Town 1</del> →\s+<ins>Town 2</ins>", run)
    french = officer.get(first[1].replace("/en/", "/fr/")).content.decode()
    assert re.search(r"<h2>\s*Organisation\s*<a href=\"/fr/organisations/own\">", french)


def test_pages_follow_one_another_by_key_and_filters_hold(officer: Client):
    own = create_organisation("own")
    create_mandate(create_person("ada"), own)
    for number in range(52):
        described(number, own)
    page = officer.get("/en/audit/?who=ada").content.decode()
    assert "Reason 51." in page
    assert "Reason 1." not in page
    following = re.search(r'href="([^"]*after=[^"]*)"', page)
    assert following
    assert "Reason 1." in officer.get(following[1].replace("&amp;", "&")).content.decode()
    assert "Reason" not in officer.get("/en/audit/?who=nobody").content.decode()


def test_only_officers_read_it(client: Client):
    assert client.get("/fr/audit/").status_code == 403
    client.force_login(create_person("eve"))
    assert client.get("/fr/audit/").status_code == 403


def test_a_place_that_cannot_be_read_is_told(officer: Client):
    assert officer.get("/en/audit/?after=nonsense").status_code == 404


def test_what_touches_no_tracked_table_is_told_too(officer: Client):
    own = create_organisation("own", "The own unit")
    held = create_mandate(create_person("ada"), own)
    actor = actor_of(held.person, timezone.now(), held.pk)
    create_token(actor=actor, at=timezone.now(), name="Reports", scopes=["read"], days=9, mandate_id=held.pk)
    invite(actor=actor, at=timezone.now(), email="eve@example.org", name="Eve", organisation_id=own.pk, role="lead",
           first_day=timezone.localdate())  # fmt: skip
    officers = actor_of(User.objects.get(email="officer@example.org"), timezone.now())
    open_account(actor=officers, at=timezone.now(), email="new@example.org", name="New", language="fr", is_officer=True)
    page = officer.get("/en/audit/").content.decode()
    for words in ("Create an API token", "Invite somebody", "Open an account"):
        assert words in page
    made, asked, _token = re.findall(r'href="(/en/audit/[0-9a-f-]{36})"', page)
    assert re.search(r"<code>is officer</code></dt>\s*<dd>\s*yes\s*</dd>", officer.get(made).content.decode())
    told = officer.get(asked).content.decode()
    assert "The own unit" in told
    assert "eve@example.org" not in told


def test_what_an_action_calls_is_part_of_it(officer: Client):
    own = create_organisation("own")
    actor = actor_of(User.objects.get(email="officer@example.org"), timezone.now())
    publish_shipped_definitions(timezone.now())
    open_case(actor=actor, at=timezone.now(), process="correction", record=("register.organisation", own.pk))
    assert officer.get("/en/audit/?who=O").content.decode().count("Open a case") == 2  # the choice, and the one row


def test_jobs_that_change_nothing_leave_nothing():
    before = Context.objects.count()
    remove_unused_content(actor=SYSTEM, at=timezone.now(), digest="0" * 64)
    assert Context.objects.count() == before


def test_a_reason_without_end_is_refused():
    held = create_mandate(create_person("ada"), create_organisation("own"))
    actor = actor_of(held.person, timezone.now(), held.pk)
    with pytest.raises(ActionError, match=r"characters|caractères"):
        describe_organisation(actor=actor, at=timezone.now(), organisation_id=held.organisation_id,
                              changes={"city": "Lyon"}, reason="x" * 5_001)  # fmt: skip
