"""Notices reach a person as they chose, in their language, once what they tell of is committed."""

import datetime as dt
import email
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage as Mail
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from maillage.core.action_registry import ActionError
from maillage.core.actions.contradictions import reopen_contradiction, settle_contradiction
from maillage.core.actors import PUBLIC, SYSTEM, Actor
from maillage.core.models import Contradiction, ContradictionSubject
from maillage.errors import MaillageError
from maillage.notifications import tasks
from maillage.notifications.actions.notices import choose_paces, stop_mails
from maillage.notifications.mails import digest_mail
from maillage.notifications.models import Notice, Preference
from maillage.notifications.queries import notices_pending_digest
from maillage.people.mail import default_sender, mail_settings
from maillage.people.models import Mandate, User
from maillage.register.actions.ror_import import close_ror_run
from maillage.register.models import ImportRun, Organisation
from tests.site_process import free_port
from tests.worker import empty_queue, make_jobs_due, run_due_jobs

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


class Mailbox:
    """A mail server: keeps what it takes, and refuses while told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.asked = 0
        self.refusing = False

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - the name the server calls
        self.asked += 1
        if self.refusing:
            return "554 5.7.1 Not from you"
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 Taken"


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield box
    server.stop()


@pytest.fixture
def queue(transactional_db) -> Iterator[None]:
    """An empty queue before and after, since jobs are kept outside of the tables that a test clears."""

    empty_queue()
    yield
    empty_queue()


@pytest.fixture
def lab(transactional_db) -> Organisation:
    return Organisation.objects.create(key="lab", kind="other", name_fr="Le laboratoire", name_en="The laboratory")


def manager(lab: Organisation, language: str, role: str = "manager") -> User:
    person = User.objects.create(email=f"{language}-{role}@example.org", name=f"Mme <{language}>", language=language)
    Mandate.objects.create(person=person, organisation=lab, role=role, first_day=dt.date(2020, 1, 1))
    return person


@pytest.fixture
def dispute(lab) -> Contradiction:
    made = Contradiction.objects.create(topic_en="The year", topic_fr="L’année", a_en="2001", b_en="2002")
    ContradictionSubject.objects.create(contradiction=made, record_kind="register.organisation", record_id=lab.pk)
    return made


def settle(dispute: Contradiction, actor: Actor = SYSTEM) -> None:
    settle_contradiction(actor=actor, at=AT, contradiction_id=dispute.pk, side="a", reason="The deed & seal.")


def parts(mail: EmailMessage) -> tuple[str, str]:
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


def test_managers_get_a_mail_in_their_language(queue, mailbox, lab, dispute):
    french, english = manager(lab, "fr"), manager(lab, "en")
    manager(lab, "en", "reviewer")
    settle(dispute)
    assert mailbox.mails == []
    run_due_jobs()
    by_person = {mail["To"]: mail for mail in mailbox.mails}
    assert set(by_person) == {french.email, english.email}
    text, html = parts(by_person[english.email])
    assert by_person[english.email]["Subject"] == "[Maillage] Settled: The year"
    assert "The deed & seal." in text
    assert "You hold a mandate as manager" in text
    assert "Mme &lt;en&gt;" in html
    assert "/en/contradictions/" in text
    text, _html = parts(by_person[french.email])
    assert "L’année" in by_person[french.email]["Subject"]
    assert "Vous détenez un mandat" in text
    assert "/fr/contradictions/" in text
    assert "http" in by_person[french.email]["List-Unsubscribe"]
    assert Notice.objects.exclude(mailed_at=None).count() == 2
    reopen_contradiction(actor=SYSTEM, at=AT, contradiction_id=dispute.pk, reason="New deed.")
    assert Notice.objects.filter(subject_en="Reopened: The year").count() == 2


def test_who_acted_is_not_told_and_what_is_not_for_them_is_not_sent(queue, lab, dispute):
    person = manager(lab, "fr")
    settle(dispute, Actor("x", frozenset({"officer"}), person.pk))
    assert not Notice.objects.exists()
    Contradiction.objects.update(visibility="named")
    reopen_contradiction(actor=SYSTEM, at=AT, contradiction_id=dispute.pk, reason="x")
    assert not Notice.objects.exists()


def test_no_mail_when_the_action_is_undone(queue, mailbox, lab, dispute):
    manager(lab, "fr")
    with transaction.atomic():
        settle(dispute)
        assert Notice.objects.count() == 1
        transaction.set_rollback(True)
    run_due_jobs()
    assert mailbox.asked == 0
    assert not Notice.objects.exists()


def test_a_digest_carries_the_day_in_one_mail(queue, mailbox, lab):
    persons = [User.objects.create(email=f"{code}@example.org", name=code, language=code, is_officer=True)
               for code in ("fr", "en")]  # fmt: skip
    for number in (1, 3):
        run = ImportRun.objects.create(digest=str(number), file=f"ror-{number}.jsonl", size=1, began_at=AT)
        ImportRun.objects.filter(pk=run.pk).update(counts={"lookalikes": number})
        close_ror_run(actor=SYSTEM, at=AT, run_id=run.pk)
    quiet = ImportRun.objects.create(digest="0", file="ror-0.jsonl", size=1, began_at=AT, counts={"lookalikes": 0})
    close_ror_run(actor=SYSTEM, at=AT, run_id=quiet.pk)
    assert Notice.objects.count() == 4
    run_due_jobs()
    assert mailbox.mails == []
    assert tasks.queue_digests(0) == 2
    run_due_jobs()
    told = {mail["To"]: parts(mail)[0] for mail in mailbox.mails}
    assert set(told) == {person.email for person in persons}
    assert "3 new pairs of records that look alike" in told["en@example.org"]
    assert "1 new pair of records" in told["en@example.org"]
    assert "3 nouvelles paires" in told["fr@example.org"]
    assert tasks.queue_digests(0) == 0


def test_what_comes_once_a_week_waits_for_monday_and_the_mail_says_so(queue, mailbox, lab, dispute):
    person = manager(lab, "en")
    choose_paces(actor=Actor(person.name, user_id=person.pk), at=AT, paces={"contradictions": "weekly"})
    settle(dispute)
    run_due_jobs()
    assert mailbox.mails == []
    notice = Notice.objects.get(person=person)
    monday = AT.date()
    Notice.objects.update(created_at=AT)
    assert list(notices_pending_digest(monday)) == [notice]
    assert not notices_pending_digest(monday + dt.timedelta(days=1)).exists()
    assert not notices_pending_digest(monday + dt.timedelta(days=6)).exists()
    # What a Monday could not send goes on the next day.
    assert list(notices_pending_digest(monday + dt.timedelta(days=8))) == [notice]
    assert "once a week" in str(digest_mail(person, [notice]).body)


def stop_address(mail: EmailMessage) -> str:
    return re.search(r"<https?://[^/]+(/[^>]+)>", str(mail["List-Unsubscribe"]))[1]


def test_the_link_of_a_mail_stops_such_mails_once(queue, mailbox, lab, dispute):
    person = manager(lab, "en")
    settle(dispute)
    run_due_jobs()
    address = stop_address(mailbox.mails[0])
    assert mailbox.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200
    assert not Preference.objects.exists()
    done = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert "only on the site" in done.content.decode()
    assert Preference.objects.get().pace == "site"
    choose_paces(actor=Actor("x", user_id=person.pk), at=AT, paces={"contradictions": "immediate"})
    again = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert "was used before" in again.content.decode()
    assert Preference.objects.get().pace == "immediate"
    assert stranger.get(address[:-3]).status_code == 404
    with pytest.raises(ActionError):
        stop_mails(actor=PUBLIC, at=AT, notice_id=Notice.objects.get().pk, digest=False)


def test_a_choice_is_followed(queue, mailbox, lab, dispute):
    person = manager(lab, "fr")
    reader = Actor("x", user_id=person.pk)
    choose_paces(actor=reader, at=AT, paces={"contradictions": "none"})
    settle(dispute)
    assert not Notice.objects.exists()
    choose_paces(actor=reader, at=AT, paces={"contradictions": "site"})
    reopen_contradiction(actor=SYSTEM, at=AT, contradiction_id=dispute.pk, reason="x")
    run_due_jobs()
    assert mailbox.asked == 0
    assert Notice.objects.get().mailed_at is None
    for paces in ({"contradictions": "hourly"}, {"weather": "site"}):
        with pytest.raises(ActionError):
            choose_paces(actor=reader, at=AT, paces=paces)


def test_a_refused_mail_is_tried_again_then_told_as_not_delivered(queue, mailbox, lab, dispute):
    person = manager(lab, "en")
    mailbox.refusing = True
    settle(dispute)
    run_due_jobs()
    notice = Notice.objects.get()
    assert mailbox.asked == 1
    assert (notice.failed_at, notice.mailed_at) == (None, None)
    assert "Not from you" in notice.failure
    while make_jobs_due():
        run_due_jobs()
    assert mailbox.asked == tasks.MAX_ATTEMPTS
    notice.refresh_from_db()
    assert notice.failed_at <= timezone.now()
    officer = User.objects.create(email="o@example.org", name="O", is_officer=True)
    seen = {}
    for who in (person, officer):
        client = Client()
        client.force_login(who)
        seen[who.pk] = client.get("/en/notices/").content.decode()
    assert "The mail could not be delivered." in seen[person.pk]
    assert "Not from you" not in seen[person.pk]
    assert "Not from you" in seen[officer.pk]


def test_a_server_that_comes_back_gets_the_mail(queue, mailbox, lab, dispute):
    manager(lab, "en")
    mailbox.refusing = True
    settle(dispute)
    run_due_jobs()
    mailbox.refusing = False
    assert make_jobs_due() == 1
    run_due_jobs()
    assert len(mailbox.mails) == 1
    notice = Notice.objects.get()
    assert notice.mailed_at
    assert not notice.failure


def test_the_address_of_a_mail_server():
    data = Path("/data")
    assert mail_settings("", data).folder == "/data/mail"
    told = mail_settings("smtps://me%40here:p%3Aw@mail.example.org", data)
    assert (told.host, told.port, told.user, told.password) == ("mail.example.org", 465, "me@here", "p:w")
    assert (told.ssl, told.starttls) == (True, False)
    assert mail_settings("smtp://me:pw@mail.example.org:2525", data).starttls
    assert not mail_settings("smtp://me:pw@127.0.0.1:2525", data).starttls
    for wrong in ("mail.example.org", "http://x:secret@y", "smtp://u:secret@h:port"):
        with pytest.raises(MaillageError) as refused:
            mail_settings(wrong, data)
        assert "secret" not in str(refused.value)
    assert default_sender("https://opale.example.org") == "Maillage <maillage@opale.example.org>"


def test_without_a_server_mails_are_written_where_others_cannot_read(settings, tmp_path):
    settings.EMAIL_BACKEND = "maillage.people.mail.FolderBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    with translation.override("en"):
        Mail("Hello", "Some words", to=["a@example.org"]).send()
    (written,) = (tmp_path / "mail").iterdir()
    assert "Some words" in written.read_text()
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
