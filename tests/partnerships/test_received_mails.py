"""Answers by mail: read from a real mailbox by the worker's job, into their conversation, each once."""

import tempfile
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.files.models import File
from maillage.notifications.inbox_settings import inbox_settings
from maillage.notifications.models import Notice
from maillage.partnerships.actions.messages import write_message
from maillage.partnerships.actions.received_mails import tell_officers
from maillage.partnerships.actions.requester import withdraw_need
from maillage.partnerships.conversations import REQUESTER_THREAD
from maillage.partnerships.models import Message, ReceivedMail
from maillage.partnerships.reply_addresses import reply_address
from maillage.partnerships.requester_mails import requester_mail
from maillage.partnerships.tasks import read_mails
from tests.dovecot import DOVECOT, MailServer, running_dovecot
from tests.hidden_records import create_person
from tests.partnerships.sample_needs import ASKER, case_of, state_sample_need

MAILS = Path(__file__).parent / "mails"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DOVECOT, reason="Dovecot is not installed: apt-get install dovecot-imapd"),
    pytest.mark.usefixtures("own_storage"),
]


@pytest.fixture
def server(settings):
    """A mail server, and the site with its mailbox, in a folder that the user of the server reads."""
    with tempfile.TemporaryDirectory(prefix="maillage-dovecot-") as folder:
        Path(folder).chmod(0o755)
        with running_dovecot(Path(folder)) as running:
            settings.INBOX = inbox_settings(running.url)
            yield running


@pytest.fixture
def need(world):
    return state_sample_need(world, at=timezone.now())


def deliver(server: MailServer, need, name: str, sender: str = ASKER.email, person: int = 0, **more: str) -> None:
    """Put a sample of a mail program into the mailbox, as an answer of the requester or of a person."""
    recipient = more.get("recipient") or reply_address(need, REQUESTER_THREAD, person)
    identity = more.get("identity", f"<{name}@company.example>")
    sample = (MAILS / name).read_text("utf-8")
    for place, value in (("sender", sender), ("recipient", recipient), ("identity", identity)):
        sample = sample.replace("{" + place + "}", value)
    server.deliver(sample.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    ("name", "begins", "quoted"),
    [
        ("gmail-fr.eml", "Mardi nous convient. Soixante paires au mieux,", "De combien de paires"),
        ("gmail-en.eml", "Tuesday suits us.", "How many pairs"),
        ("outlook-fr.eml", "Bonjour,", "De combien de paires"),
        ("outlook-en.eml", "Hello,", "How many pairs"),
        ("outlook-html-fr.eml", "Mardi nous convient.", "De combien de paires"),
        ("thunderbird-fr.eml", "Mardi nous convient.", "De combien de paires"),
    ],
)
def test_what_a_program_quotes_is_folded_and_the_answer_is_whole(server, need, name, begins, quoted):
    deliver(server, need, name)
    read_mails(0)
    message = Message.objects.get()
    assert message.text.startswith(begins)
    assert "convient" in message.text or "suits" in message.text
    assert quoted not in message.text
    assert quoted in message.quoted
    assert (message.by_mail, message.organisation, message.thread) == (True, None, "requester")
    assert case_of(need).state == "received"


def test_an_answer_between_the_lines_is_kept_whole(server, need):
    deliver(server, need, "thunderbird-en.eml")
    read_mails(0)
    assert all(part in Message.objects.get().text for part in ("How many pairs", "Sixty at best.", "By June"))


def test_files_come_along_under_the_limits_of_files(server, need, english):
    deliver(server, need, "outlook-files-fr.eml")
    read_mails(0)
    message = Message.objects.get()
    names = set(File.objects.filter(record_kind=Message.kind_name()).values_list("name", flat=True))
    assert names == {"Synthèse.pdf"}
    assert "run.sh" in message.not_taken


def test_a_person_of_the_institute_answers_by_mail_into_the_conversation(server, need, world):
    manager = world.acting(world.institute)
    deliver(server, need, "gmail-en.eml", f"manager-{world.institute.key}@example.org", manager.user_id)
    read_mails(0)
    message = Message.objects.get()
    assert (message.organisation, message.author_id) == (world.institute, manager.user_id)


def test_each_mail_is_taken_once_also_when_the_worker_died_before_it_was_moved(server, need):
    for _copy in range(2):
        deliver(server, need, "gmail-fr.eml")
    read_mails(0)
    read_mails(0)
    assert Message.objects.count() == 1
    assert server.subjects("INBOX") == []
    assert len(server.subjects("INBOX.Taken") or server.subjects("INBOX/Taken")) == 2


@pytest.mark.parametrize("name", ["absence-fr.eml", "list-en.eml", "failure-en.eml", "loop-en.eml"])
def test_mails_of_programs_are_refused_and_nobody_is_written_to(server, need, name, caplog):
    queued = ProcrastinateJob.objects.count()
    deliver(server, need, name)
    read_mails(0)
    assert not Message.objects.exists()
    assert ReceivedMail.objects.get().refused
    assert "was refused" in caplog.text
    assert ProcrastinateJob.objects.count() == queued


def test_a_stranger_is_refused_and_officers_are_told(server, need, english):
    officer = create_person(is_officer=True)
    forged = reply_address(need, REQUESTER_THREAD)
    forged = forged.replace(forged.split("@")[0][-4:], "aaaa")
    deliver(server, need, "gmail-fr.eml", recipient=forged)
    deliver(server, need, "gmail-en.eml", sender="somebody@else.example")
    read_mails(0)
    assert not Message.objects.exists()
    tell_officers(actor=SYSTEM, at=timezone.now())
    told = Notice.objects.get(person=officer.pk)
    assert "2 mails" in told.subject_en
    assert "somebody@else.example" in told.body_en
    assert len(server.subjects("INBOX.Refused") or server.subjects("INBOX/Refused")) == 2


def test_a_mail_that_is_too_large_is_not_fetched(server, need, settings):
    settings.FILES_MAX_BYTES = -1024 * 1024
    deliver(server, need, "gmail-fr.eml")
    read_mails(0)
    assert not Message.objects.exists()
    assert ReceivedMail.objects.get().refused


def test_an_address_ends_with_its_need(server, need):
    address = reply_address(need, REQUESTER_THREAD)
    withdraw_need(actor=PUBLIC, at=timezone.now(), need_id=need.pk)
    deliver(server, need, "gmail-fr.eml", recipient=address)
    read_mails(0)
    assert not Message.objects.exists()
    assert reply_address(need, REQUESTER_THREAD) == ""


def test_words_are_mailed_to_an_address_that_has_answered_and_it_may_answer_again(english, server, need, world):
    def written(text: str):
        arguments = {"actor": world.acting(world.institute), "at": timezone.now(), "need_id": need.pk}
        message = write_message(**arguments, thread="requester", text=text)
        return requester_mail(need, "message", message_id=message.pk)

    first = written("How many pairs?")
    assert "How many pairs?" not in first.body
    assert need.title not in first.subject
    assert ASKER.contact not in first.body
    assert first.reply_to == [reply_address(need, REQUESTER_THREAD)]
    deliver(server, need, "gmail-fr.eml")
    read_mails(0)
    second = written("And by when?")
    assert "And by when?" in second.body
    assert second.subject == f"Message from Institute about your need: {need.title}"
