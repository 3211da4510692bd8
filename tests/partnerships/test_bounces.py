"""Mails that come back: to whoever sent them, with the remedy, and to nobody else."""

import tempfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC
from maillage.desk.queries import desk_rows
from maillage.notifications.inbox_settings import inbox_settings
from maillage.notifications.models import Notice
from maillage.partnerships.actions.answers import ask_teams
from maillage.partnerships.actions.messages import write_message
from maillage.partnerships.actions.requester import confirm_address
from maillage.partnerships.actions.undelivered import correct_requester_address
from maillage.partnerships.models import Message, Requester
from maillage.partnerships.tasks import read_mails
from maillage.people.models import User
from tests.dovecot import DOVECOT, MailServer, running_dovecot
from tests.partnerships.sample_needs import ASKER, state_sample_need
from tests.site_process import free_port
from tests.worker import empty_queue, run_due_jobs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not DOVECOT, reason="Dovecot is not installed: apt-get install dovecot-imapd"),
    pytest.mark.usefixtures("own_storage"),
]


class Relay:
    """A mail server that takes mails for all but the addresses it refuses at once, and keeps their envelopes."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.senders: dict[str, str] = {}
        self.froms: list[str] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - the server's name
        if address in self.refused:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - the server's name
        self.senders |= dict.fromkeys(envelope.rcpt_tos, envelope.mail_from)
        return "250 Taken"


@pytest.fixture
def inbox(settings):
    with tempfile.TemporaryDirectory(prefix="maillage-dovecot-") as folder:
        Path(folder).chmod(0o755)
        with running_dovecot(Path(folder)) as running:
            settings.INBOX = inbox_settings(running.url)
            yield running


@pytest.fixture
def relay(settings):
    relay = Relay()
    server = Controller(relay, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    empty_queue()
    yield relay
    server.stop()
    empty_queue()


@pytest.fixture
def need(world, inbox, relay):
    made = state_sample_need(world, at=timezone.now())
    confirm_address(actor=PUBLIC, at=timezone.now(), need_id=made.pk)
    # Mails that wait at the same moment leave in any order; a test bounces the last one to an address.
    run_due_jobs()
    return made


def bounce(inbox: MailServer, relay: Relay, address: str, action: str = "failed", number: int = 1) -> None:
    """What a mail server sends back to the envelope of the last mail to an address, and the site reads."""
    report = EmailMessage()
    report["From"], report["To"] = "MAILER-DAEMON@far.example", relay.senders[address]
    report["Subject"], report["Return-Path"] = "Undelivered Mail Returned to Sender", "<>"
    report["Auto-Submitted"], report["Message-ID"] = "auto-replied", f"<{action}{number}@far.example>"
    report.set_content("It could not be delivered.")
    report.make_mixed()
    status = (
        f"Reporting-MTA: dns; far.example\n\nFinal-Recipient: rfc822; {address}\nAction: {action}\n"
        "Status: 5.1.1\nDiagnostic-Code: smtp; 550 No such user\n\n"
    )
    text = report.as_string().replace("multipart/mixed;", "multipart/report; report-type=delivery-status;")
    boundary = report.get_boundary()
    text = text.replace(
        f"--{boundary}--", f"--{boundary}\nContent-Type: message/delivery-status\n\n{status}--{boundary}--"
    )
    inbox.deliver(text.replace("\n", "\r\n").encode())
    read_mails(0)


def test_a_message_that_comes_back_shows_on_it_and_the_address_is_corrected(world, need, inbox, relay):
    manager = world.acting(world.institute)
    message = write_message(actor=manager, at=timezone.now(), need_id=need.pk, thread="requester", text="How many?")
    run_due_jobs()
    bounce(inbox, relay, ASKER.email, action="delayed")
    assert Requester.objects.get().undelivered == ""
    bounce(inbox, relay, ASKER.email)
    message.refresh_from_db()
    assert ASKER.email in message.undelivered
    assert "No such user" in message.undelivered
    # Whoever got the mail can send any number of reports.
    bounce(inbox, relay, ASKER.email, action="failed", number=2)
    assert message.undelivered == Message.objects.get(pk=message.pk).undelivered
    told = Notice.objects.get(person=manager.user_id, kind="returned-mails")
    assert need.key in told.link_en
    user = User.objects.get(pk=manager.user_id)
    assert "unreached" in [row.kind for row in desk_rows(user, timezone.now())]
    assert not Message.objects.exclude(pk=message.pk).exists()

    arguments = {"actor": manager, "at": timezone.now(), "need_id": need.pk}
    with pytest.raises(ActionError):
        correct_requester_address(**arguments, email="no address")
    correct_requester_address(**arguments, email="right@company.example")
    run_due_jobs()
    assert "right@company.example" in relay.senders
    assert "unreached" not in [row.kind for row in desk_rows(user, timezone.now())]
    with pytest.raises(ActionError):
        correct_requester_address(**arguments, email="mine@else.example")


def test_a_late_report_on_the_old_address_leaves_the_new_one_alone(world, need, inbox, relay):
    manager = world.acting(world.institute)
    write_message(actor=manager, at=timezone.now(), need_id=need.pk, thread="requester", text="How many?")
    run_due_jobs()
    bounce(inbox, relay, ASKER.email)
    correct_requester_address(actor=manager, at=timezone.now(), need_id=need.pk, email="right@company.example")
    run_due_jobs()
    bounce(inbox, relay, ASKER.email, number=2)
    assert Requester.objects.get().undelivered == ""
    bounce(inbox, relay, "right@company.example", number=3)
    assert Requester.objects.get().undelivered


def test_a_team_that_is_not_reached_is_told_to_who_wrote_to_it_and_to_nobody_else(world, need, inbox, relay):
    manager, lead = world.acting(world.institute), world.acting(world.lab, "lead")
    ask_teams(actor=manager, at=timezone.now(), need_id=need.pk, offers=[world.offers[0].pk])
    relay.refused = {User.objects.get(pk=lead.user_id).email}
    arguments = {"actor": manager, "at": timezone.now(), "need_id": need.pk, "thread": "team"}
    message = write_message(**arguments, team_id=world.lab.pk, text="Would you?")
    run_due_jobs()
    message.refresh_from_db()
    assert "(550 5.1.1 No such user here)" in message.undelivered
    told = Notice.objects.filter(kind="returned-mails")
    assert [notice.person_id for notice in told] == [manager.user_id]
    assert Requester.objects.get().undelivered == ""


def test_a_forged_return_address_changes_nothing(world, need, inbox, relay):
    run_due_jobs()
    address = relay.senders[ASKER.email]
    relay.senders[ASKER.email] = address.replace(address.split("@")[0][-4:], "aaaa")
    bounce(inbox, relay, ASKER.email)
    assert Requester.objects.get().undelivered == ""
