"""Files come in whole or not at all, are kept once, and are what their bytes say."""

import datetime as dt
import errno
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import OFFICER, PUBLIC, SYSTEM, ActiveMandate, Actor
from maillage.files import tasks
from maillage.files.actions.contents import remove_unused_content
from maillage.files.actions.files import attach_file, remove_file
from maillage.files.file_names import clean_name
from maillage.files.file_types import PDF as PDF_KIND
from maillage.files.file_types import FileRejectedError, detect_file_type
from maillage.files.models import Content, File
from maillage.files.queries import files_of
from maillage.files.storage import get_storage
from maillage.files.uploads import IncomingFile, receive_file
from maillage.people.models import User
from tests.files import sample_files as made

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path, settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "kept", "file_permissions_mode": 0o600},
        },
    }
    settings.FILES_INCOMING = tmp_path / "incoming"


def on_disk() -> list[Path]:
    root = Path(settings.FILES_INCOMING).parent
    return [path for path in root.rglob("*") if path.is_file()]


def attach(content: bytes, name: str = "report.pdf", actor: Actor = SYSTEM, **more) -> File:
    pieces = [content[start : start + 1000] for start in range(0, len(content), 1000)]
    where = {"record_kind": "register.organisation", "record_id": 1, "organisation_id": 1} | more
    with receive_file(name, pieces) as incoming:
        return attach_file(actor=actor, at=AT, incoming=incoming, **where)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (made.PDF, ".pdf"),
        (made.png(), ".png"),
        (made.JPEG, ".jpg"),
        (made.GIF, ".gif"),
        (made.WEBP, ".webp"),
        (made.package(made.DOCX), ".docx"),
        (made.package(made.XLSX), ".xlsx"),
        (made.package(made.PPTX), ".pptx"),
        (made.opendocument("text"), ".odt"),
        (made.opendocument("spreadsheet"), ".ods"),
        (made.opendocument("presentation"), ".odp"),
    ],
)
def test_what_is_taken_is_known_by_its_bytes(db, content, ending):
    file = attach(content, "unnamed")
    assert file.name == f"unnamed{ending}"
    with get_storage().open(file.content.storage_path) as kept:
        assert kept.read() == content
    assert file.content.digest == hashlib.sha256(content).hexdigest()
    assert file.content.size == len(content)


HOSTILE = {
    "HTML called PDF": made.HTML,
    "HTML before a PDF": made.HTML + made.PDF,
    "space before HTML": b"\n  " + made.HTML,
    "SVG with a script": made.SVG,
    "text like the test virus": made.EICAR_LIKE,
    "plain text": b"just words",
    "a program": b"\x7fELF\x02\x01\x01" + bytes(100),
    "a sound that begins as an image may": made.WAVE,
    "a plain zip": made.package({"a.txt": b"a"}),
    "a document with macros": made.package({**made.DOCX, "word/vbaProject.bin": b"x"}),
    "an OpenDocument with macros": made.opendocument(**{"Basic/Standard/Module1.xml": b"x"}),
    "a zip bomb": made.bomb(),
    "an image with a document behind it": made.HTML + made.package(made.DOCX),
    "a document cut off": made.package(made.DOCX)[:-40],
    "a PDF cut off": made.PDF[:-10],
    "zeros": bytes(5000),
    "nothing": b"",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_refused_leaves_nothing(db, content):
    with pytest.raises(ActionError):
        attach(content)
    assert not File.objects.exists()
    assert not Content.objects.exists()
    assert on_disk() == []


def test_a_directory_too_long_is_refused_before_it_is_read(tmp_path):
    whole = bytearray(made.package(made.DOCX))
    end = whole.rfind(b"PK\x05\x06")
    whole[end + 12 : end + 16] = (0x7FFFFFFF).to_bytes(4, "little")
    place = tmp_path / "long"
    place.write_bytes(whole)
    with place.open("rb") as content, pytest.raises(FileRejectedError, match=r"dépaquet|unpack|décompress"):
        detect_file_type(content)


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", made.GIF, made.package(made.DOCX)]))
def test_any_bytes_are_taken_or_refused_in_words(tmp_path_factory, tail, head):
    place = tmp_path_factory.mktemp("any") / "file"
    place.write_bytes(head + tail)
    with place.open("rb") as content:
        told = _taken(content)
    assert told.startswith(".") or told.endswith(".")


def _taken(content) -> str:
    try:
        return detect_file_type(content).endings[0]
    except FileRejectedError as error:
        return str(error)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/x", "x.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe.pdf"),
        ("page.html", "page.html.pdf"),
        ("  two\r\n words .PDF", "two words.PDF"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("é" * 400 + ".pdf", "é" * 150 + ".pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("Convention n\u00ba 3.pdf", "Convention n\u00ba 3.pdf"),
    ],
)
def test_a_name_is_a_label_and_no_path(given_name, kept):
    assert clean_name(given_name, PDF_KIND) == kept


@given(st.text(max_size=300))
def test_no_name_leads_elsewhere_or_hides_something(name):
    kept = clean_name(name, PDF_KIND)
    assert kept.lower().endswith(".pdf")
    assert 4 < len(kept) < 200
    assert kept.isprintable() or "\u00a0" in kept or "\u3000" in kept
    assert not set(kept) & set('/\\\0\r\n\u202e"<>')


def test_the_same_bytes_are_kept_once(db):
    one, two = attach(made.PDF, "one.pdf"), attach(made.PDF, "two.pdf", record_id=2)
    assert one.content == two.content
    assert len(on_disk()) == 1
    assert [file.name for file in files_of("register.organisation", 2, actor=SYSTEM)] == ["two.pdf"]


def test_bytes_go_when_no_use_remains_and_history_stays(db, django_capture_on_commit_callbacks):
    one, two = attach(made.PDF, "one.pdf"), attach(made.PDF, "two.pdf")
    remove_file(actor=SYSTEM, at=AT, file_id=one.pk, reason="Sent by mistake.")
    digest = two.content.digest
    assert not remove_unused_content(actor=SYSTEM, at=AT, digest=digest)
    remove_file(actor=SYSTEM, at=AT, file_id=two.pk, reason="So was this.")
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_unused_content(actor=SYSTEM, at=AT, digest=digest)
    assert on_disk() == []
    assert not Content.objects.exists()
    last = File.pgh_event_model.objects.filter(name="two.pdf").order_by("-pgh_id").first()
    assert (last.pgh_label, last.pgh_context.metadata["reason"]) == ("delete", "So was this.")


def test_a_removal_needs_a_reason_and_an_officer(db):
    file = attach(made.PDF)
    with pytest.raises(ActionError):
        remove_file(actor=SYSTEM, at=AT, file_id=file.pk, reason=" ")
    with pytest.raises(ActionForbiddenError):
        remove_file(actor=PUBLIC, at=AT, file_id=file.pk, reason="x")
    with pytest.raises(ActionForbiddenError):
        attach(made.png(), actor=PUBLIC)
    assert File.objects.count() == 1


def test_too_large_is_refused_before_the_rest_is_read(db, settings):
    settings.FILES_MAX_BYTES = 10_000
    asked = 0

    def pieces() -> Iterator[bytes]:
        nonlocal asked
        for _ in range(2_000_000):
            asked += 1
            yield made.PDF[:1] * 1000

    with pytest.raises(FileRejectedError), receive_file("two-gigabytes.pdf", pieces()):
        raise AssertionError("It was let in.")
    assert asked == 11
    assert on_disk() == []


def test_a_sender_that_goes_away_leaves_nothing(db):
    def pieces() -> Iterator[bytes]:
        yield made.PDF[:20]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError), receive_file("cut.pdf", pieces()):
        raise AssertionError("It was let in.")
    assert on_disk() == []


def test_an_action_that_fails_after_the_bytes_were_stored_leaves_nothing(db):
    with pytest.raises(Exception, match="record_id"):
        attach(made.PDF, record_id=None)
    assert on_disk() == []
    assert not Content.objects.exists()


def test_a_full_disk_is_said(db, monkeypatch):
    def full(*_arguments) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(ActionError):
        attach(made.PDF)
    assert on_disk() == []
    assert not Content.objects.exists()
    monkeypatch.undo()
    with IncomingFile("x.pdf") as incoming, Path("/dev/full").open("wb", buffering=0) as disk:
        monkeypatch.setattr(incoming, "bytes", disk)
        with pytest.raises(FileRejectedError):
            incoming.add(made.PDF)


def test_the_nightly_sweep_finds_what_a_crash_left(db, django_capture_on_commit_callbacks):
    kept = attach(made.PDF)
    orphan = "ab" * 32
    get_storage().save(f"ab/{orphan}", IncomingFile("left"))
    old, young = IncomingFile("old"), IncomingFile("young")
    os.utime(old.path, (0, time.time() - 2 * 24 * 3600))
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.remove_all_unused_content(0) == 2
    names = {path.name for path in on_disk()}
    assert names == {kept.content.digest, Path(young.path).name}
    young.close()


def acting_for(organisation: int, *, network: int = 0, user: int | None = None) -> Actor:
    mandate = ActiveMandate(1, "manager", organisation, "X", dt.date(2020, 1, 1), reach=frozenset({organisation}),
                     network=frozenset({network}))  # fmt: skip
    return Actor("someone", user_id=user, acting=mandate)


def test_who_sees_a_file(db):
    uploader = User.objects.create(email="a@example.org", name="A")
    officer = Actor("A", frozenset({OFFICER}), uploader.pk)
    made_of = {word: attach(made.png(index), word, officer, visibility=word, organisation_id=7)
               for index, word in enumerate(["public", "network", "organisation", "named"])}  # fmt: skip

    def seen(actor: Actor) -> set[str]:
        visible = files_of("register.organisation", 1, actor=actor)
        return {word for word, file in made_of.items() if file in visible}

    assert seen(officer) == set(made_of)
    assert seen(PUBLIC) == {"public"}
    assert seen(acting_for(7)) == {"public", "network", "organisation"}
    assert seen(acting_for(8, network=7)) == {"public", "network"}
    assert seen(acting_for(8, network=9)) == {"public"}
    assert seen(Actor("A", user_id=uploader.pk)) == set(made_of)


def test_a_file_for_an_organisation_names_one(db):
    with pytest.raises(ActionError):
        attach(made.PDF, organisation_id=None)
    with pytest.raises(ActionError):
        attach(made.PDF, visibility="everyone")
    assert attach(made.PDF, organisation_id=None, visibility="public").uploaded_at <= timezone.now()
