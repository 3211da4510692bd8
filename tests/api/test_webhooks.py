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
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from maillage.api.webhooks import actions, tasks
from maillage.api.webhooks.models import Delivery, State, Webhook
from maillage.api.webhooks.sending import Unreachable, parsed, send
from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.actors import PUBLIC, SYSTEM
from maillage.kernel.contradictions import settle_contradiction
from maillage.kernel.disclosure import set_visibility
from maillage.kernel.models import Contradiction
from maillage.kernel.notices.models import Notice
from maillage.people.account_actions import erase_account
from maillage.people.account_queries import own_data
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation
from tests.worker import empty_queue, make_due, work

pytestmark = pytest.mark.django_db(transaction=True)


DOCS = Path(__file__).parents[2] / "docs" / "api.md"


class Receiver(BaseHTTPRequestHandler):
    """A program that is told: keeps what it gets, and answers with the status it is told to."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.taken.append((dict(self.headers.items()), body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.taken, server.status = [], 204  # type: ignore[attr-defined]
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
        return actions.create_webhook(actor=actor_of(user, at), at=at, url=url, names=[*names])

    return make


@pytest.fixture
def dispute() -> Contradiction:
    return Contradiction.objects.create(topic_en="The year", topic_fr="L’année", a_en="2001", b_en="2002")


def settle(dispute: Contradiction) -> None:
    settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=dispute.pk, side="a", reason="Read again.")


def test_a_message_is_signed_and_says_where_to_read(made, receiver, dispute):
    _webhook, secret = made()
    settle(dispute)
    work()
    [(headers, body)] = receiver.taken
    told = json.loads(body)
    assert told["type"] == "kernel.settle_contradiction"
    assert told["data"]["kind"] == "kernel.contradiction"
    assert told["data"]["href"].endswith(f"/api/v1/contradictions/{dispute.pk}")
    assert "The year" not in body
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert Delivery.objects.get().state == State.DELIVERED


def test_the_check_that_the_docs_give_takes_what_is_sent_and_nothing_else(made, receiver, dispute):
    _webhook, secret = made()
    settle(dispute)
    work()
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
    made(None or User.objects.get(email="person@example.org"), "kernel.reopen_contradiction")
    settle(dispute)
    work()
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
    with pytest.raises(Impossible):
        settle_contradiction(actor=SYSTEM, at=timezone.now(), contradiction_id=dispute.pk, side="c", reason="r")
    assert not Delivery.objects.exists()


def test_a_message_refused_is_sent_again_with_the_same_key(made, receiver, dispute):
    made()
    receiver.status = 503
    settle(dispute)
    work()
    assert (Delivery.objects.get().state, Delivery.objects.get().answer) == (State.WAITING, "503")
    receiver.status = 200
    make_due()
    work()
    assert Delivery.objects.get().state == State.DELIVERED
    first, second = (headers["webhook-id"] for headers, _body in receiver.taken)
    assert first == second


def test_a_redirect_is_not_followed(made, receiver, dispute):
    made()
    receiver.status = 302
    settle(dispute)
    work()
    assert len(receiver.taken) == 1
    assert Delivery.objects.get().state == State.WAITING


def test_after_the_last_attempt_it_is_paused_its_person_told_and_it_can_be_resumed(made, receiver, dispute, person):
    webhook, _secret = made()
    receiver.status = 500
    settle(dispute)
    for _time in range(tasks.ATTEMPTS):
        work()
        make_due()
    webhook.refresh_from_db()
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == (State.GIVEN_UP, tasks.ATTEMPTS)
    assert webhook.paused_at
    assert "500" in Notice.objects.get(person=person).body_en
    receiver.status = 200
    at = timezone.now()
    assert actions.resume_webhook(actor=actor_of(person, at), at=at, webhook_id=webhook.pk) == 1
    work()
    assert Delivery.objects.get().state == State.DELIVERED


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "ftp://127.0.0.1/", "https://user:word@example.org/", "https:///path", "https://[::1", "x"],
)
def test_odd_addresses_are_refused(person, url):
    at = timezone.now()
    with pytest.raises(Impossible):
        actions.create_webhook(actor=actor_of(person, at), at=at, url=url, names=[])
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]"]
)
def test_the_site_does_not_call_its_own_network(host):
    parsed(f"https://{host}/")
    with pytest.raises(Unreachable):
        send(f"https://{host}/", secret="whsec_AAAA", key="k", moment=timezone.now(), body="{}")


def test_nobody_makes_a_webhook_for_the_public_nor_touches_that_of_another(made, officer, person):
    at = timezone.now()
    with pytest.raises(Forbidden):
        actions.create_webhook(actor=PUBLIC, at=at, url="https://example.org/", names=[])
    webhook, _secret = made(officer)
    for act in (actions.try_webhook, actions.resume_webhook, actions.remove_webhook):
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
    work()
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
    assert [one["url"] for one in own_data(person)["webhooks"]] == [Webhook.objects.get().url]
    erase_account(actor=actor_of(person, timezone.now()), at=timezone.now())
    assert not Webhook.objects.exists()
