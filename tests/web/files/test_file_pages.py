"""Files on the page of a record: uploaded by an officer, given out with care, refused in words."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.files.models import Content, File
from maillage.people.models import User
from maillage.register.models import Organisation
from tests.files import sample_files as made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture
def officer(example, client: Client) -> Client:
    client.force_login(User.objects.create(email="officer@example.org", name="An officer", is_officer=True))
    return client


@pytest.fixture
def body(example) -> Organisation:
    return Organisation.objects.get(key="thema")


def upload(client: Client, body: Organisation, content: bytes, name: str = "report.pdf", visibility="organisation"):
    sent = SimpleUploadedFile(name, content, content_type="text/html")
    address = reverse("attach-file", args=["organisations", body.pk])
    return client.post(address, {"file": sent, "visibility": visibility}, follow=True)


def left(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_officer_attaches_and_another_may_not_see(officer: Client, body):
    page = upload(officer, body, made.PDF).content.decode()
    file = File.objects.get()
    assert file.organisation_id == body.pk
    address = reverse("file", args=[file.pk, file.name])
    assert address in page
    given = officer.get(address)
    assert b"".join(given.streaming_content) == made.PDF
    stranger = Client()
    assert stranger.get(address).status_code == 404
    assert address not in stranger.get(reverse("organisations:record", args=[body.key])).content.decode()


def test_what_is_given_out_cannot_act(officer: Client, body):
    upload(officer, body, made.package(made.DOCX), "Rés“umé.docx")
    upload(officer, body, made.png(), "x.png", "public")
    document, image = File.objects.order_by("pk")
    for file, way in ((document, "attachment"), (image, "inline")):
        given = officer.get(reverse("file", args=[file.pk, "any"]))
        assert given["Content-Disposition"].startswith(f"{way}; filename*=UTF-8''")
        assert given["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in given["Content-Security-Policy"]
        assert "default-src 'none'" in given["Content-Security-Policy"]
        assert given["Content-Type"] == file.content.media_type
    address = reverse("file", args=[image.pk, "x"])
    assert Client().get(address).status_code == 200
    assert Client().get(address, headers={"if-none-match": f'"{image.content.digest}"'}).status_code == 304


def test_a_file_of_a_record_that_is_not_public_stays_hidden(officer: Client, body):
    upload(officer, body, made.png(), "x.png", "public")
    address = reverse("file", args=[File.objects.get().pk, "x.png"])
    Organisation.objects.filter(pk=body.pk).update(visibility="organisation")
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("content", [made.HTML, made.SVG, made.EICAR_LIKE, made.bomb(), b""])
def test_hostile_files_are_refused_in_words(officer: Client, body, tmp_path, content):
    page = upload(officer, body, content)
    assert 'class="message error"' in page.content.decode()
    assert left(tmp_path) == []
    assert not Content.objects.exists()


def test_names_are_cleaned(officer: Client, body):
    upload(officer, body, made.PDF, "../../x\0\u202efdp.html")
    assert File.objects.get().name == "xfdp.html.pdf"


def test_too_large_is_refused(officer: Client, body, settings, tmp_path):
    settings.FILES_MAX_BYTES = 100_000
    page = upload(officer, body, made.PDF + bytes(120_000))
    assert 'class="message error"' in page.content.decode()
    assert upload(officer, body, made.PDF + bytes(400_000)).status_code == 413
    assert left(tmp_path) == []


class Unread:
    """A body of two gigabytes that tells how much of it was read."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = 0) -> bytes:
        self.taken += size
        return b"x" * size

    readline = read


def test_two_gigabytes_are_refused_before_a_byte_is_read(officer: Client, body):
    sent = Unread()
    address = reverse("attach-file", args=["organisations", body.pk])
    stream = {"wsgi.input": sent, "CONTENT_LENGTH": str(2 * 1024**3)}
    answer = officer.generic("POST", address, b"", "multipart/form-data; boundary=x", **stream)
    assert (answer.status_code, sent.taken) == (413, 0)


@pytest.mark.parametrize("said", [-20, 20])
def test_a_wrong_length_or_a_cut_leaves_nothing(officer: Client, body, tmp_path, said):
    begin = b'--x\r\nContent-Disposition: form-data; name="visibility"\r\n\r\npublic\r\n--x\r\n'
    begin += b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    sent = begin + made.PDF
    address = reverse("attach-file", args=["organisations", body.pk])
    stream = {"wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent) + said)}
    officer.generic("POST", address, sent, "multipart/form-data; boundary=x", **stream)
    assert not File.objects.exists()
    assert left(tmp_path) == []


def test_only_an_officer_and_only_with_the_forms_token(officer: Client, body):
    assert upload(Client(), body, made.PDF).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(email="officer@example.org"))
    assert upload(strict, body, made.PDF).status_code == 403
    assert not File.objects.exists()


def test_an_officer_removes_with_a_reason(officer: Client, body):
    upload(officer, body, made.PDF)
    address = reverse("remove-file", args=[File.objects.get().pk])
    assert Client().post(address, {"reason": "x"}).status_code == 404
    officer.post(address, {"reason": ""})
    assert File.objects.exists()
    officer.post(address, {"reason": "Out of date."})
    assert not File.objects.exists()
    assert officer.post(address, {"reason": "again"}).status_code == 404


def test_what_was_removed_is_not_given_out_as_it_was(officer: Client, body):
    upload(officer, body, made.PDF, visibility="public")
    file = File.objects.get()
    upload(officer, Organisation.objects.get(key="opale"), made.PDF)
    address, before = reverse("file", args=[file.pk, file.name]), timezone.now()
    assert Client().get(address).status_code == 200
    officer.post(reverse("remove-file", args=[file.pk]), {"reason": "Uploaded by mistake."})
    then = Client().get(address, {"known": before.isoformat()}, follow=True)
    assert then.status_code == 404
