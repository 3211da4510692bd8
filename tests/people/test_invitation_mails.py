"""The mail of an invitation leaves by the worker, and the list tells where it did not arrive."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from maillage.people.actions.invitations import invite
from maillage.people.models import Invitation, User
from maillage.people.queries import actor_of
from maillage.people.tasks import ATTEMPTS
from maillage.register.models import Organisation
from tests.site_process import free_port
from tests.worker import empty_queue, make_jobs_due, run_due_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(transactional_db) -> Invitation:
    empty_queue()
    own = Organisation.objects.create(key="own", kind="research-unit", name_fr="own")
    officer = User.objects.create(email="officer@example.org", name="An officer", is_officer=True)
    by = {"actor": actor_of(officer, timezone.now()), "at": timezone.now()}
    what = {"organisation_id": own.pk, "role": "manager", "first_day": timezone.localdate()}
    return invite(email="ada@example.org", name="Ada", **what, **by)


def test_it_leaves_by_the_worker(invited):
    assert mail.outbox == []
    run_due_jobs()
    [sent] = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "/fr/invitation/" in sent.body


def test_one_withdrawn_in_the_meantime_is_not_sent(invited):
    Invitation.objects.update(withdrawn_at=timezone.now())
    run_due_jobs()
    assert mail.outbox == []


def test_the_list_tells_that_it_did_not_arrive(invited, settings, client: Client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    for _attempt in range(ATTEMPTS):
        make_jobs_due()
        run_due_jobs()
    client.force_login(User.objects.get(email="officer@example.org"))
    assert "did not arrive" in client.get("/en/mandates/of/own").content.decode()
