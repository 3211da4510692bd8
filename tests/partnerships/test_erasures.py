"""Who stated a need is erased: from every table and its history, once the delay has passed, on request, and again."""

import dataclasses
import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.utils import timezone
from pghistory.models import Context

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.security.session_scope import actor_scope, read_everything
from maillage.desk.actions.rows import assign_rows
from maillage.desk.models import Snooze
from maillage.desk.queries import desk_rows
from maillage.errors import MaillageError
from maillage.files.uploads import receive_file
from maillage.notifications.models import Notice
from maillage.partnerships.actions import erasures
from maillage.partnerships.actions.answers import answer_need, ask_teams, reply_to_request
from maillage.partnerships.actions.attachments import attach_to_need
from maillage.partnerships.actions.erasures import (
    erase_old_requesters,
    erase_requester,
    replay_erasures,
    request_erasure,
)
from maillage.partnerships.actions.messages import write_as_requester, write_message
from maillage.partnerships.actions.questions import ask_requester
from maillage.partnerships.actions.received_mails import refuse_mail, take_mail, tell_officers
from maillage.partnerships.actions.requester import complain, rate_need, reword_need, withdraw_need
from maillage.partnerships.actions.undelivered import correct_requester_address, note_undelivered
from maillage.partnerships.conversations import REQUESTER_THREAD
from maillage.partnerships.erasure_list import account_key, add_to_file, erasure_file, read_erasures
from maillage.partnerships.mail_parsing import IncomingMail
from maillage.partnerships.models import Erasure, Need, NeedAddress, Requester
from maillage.partnerships.reply_addresses import ReplyTarget
from maillage.partnerships.tasks import erase_old_requesters as nightly_erasures
from maillage.partnerships.tasks import mail_requester, replay_kept_erasures
from maillage.people.actions.own_account import account_mark, erase_account
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.models import CaseStep
from tests.files import sample_files
from tests.partnerships.sample_needs import ASKER, TEXT, proposed_team, state_sample_need, working_day
from tests.worker import empty_queue, run_due_jobs

# Part of every text that the requester writes, or that somebody writes to them or of them.
PERSON = "zqxavier"
ASKS = dataclasses.replace(ASKER, organisation=f"{PERSON} SAS", email=f"{PERSON}@example.org", contact=f"Dr {PERSON}")
LATER = dt.timedelta(days=4 * 366)

pytestmark = pytest.mark.usefixtures("own_storage")


@pytest.fixture(autouse=True)
def _own_list(tmp_path: Path, settings) -> None:
    settings.DATA = tmp_path


def tables_that_name(person: str) -> set[str]:
    """Every table of the database, those of libraries too, with a row that holds the text in any column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [name for (name,) in cursor.fetchall()]
        naming = set()
        for table in tables:
            cursor.execute(f'SELECT 1 FROM "{table}" row WHERE row::text ILIKE %s LIMIT 1', [f"%{person}%"])
            if cursor.fetchone():
                naming.add(table)
    return naming


def stored_files_that_name(person: str) -> list[str]:
    folder = Path(site_settings.STORAGES["files"]["OPTIONS"]["location"])
    paths = [Path(root) / name for root, _folders, names in os.walk(folder) for name in names]
    return [path.name for path in paths if person.encode() in path.read_bytes()]


def state_and_talk(world, **more) -> Need:
    """A need in which everything that may hold a text does, in each the name of whoever states it."""
    User.objects.create(email="officer@example.org", name="Officer", is_officer=True)
    lead, manager = world.acting(world.lab, "lead"), world.acting(world.institute)
    world.acting(world.network, "pilot")
    need = state_sample_need(world, asker=ASKS, title=f"Antibody of {PERSON}", text=f"{TEXT} Ask {PERSON}.", **more)
    about = {"need_id": need.pk}
    reword_need(actor=PUBLIC, at=working_day(0), text=f"{TEXT} Write to {PERSON}.", title=f"{PERSON} again", **about)
    offers = [offer.pk for offer in world.offers]
    request = ask_teams(actor=manager, at=working_day(1), offers=offers, message=f"For {PERSON}", **about)[0]
    reply_to_request(actor=lead, at=working_day(1), request_id=request.pk, takes_part=True, note=f"Who is {PERSON}?")
    write_message(actor=manager, at=working_day(1), thread="note", text=f"{PERSON} is late", **about)
    hand_on_by_the_desk(world, manager)
    question = ask_requester(actor=manager, at=working_day(1), text=f"Dear {PERSON}, how many?", **about)
    write_as_requester(actor=PUBLIC, at=working_day(1), text=f"Sixty. {PERSON}", **about)
    for name in ("for-need", "for-message"):
        with receive_file(f"{PERSON}-{name}.pdf", [sample_files.PDF + f"{PERSON} {name}".encode()]) as incoming:
            incoming.detect_type()
            if name == "for-need":
                attach_to_need(actor=PUBLIC, at=working_day(1), incoming=incoming, **about)
            else:
                write_as_requester(actor=PUBLIC, at=working_day(1), text=f"See {PERSON}", files=[incoming], **about)
    mail_by_mail(need)
    for message_id in (None, question.pk):
        why = f"<{ASKS.email}> is unknown"
        note_undelivered(actor=SYSTEM, at=working_day(2), why=why, message_id=message_id, **about)
    letter = f"Dear {PERSON}, we propose the team below."
    answer_need(actor=manager, at=working_day(3), letter=letter, team=proposed_team(world), **about)
    rate_need(actor=PUBLIC, at=working_day(4), score=3, comment=f"{PERSON} is not content", **about)
    case = complain(actor=PUBLIC, at=working_day(4), text=f"{PERSON} was not heard.", **about)
    apply_transition(actor=manager, at=working_day(5), case_id=case.pk, transition="answer", reason=f"To {PERSON}: no")
    apply_transition(actor=SYSTEM, at=working_day(6), case_id=case.pk, transition="settle")
    return need


def hand_on_by_the_desk(world, manager) -> None:
    """Notices that quote the titles of rows and lead to the desk."""
    colleague = User.objects.create(email="colleague@example.org", name="Colleague")
    Mandate.objects.create(
        person=colleague, organisation=world.institute, role="manager", first_day=working_day(0).date()
    )
    keys = [row.key for row in desk_rows(User.objects.get(pk=manager.user_id), working_day(1)) if row.kind == "need"]
    assign_rows(actor=manager, at=working_day(1), keys=keys, person_id=colleague.pk)


def mail_by_mail(need: Need) -> None:
    """A mail that becomes a message, and one that is refused and told to the officers."""
    target = ReplyTarget(need.pk, REQUESTER_THREAD, 0)
    subject = f"Re: {PERSON}"
    mail = IncomingMail("1", "t", ASKS.email, subject, "", f"By mail, {PERSON}", quoted=f"> {PERSON}")
    take_mail(actor=PUBLIC, at=working_day(2), mail=mail, target=target)
    refuse_mail(actor=SYSTEM, at=working_day(2), mail=dataclasses.replace(mail, digest="2"), why="it has no text")
    tell_officers(actor=SYSTEM, at=working_day(2))


def withdraw(need: Need) -> None:
    withdraw_need(actor=PUBLIC, at=working_day(7), need_id=need.pk, reason=f"{PERSON} found another")


@pytest.mark.parametrize("confidential", [True, False])
def test_no_table_and_no_file_names_who_was_erased(world, confidential, django_capture_on_commit_callbacks):
    need = state_and_talk(world, confidential=confidential)
    withdraw(need)
    with read_everything():
        assert {"partnerships_need", "partnerships_needevent", "partnerships_messageevent", "workflow_casestepevent",
                "notifications_notice", "pghistory_context", "files_fileevent"} <= tables_that_name(PERSON)  # fmt: skip
    assert len(stored_files_that_name(PERSON)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    with read_everything():
        assert tables_that_name(PERSON) == set()


def test_a_mail_that_comes_back_later_brings_nothing_of_who_was_erased_back(world):
    need = state_and_talk(world)
    withdraw(need)
    erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    note_undelivered(actor=SYSTEM, at=working_day(9), need_id=need.pk, why=f"<{ASKS.email}> is unknown")
    with read_everything():
        assert tables_that_name(PERSON) == set()
    with pytest.raises(Requester.DoesNotExist):
        correct_requester_address(
            actor=world.acting(world.institute), at=working_day(9), need_id=need.pk, email=ASKS.email
        )


def test_the_figures_of_an_erased_need_stay(world):
    need = state_and_talk(world)
    withdraw(need)
    erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    requester, address = Requester.objects.get(), NeedAddress.objects.get(role="addressee")
    assert (requester.country, requester.size, requester.erased_at) == ("FR", "pme", working_day(8))
    assert (address.outcome, address.need.title) == ("answered", need.key)
    assert need.answers.exclude(sent_at=None).count() == need.messages.filter(thread="note").count() == 1
    assert Erasure.objects.get().day == dt.date(2026, 3, 12)


@pytest.mark.django_db(transaction=True)
def test_files_of_an_erased_need_leave_the_storage(tmp_path, settings):
    from tests.partnerships.sample_needs import create_sample_network

    empty_queue()
    need = state_and_talk(create_sample_network())
    withdraw(need)
    assert len(stored_files_that_name(PERSON)) == 2
    erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    with read_everything():
        run_due_jobs()
    assert stored_files_that_name(PERSON) == []
    assert read_erasures(erasure_file()) == {need.key: dt.date(2026, 3, 12)}


def test_an_open_need_or_complaint_is_not_erased_but_says_what_to_do(world, english):
    need = state_sample_need(world, asker=ASKS)
    for act in (request_erasure, erase_requester):
        with pytest.raises(ActionError, match="withdraw it first"):
            act(actor=PUBLIC, at=working_day(1), need_id=need.pk)
    complain(actor=PUBLIC, at=working_day(1), need_id=need.pk, text="Nobody answers here.")
    withdraw(need)
    with pytest.raises(ActionError, match="complaint"):
        erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)


def test_an_erased_need_is_not_erased_twice_and_gets_no_mail(world, english, mailoutbox):
    need = state_sample_need(world, asker=ASKS)
    withdraw(need)
    erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    with pytest.raises(ActionError, match="done already"):
        request_erasure(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    with read_everything():
        mail_requester.func(None, need.pk, "withdrawn")
    assert not mailoutbox


def test_needs_of_which_nothing_was_heard_for_the_delay_are_erased_closed_or_not(world):
    closed, left, recent = (state_sample_need(world, asker=ASKS) for _number in range(3))
    withdraw(closed)
    write_as_requester(actor=PUBLIC, at=working_day(0) + LATER, need_id=recent.pk, text="Still there?")
    day = working_day(0) + LATER
    assert erase_old_requesters(actor=SYSTEM, at=day, years=5) == 0
    assert erase_old_requesters(actor=SYSTEM, at=day, years=3) == 2
    assert erase_old_requesters(actor=SYSTEM, at=day, years=3) == 0
    erased = Requester.objects.exclude(erased_at=None).values_list("need__key", flat=True)
    assert set(erased) == {closed.key, left.key} == set(Erasure.objects.values_list("need_key", flat=True))
    assert NeedAddress.objects.get(need=left).outcome == "withdrawn"


def test_a_process_that_lets_no_need_be_withdrawn_holds_up_no_erasure(world, monkeypatch):
    need = state_sample_need(world, asker=ASKS)

    def refuse(**_arguments: object) -> None:
        raise ActionError("There is no such transition.")

    monkeypatch.setattr(erasures, "apply_transition", refuse)
    assert erase_old_requesters(actor=SYSTEM, at=working_day(0) + LATER, years=3) == 1
    assert Requester.objects.get(need=need).erased_at


def test_what_a_restore_brings_back_is_erased_again(world):
    need, other = state_and_talk(world), state_sample_need(world)
    add_to_file({need.key: dt.date(2026, 3, 12), "gone": dt.date(2026, 3, 13)})
    with read_everything():
        assert replay_kept_erasures() == 1
        assert replay_kept_erasures() == 0
        assert tables_that_name(PERSON) == set()
    assert Requester.objects.get(need=other).email
    assert dict(Erasure.objects.values_list("need_key", "day"))[need.key] == dt.date(2026, 3, 12)


def test_the_file_gets_what_the_database_knows_and_repeats_nothing(world):
    replay_erasures(actor=SYSTEM, at=timezone.now(), erasures={"one": dt.date(2026, 3, 1)})
    with read_everything():
        for _time in range(2):
            replay_kept_erasures()
    assert erasure_file().read_text() == "need,erased\none,2026-03-01\n"


@pytest.mark.parametrize("line", ["no-day", "key,yesterday", f"{'k' * 41},2026-03-01", ",2026-03-01"])
def test_a_list_that_cannot_be_read_is_refused_with_its_line(tmp_path, english, line):
    file = tmp_path / "list.csv"
    file.write_text(f"need,erased\nkept,2026-03-01\n{line}\n")
    with pytest.raises(MaillageError, match="line 3"):
        read_erasures(file)


def test_a_list_that_cannot_be_read_holds_up_no_erasure_that_is_due(world, english, monkeypatch):
    need = state_sample_need(world, asker=ASKS)
    monkeypatch.setattr(timezone, "now", lambda: working_day(0) + LATER)
    erasure_file().parent.mkdir(parents=True, exist_ok=True)
    erasure_file().write_text("need,erased\nno-day\n")
    with read_everything(), pytest.raises(MaillageError, match="line 2"):
        nightly_erasures.func(0)
    assert Requester.objects.get(need=need).erased_at


def test_who_erases_the_account_is_erased_from_their_needs(world):
    person = User.objects.create(email=f"{PERSON}@account.example.org", name=f"{PERSON} by account")
    actor = actor_of(person, working_day(0))
    need = state_sample_need(world, actor=actor, asker=ASKS)
    write_as_requester(actor=actor, at=working_day(1), need_id=need.pk, text=f"{PERSON} writes")
    erase_account(actor=actor, at=working_day(2))
    with read_everything():
        assert tables_that_name(PERSON) == set()
    assert NeedAddress.objects.get().outcome == "withdrawn"


def test_an_account_that_a_restore_brings_back_is_erased_again_and_no_other(world):
    person = User.objects.create(email=f"{PERSON}@account.example.org", name=f"{PERSON} by account")
    actor, mark = actor_of(person, working_day(0)), account_mark(person)
    need = state_sample_need(world, actor=actor, asker=ASKS)
    other = User.objects.create(email="other@example.org", name="Somebody who got the number of another")
    # Its number has served another account too, which was erased as well.
    keys = [account_key(person.pk, mark), account_key(person.pk, "0" * 12), account_key(other.pk, mark)]
    with read_everything():
        assert replay_erasures(actor=SYSTEM, at=working_day(1), erasures=dict.fromkeys(keys, dt.date(2026, 3, 1))) == 1
        assert tables_that_name(PERSON) == set()
    assert Requester.objects.get(need=need).erased_at
    assert User.objects.get(pk=other.pk).is_active
    with read_everything():
        assert replay_erasures(actor=SYSTEM, at=working_day(1), erasures=dict.fromkeys(keys, dt.date(2026, 3, 1))) == 0


def test_an_erased_account_stands_in_the_list_without_its_name(world):
    person = User.objects.create(email=f"{PERSON}@account.example.org", name=f"{PERSON} by account")
    mark = account_mark(person)
    erase_account(actor=actor_of(person, working_day(0)), at=working_day(0))
    with read_everything():
        assert Erasure.objects.get().need_key == account_key(person.pk, mark)
        replay_kept_erasures()
    assert PERSON not in erasure_file().read_text()
    assert mark in erasure_file().read_text()


def test_the_history_of_an_erased_need_names_no_account(world):
    person = User.objects.create(email="account@example.org", name=f"{PERSON} by account")
    actor, at = actor_of(person, working_day(0)), working_day(1)
    need = state_sample_need(world, actor=actor, asker=ASKS)
    complaint = complain(actor=actor, at=at, need_id=need.pk, text="Nobody answers here.")
    manager = world.acting(world.institute)
    apply_transition(actor=manager, at=at, case_id=complaint.pk, transition="answer", reason="Soon")
    apply_transition(actor=SYSTEM, at=working_day(6), case_id=complaint.pk, transition="settle")
    withdraw_need(actor=actor, at=working_day(6), need_id=need.pk, reason="Enough")
    request_erasure(actor=actor, at=working_day(7), need_id=need.pk)
    Snooze.objects.create(person=person, kind="own-need", number=need.pk, until=dt.date(2026, 4, 1))
    erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    with read_everything():
        assert tables_that_name(PERSON) <= {"people_user", "people_userevent"}
        assert not Context.objects.filter(metadata__user=person.pk).exists()
        assert not CaseStep.objects.filter(user=person.pk).exists()
        assert not Snooze.objects.exists()
        assert not Snooze.pgh_event_model.objects.exists()
        assert CaseStep.objects.exclude(user=None).exists()


def test_a_mail_that_comes_back_after_the_erasure_brings_no_address_back(world):
    need = state_sample_need(world, asker=ASKS)
    withdraw(need)
    erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    note_undelivered(actor=SYSTEM, at=working_day(9), need_id=need.pk, why=f"<{ASKS.email}> is unknown")
    with read_everything():
        assert tables_that_name(PERSON) == set()


def test_officers_alone_read_the_list_of_erasures(world):
    replay_erasures(actor=SYSTEM, at=timezone.now(), erasures={"one": dt.date(2026, 3, 1)})
    for actor, number in ((world.acting(world.institute), 0), (PUBLIC, 0), (SYSTEM, 1)):
        with actor_scope(actor):
            assert Erasure.objects.count() == number


def test_an_erasure_leaves_the_notices_of_other_needs_with_the_words_of_its_title(world):
    """A title may be one word, which other titles and notices hold."""
    need = state_sample_need(world, asker=ASKS, title="AML")
    reader = User.objects.create(email="reader@example.org", name="Reader")
    texts = {
        "desk-given": ["- AML in children", "- AML\n- Samples", "AML · 3 days left", "- Registry of AML"],
        "cases": ["New need: AML"],
    }
    for kind, bodies in texts.items():
        for body in bodies:
            Notice.objects.create(
                person=reader, kind=kind, subject_en="A row", subject_fr="Une ligne", body_en=body, body_fr=body,
                link_en="/en/desk", link_fr="/fr/desk", created_at=working_day(1),
            )  # fmt: skip
    withdraw(need)
    erase_requester(actor=PUBLIC, at=working_day(8), need_id=need.pk)
    kept = set(Notice.objects.filter(person=reader).values_list("body_en", flat=True))
    assert kept == {"- AML in children", "- Registry of AML", "New need: AML"}
