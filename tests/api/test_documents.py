"""A program sends the document that a source of a fact cites: once, in a form, within the limits of the site."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.core.models import Citation
from maillage.files.models import Content, File
from maillage.people.models import Mandate, User
from maillage.register.models import Office, Organisation
from tests.files.sample_files import PDF

pytestmark = pytest.mark.django_db

DEED = {"kind": "document", "title": "Deed", "sha256": hashlib.sha256(PDF).hexdigest()}
ENDED = {"end": "2024-06", "reason": "Not renewed.", "source": DEED}


@pytest.fixture
def program(with_token: Callable[..., Client], person: User) -> Client:
    """A program of a person who acts for the organisation whose office it ends."""
    unit = Organisation.objects.create(key="unit", name_fr="Unit", kind="research-unit")
    Office.objects.create(organisation=unit, person_name="Ada Exemple", role_en="director", period_end="..")
    mandate = Mandate.objects.create(person=person, organisation=unit, role="manager", first_day=timezone.localdate())
    return with_token(person, "read", "write", mandate_id=mandate.pk)


def deed(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("deed.pdf", content, content_type="application/pdf")


def fact_address() -> str:
    return f"/api/v1/facts/people_roles/{Office.objects.get().uid}/document"


def end_office(program: Client) -> Any:
    body = {"list_name": "people_roles", "fact_id": str(Office.objects.get().uid), **ENDED}
    return program.post("/api/v1/actions/core.end_fact", body, content_type="application/json")


def test_a_cited_document_is_sent_once(program: Client) -> None:
    assert end_office(program).status_code == 200
    source = Citation.objects.get().source
    for _time in range(2):
        answer = program.post(fact_address(), {"file": deed(), "visibility": "public"})
        assert answer.status_code == 200, answer.content
        assert answer.json()["result"]["id"] == source.pk
    file = File.objects.get()
    assert (file.name, file.visibility, file.content.digest) == ("deed.pdf", "public", DEED["sha256"])
    assert "deed.pdf" in Client().get(f"/en/offices/{Office.objects.get().pk}").content.decode()


def test_what_is_not_taken_is_a_problem_and_leaves_nothing(program: Client, settings: Any) -> None:
    settings.FILES_MAX_BYTES = 1_000_000
    uncited = program.post(fact_address(), {"file": deed()})
    assert (uncited.status_code, DEED["sha256"] in uncited.json()["detail"]) == (409, True)
    assert end_office(program).status_code == 200
    refused = {
        413: {"file": deed(PDF + bytes(1_010_000))},
        409: {"file": deed(PDF + b" ")},
        422: {"visibility": "public"},
    }
    for status, form in refused.items():
        assert program.post(fact_address(), form).status_code == status
    assert program.post(fact_address(), {"file": deed(PDF + bytes(2_000_000))}).status_code == 413
    assert program.post(fact_address(), {"file": deed(), "visibility": "named"}).status_code == 409
    assert program.post(fact_address(), "{}", content_type="application/json").json()["errors"][0]["place"] == "file"
    assert [Content.objects.count(), File.objects.count()] == [0, 0]


def test_who_may_not_write_the_fact_sends_nothing(
    program: Client, with_token: Callable[..., Client], officer: User
) -> None:
    assert end_office(program).status_code == 200
    stranger = User.objects.create(email="stranger@example.org", name="Stranger")
    assert with_token(stranger, "write").post(fact_address(), {"file": deed()}).status_code == 403
    assert with_token(officer, "read").post(fact_address(), {"file": deed()}).status_code == 403
    assert Client().post(fact_address(), {"file": deed()}).status_code == 401
    unknown = fact_address().replace("people_roles", "memberships")
    assert program.post(unknown, {"file": deed()}).status_code == 404
    assert not File.objects.exists()
