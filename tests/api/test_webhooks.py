"""Webhooks: signed messages to a real receiver, sent by the worker, retried; nobody is told what they may not read."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.api.webhooks import tasks
from maillage.api.webhooks.actions import webhooks
from maillage.api.webhooks.delivery_queue import queue_message
from maillage.api.webhooks.http_client import UnreachableAddressError, parse_address, post_message
from maillage.api.webhooks.models import Delivery, DeliveryState, Webhook
from maillage.cli.worker import QUEUE_CONCURRENCY
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.contradictions import settle_contradiction
from maillage.core.actions.visibility import set_visibility
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.models import Contradiction
from maillage.notifications.models import Notice
from maillage.notifications.tasks import queue_digests
from maillage.people.actions.own_account import erase_account
from maillage.people.models import User
from maillage.people.personal_data_export import get_personal_data
from maillage.people.queries import actor_of
from maillage.register.models import Organisation
from tests.worker import empty_queue, make_jobs_due, run_due_jobs

pytestmark = pytest.mark.django_db(transaction=True)


DOCS = Path(__file__).parents[2] / "docs" / "api.md"


class Receiver(BaseHTTPRequestHandler):
    """A program that is told: keeps what it gets, and answers with the status it is told to."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.answers.wait()  # type: ignore[attr-defined]
        self.server.taken.append((dict(self.headers.items()), body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.taken, server.status, server.answers = [], 204, Event()  # type: ignore[attr-defined]
    server.answers.set()  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver(settings) -> Iterator[ThreadingHTTPServer]:
    settings.WEBHOOK_HOSTS = frozenset({"127.0.0.1"})
    empty_queue()
    with receiving() as server:
        yield server
    empty_queue()


@pytest.fixture
def made(receiver, person) -> Callable[..., tuple[Webhook, str]]:
    def make(user: User = person, *names: str) -> tuple[Webhook, str]:
        at = timezone.now()
        url = f"http://127.0.0.1:{receiver.server_port}/told?by=maillage"
        return webhooks.create_webhook(actor=actor_of(user, at), at=at, url=url, names=[*names])

    return make


@pytest.fixture
def dispute() -> Contradiction:
    return Contradiction.objects.create(topic_en="The year", topic_fr="L’année", a_en="2001", b_en="2002")


def settle(dispute: Contradiction) -> None:
    settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=dispute.pk, side="a", reason="Read again.")


def test_a_message_is_signed_and_says_where_to_read(made, receiver, dispute):
    _webhook, secret = made()
    settle(dispute)
    run_due_jobs()
    [(headers, body)] = receiver.taken
    told = json.loads(body)
    assert told["type"] == "core.settle_contradiction"
    assert told["data"]["kind"] == "core.contradiction"
    assert told["data"]["href"].endswith(f"/api/v1/contradictions/{dispute.pk}")
    assert "The year" not in body
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_the_check_that_the_docs_give_takes_what_is_sent_and_nothing_else(made, receiver, dispute):
    _webhook, secret = made()
    settle(dispute)
    run_due_jobs()
    [(headers, body)] = receiver.taken
    told = {name.lower(): value for name, value in headers.items()}
    [block] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    given: dict[str, Any] = {}
    exec(block, given)
    check = given["comes_from_maillage"]
    assert check(told, body.encode(), secret)
    assert not check(told, body.replace("contradiction", "organisation").encode(), secret)
    assert not check(told | {"webhook-timestamp": "1700000000"}, body.encode(), secret)


def test_the_secret_is_sealed(made):
    webhook, secret = made()
    assert secret.removeprefix("whsec_") not in Webhook.objects.get(pk=webhook.pk).sealed_secret


def test_only_what_was_chosen_is_told(made, receiver, dispute):
    made(None or User.objects.get(email="person@example.org"), "core.reopen_contradiction")
    settle(dispute)
    run_due_jobs()
    assert receiver.taken == []


def test_what_the_person_may_not_read_is_not_told(made, receiver, officer):
    hidden = Organisation.objects.create(key="hidden", kind="company", name_fr="Cachée")
    made()
    officers, _secret = made(officer)
    set_visibility(
        actor=SYSTEM,
        at=timezone.now(),
        record_kind="register.organisation",
        record_id=hidden.pk,
        visibility="organisation",
        reason="Not yet.",
    )
    assert [one.webhook for one in Delivery.objects.all()] == [officers]


def test_an_action_undone_is_not_told(made, receiver, dispute):
    made()
    with pytest.raises(ActionError):
        settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=dispute.pk, side="c", reason="r")
    assert not Delivery.objects.exists()


def test_a_message_refused_is_sent_again_with_the_same_key(made, receiver, dispute):
    made()
    receiver.status = 503
    settle(dispute)
    run_due_jobs()
    assert (Delivery.objects.get().state, Delivery.objects.get().answer) == (DeliveryState.WAITING, "503")
    receiver.status = 200
    make_jobs_due()
    run_due_jobs()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    first, second = (headers["webhook-id"] for headers, _body in receiver.taken)
    assert first == second


def tried(webhook: Webhook, person: User) -> Delivery:
    at = timezone.now()
    return webhooks.try_webhook(actor=actor_of(person, at), at=at, webhook_id=webhook.pk)


def test_one_trial_at_a_time_and_each_is_sent_once(made, receiver, person):
    webhook, _secret = made()
    first = tried(webhook, person)
    with pytest.raises(ActionError):
        tried(webhook, person)
    receiver.status = 500
    run_due_jobs()
    first.refresh_from_db()
    webhook.refresh_from_db()
    assert (first.state, first.attempts, webhook.paused_at) == (DeliveryState.GIVEN_UP, 1, None)
    receiver.status = 200
    second = tried(webhook, person)
    run_due_jobs()
    second.refresh_from_db()
    assert second.state == DeliveryState.DELIVERED
    assert len(receiver.taken) == 2


def test_mails_do_not_wait_for_hosts_that_answer_slowly(made, receiver, person):
    webhook, _secret = made()
    for _time in range(4):
        queue_message(webhook, timezone.now(), "workflow.apply_transition", {})
    queue_digests.defer(timestamp=0)
    receiver.answers.clear()
    working = Thread(target=run_due_jobs)
    working.start()
    try:
        assert until(lambda: "succeeded" in statuses("notices.mail_digests"))
        assert set(statuses("webhooks.deliver")) <= {"todo", "doing"}
    finally:
        receiver.answers.set()
        working.join()
    assert statuses("webhooks.deliver") == ["succeeded"] * 4


def until(comes: Callable[[], bool]) -> bool:
    """Whether something comes about before one gives up waiting."""
    return any(comes() or sleep(0.05) for _time in range(400))


def statuses(task: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [status for (status,) in cursor.fetchall()]


def test_the_worker_takes_every_queue():
    ours = (task for task in app.tasks.values() if task.func.__module__.startswith("maillage."))
    assert {task.queue for task in ours} == set(QUEUE_CONCURRENCY)


def test_a_redirect_is_not_followed(made, receiver, dispute):
    made()
    receiver.status = 302
    settle(dispute)
    run_due_jobs()
    assert len(receiver.taken) == 1
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_after_the_last_attempt_it_is_paused_its_person_told_and_it_can_be_resumed(made, receiver, dispute, person):
    webhook, _secret = made()
    receiver.status = 500
    settle(dispute)
    for _time in range(tasks.MAX_ATTEMPTS):
        run_due_jobs()
        make_jobs_due()
    webhook.refresh_from_db()
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == (
        DeliveryState.GIVEN_UP,
        tasks.MAX_ATTEMPTS,
    )
    assert webhook.paused_at
    assert "500" in Notice.objects.get(person=person).body_en
    receiver.status = 200
    at = timezone.now()
    assert webhooks.resume_webhook(actor=actor_of(person, at), at=at, webhook_id=webhook.pk) == 1
    run_due_jobs()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "ftp://127.0.0.1/", "https://user:word@example.org/", "https:///path", "https://[::1", "x"],
)
def test_odd_addresses_are_refused(person, url):
    at = timezone.now()
    with pytest.raises(ActionError):
        webhooks.create_webhook(actor=actor_of(person, at), at=at, url=url, names=[])
    assert not Webhook.objects.exists()


def test_an_address_may_hold_any_letter(person):
    at = timezone.now()
    url = "https://müller.example/é à?née=%C3%A9&b=ü#ö"
    webhook, _secret = webhooks.create_webhook(actor=actor_of(person, at), at=at, url=url, names=[])
    assert webhook.url == "https://xn--mller-kva.example/%C3%A9%20%C3%A0?n%C3%A9e=%C3%A9&b=%C3%BC"


def test_an_address_that_cannot_be_written_is_given_up(made, receiver, dispute):
    # As one made before addresses were quoted.
    webhook, _secret = made()
    Webhook.objects.filter(pk=webhook.pk).update(url=webhook.url + "é")
    settle(dispute)
    run_due_jobs()
    assert (Delivery.objects.get().attempts, Delivery.objects.get().state) == (1, DeliveryState.WAITING)


def test_a_host_of_the_inner_network_looks_like_one_that_is_not_there():
    told = []
    for host in ("10.0.0.1", "no-such-host.invalid"):
        with pytest.raises(UnreachableAddressError) as refused:
            post_message(f"https://{host}/", secret="whsec_AAAA", key="k", moment=timezone.now(), body="{}")
        told.append(str(refused.value).replace(host, ""))
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]"]
)
def test_the_site_does_not_call_its_own_network(host):
    parse_address(f"https://{host}/")
    with pytest.raises(UnreachableAddressError):
        post_message(f"https://{host}/", secret="whsec_AAAA", key="k", moment=timezone.now(), body="{}")


def test_nobody_makes_a_webhook_for_the_public_nor_touches_that_of_another(made, officer, person):
    at = timezone.now()
    with pytest.raises(ActionForbiddenError):
        webhooks.create_webhook(actor=PUBLIC, at=at, url="https://example.org/", names=[])
    webhook, _secret = made(officer)
    for act in (webhooks.try_webhook, webhooks.resume_webhook, webhooks.remove_webhook):
        with pytest.raises(Webhook.DoesNotExist):
            act(actor=actor_of(person, at), at=at, webhook_id=webhook.pk)


def test_the_page_makes_tries_and_removes_them(receiver, person, client: Client):
    client.force_login(person)
    address = f"http://127.0.0.1:{receiver.server_port}/"
    page = client.post("/en/account/programs/webhooks", {"webhook-url": address}, follow=True).content.decode()
    assert page.count("whsec_") == 1
    assert "whsec_" not in client.get("/en/account/programs").content.decode()
    webhook = Webhook.objects.get()
    client.post(f"/en/account/programs/webhooks/{webhook.pk}/try")
    run_due_jobs()
    assert len(receiver.taken) == 1
    assert "delivered" in client.get("/en/account/programs").content.decode()
    client.post(f"/en/account/programs/webhooks/{webhook.pk}/remove")
    assert not Webhook.objects.exists()
    assert client.post(f"/en/account/programs/webhooks/{webhook.pk}/try").status_code == 404


def test_the_page_makes_and_revokes_tokens(person, client: Client):
    client.force_login(person)
    form = {"token-name": "a script", "token-scopes": ["read"], "token-days": 30}
    page = client.post("/fr/account/programs/tokens", form).content.decode()
    assert page.count("mlg_") == 1
    token = person.api_tokens.get()
    assert client.post(f"/fr/account/programs/tokens/{token.pk}/revoke", follow=True).status_code == 200
    assert "révoqué" in client.get("/fr/account/programs").content.decode()
    assert client.post("/fr/account/programs/tokens", form | {"token-days": 4000}).status_code == 422


def test_who_erases_the_account_leaves_neither_tokens_nor_webhooks(made, person):
    made()
    assert [one["url"] for one in get_personal_data(person)["webhooks"]] == [Webhook.objects.get().url]
    erase_account(actor=actor_of(person, timezone.now()), at=timezone.now())
    assert not Webhook.objects.exists()
