"""A document is attached as the source of a fact: kept with the fact or not at all, and read by those it is for."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from maillage.core.models import Citation, Source, WithdrawnFact
from maillage.desk.notifications import mail_rows
from maillage.files.models import Content, File
from maillage.files.tasks import remove_all_unused_content
from maillage.people.models import User
from maillage.register.models import Office, Organisation
from tests.files.sample_files import PDF
from tests.web.clients import client_for, page_text
from tests.web.facts.clients import address, form_values, new_address, record, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_search_index")]

DEED = {"source_kind": "document", "source_title": "Deed of appointment", "source_dated": "2020-02-07"}
OFFICE = {"name": "Ada Exemple", "role": "director", "of": "unit", "from": "2020"}


def deed(content: bytes = PDF, name: str = "deed.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def office_page(client: Client) -> str:
    return page_text(client.get(f"/en/offices/{Office.objects.get().pk}"))


def test_a_document_is_kept_with_the_fact_that_cites_it(officer: Client) -> None:
    sent = officer.post(new_address("people_roles"), {**OFFICE, **DEED, "source_file": deed()})
    assert sent.status_code == 302, words(sent)
    source, file = Source.objects.get(), File.objects.get()
    assert (source.kind, source.title, source.dated, source.digest) == (
        "document", "Deed of appointment", "2020-02-07", file.content.digest,
    )  # fmt: skip
    assert (file.visibility, file.organisation_id) == ("organisation", Organisation.objects.get(key="unit").pk)
    page = office_page(officer)
    assert f"/en/files/{file.pk}/deed.pdf" in page
    assert b"".join(officer.get(f"/en/files/{file.pk}/deed.pdf").streaming_content) == PDF
    everybody = Client()
    assert "Deed of appointment" in office_page(everybody)
    assert "deed.pdf" not in office_page(everybody)
    assert everybody.get(f"/en/files/{file.pk}/deed.pdf").status_code == 404


def test_one_document_serves_the_facts_of_a_sitting(officer: Client) -> None:
    typed = {**OFFICE, **DEED, "source_file": deed(), "keep_source": "on", "another": "yes"}
    sent = officer.post(new_address("people_roles"), typed)
    assert sent.status_code == 302, words(sent)
    page = officer.get(sent.url)
    assert "Attached already: deed.pdf" in words(page)
    values = form_values(officer, sent.url)
    for place in ("article 2", "article 3"):
        again = officer.post(sent.url, {**values, "name": f"Of {place}", "role": "president", "source_place": place})
        assert again.status_code == 302, words(again)
    assert Citation.objects.filter(source__digest=Content.objects.get().digest).count() == 3
    assert File.objects.count() == 1
    assert "deed.pdf" in page_text(officer.get(f"/en/offices/{Office.objects.get(person_name='Of article 3').pk}"))


def test_a_kept_document_is_opened_to_the_organisations_of_the_next_fact(officer: Client) -> None:
    typed = {**OFFICE, **DEED, "source_file": deed(), "keep_source": "on", "another": "yes"}
    next_form = officer.post(new_address("people_roles"), typed).url
    values = form_values(officer, next_form)
    sent = officer.post(next_form, {**values, "name": "Of the network", "of": "net", "role": "president"})
    assert sent.status_code == 302, words(sent)
    assert "deed.pdf" in page_text(client_for("net").get(sent.url))
    assert "deed.pdf" not in page_text(Client().get(sent.url))
    # Nobody cites their way to a document that they may not read.
    File.objects.exclude(organisation_id=Organisation.objects.get(key="unit").pk).delete()
    guess = {**OFFICE, **DEED, "of": "net", "name": "Guess", "source_sha256": Content.objects.get().digest}
    neighbour = client_for("net", "lead")
    sent = neighbour.post(new_address("people_roles"), guess)
    assert sent.status_code == 302, words(sent)
    assert "attached document, not open to you here" in page_text(neighbour.get(sent.url))
    assert File.objects.count() == 1


@pytest.mark.parametrize("digest", ["abc", "a" * 70])
def test_a_wrong_digest_is_said_at_the_document_itself(officer: Client, digest: str) -> None:
    sent = officer.post(new_address("people_roles"), {**OFFICE, **DEED, "source_sha256": digest})
    assert sent.status_code == 422
    assert list(sent.context["form"].errors) == ["source_file"]
    assert "is no SHA-256 of a document" in words(sent)


def test_a_fact_cites_two_articles_of_one_document(officer: Client) -> None:
    assert officer.post(new_address("people_roles"), {**OFFICE, **DEED, "source_file": deed()}).status_code == 302
    at = address(Office.objects.get(), "correct")
    more = {**DEED, "source_place": "article 3", "source_file": deed(), "reason": "It says more."}
    sent = officer.post(at, {**form_values(officer, at), **more})
    assert sent.status_code == 302, words(sent)
    assert sorted(Citation.objects.values_list("source__place", flat=True)) == ["", "article 3"]
    assert File.objects.count() == 1


def test_a_fact_is_ended_by_a_document_and_the_end_is_undone(officer: Client) -> None:
    office = record("people_roles", **OFFICE)
    end = {"end": "June 2025", "reason": "Over.", **DEED, "source_file": deed()}
    refused = officer.post(address(office, "end"), {**end, "end": "sometime"})
    assert "Choose “deed.pdf” again" in words(refused)
    sent = officer.post(address(office, "end"), end | {"source_file": deed(), "keep_source": "on"})
    assert sent.status_code == 302, words(sent)
    assert "deed.pdf" in office_page(officer)
    # The source of the sitting is offered for the end of the next fact.
    other = record("people_roles", **OFFICE | {"name": "Another"})
    assert "Attached already: deed.pdf" in words(officer.get(address(other, "end")))
    undo = re.search(r'href="(/en/facts/[^"]+/undo/[^"]+)"', page_text(officer.get(sent.url)))
    assert undo
    assert officer.post(undo[1], {"reason": "Not yet."}).status_code == 302
    assert "deed.pdf" not in page_text(officer.get(sent.url))
    assert officer.post(address(office, "end"), end | {"source_file": deed()}).status_code == 302
    assert "deed.pdf" in page_text(officer.get(sent.url))


def test_a_restored_fact_has_its_document_again(officer: Client) -> None:
    assert officer.post(new_address("people_roles"), {**OFFICE, **DEED, "source_file": deed()}).status_code == 302
    office, file, source = Office.objects.get(), File.objects.get(), Source.objects.get()
    restore = "/en/facts/withdrawn/{}/restore"
    for withdrawn in (office, source):
        assert officer.post(address(withdrawn, "withdraw"), {"reason": "Never so."}).status_code == 302
    remove_all_unused_content(0)
    told = words(officer.post(restore.format(WithdrawnFact.objects.get(list_name="people_roles").pk), {"reason": "r"}))
    assert "What this fact refers to is gone" in told
    for name in ("sources", "people_roles"):
        withdrawn = WithdrawnFact.objects.get(list_name=name)
        assert officer.post(restore.format(withdrawn.pk), {"reason": "It was."}).status_code == 302
    assert f"/en/files/{file.pk}/deed.pdf" in office_page(officer)
    assert b"".join(client_for("unit").get(f"/en/files/{file.pk}/deed.pdf").streaming_content) == PDF


def test_a_source_with_a_document_is_not_made_a_page(officer: Client) -> None:
    assert officer.post(new_address("people_roles"), {**OFFICE, **DEED, "source_file": deed()}).status_code == 302
    at = address(Source.objects.get(), "correct")
    sent = officer.post(at, {**form_values(officer, at), "url": "https://example.org/deed", "reason": "It moved."})
    assert "A document is attached to this source" in words(sent)
    assert Source.objects.get().url == ""


def test_nothing_is_kept_of_a_refused_form_and_the_file_is_asked_for_again(officer: Client) -> None:
    refused = officer.post(new_address("people_roles"), {**OFFICE, **DEED, "from": "sometime", "source_file": deed()})
    assert refused.status_code == 422
    assert "Choose “deed.pdf” again: nothing is kept before the form is accepted." in words(refused)
    assert [Content.objects.count(), Source.objects.count()] == [0, 0]
    again = {**OFFICE, **DEED, "source_file_again": "deed.pdf"}
    assert "Choose “deed.pdf” again" in words(officer.post(new_address("people_roles"), again))
    assert officer.post(new_address("people_roles"), {**again, "source_without_file": "on"}).status_code == 302
    assert Source.objects.get().digest == ""


@pytest.mark.parametrize(
    ("content", "message"), [(b"<script>", "This type of file is not taken"), (PDF + bytes(2_000_000), "larger than")]
)
def test_a_file_that_is_not_taken_is_refused_at_its_field(
    officer: Client, settings: Any, content: bytes, message: str
) -> None:
    settings.FILES_MAX_BYTES = 1_000_000
    # In this order, so that fields come after the file too.
    refused = officer.post(new_address("people_roles"), {**DEED, "source_file": deed(content), **OFFICE})
    assert refused.status_code == 422
    assert message in words(refused)
    assert 'value="Ada Exemple"' in page_text(refused)
    assert "again: nothing is kept" not in words(refused)
    assert [Content.objects.count(), Source.objects.count(), Office.objects.count()] == [0, 0, 0]


def test_a_document_about_oneself_confirms_once_the_other_party_accepts_it(register: None) -> None:
    ours, theirs = client_for("unit"), client_for("net")
    tie = {"member": "unit", "role": "partner", "of": "net", "from": "2020"}
    sent = ours.post(new_address("memberships"), {**tie, **DEED, "source_file": deed()})
    assert sent.status_code == 302, words(sent)
    citation, page = Citation.objects.get(), sent.url
    accept = f"/en/facts/citations/{citation.pk}/accept"
    assert "self-declared" in words(ours.get(page))
    assert accept not in page_text(ours.get(page))
    assert ours.post(accept, {"next": page}).status_code == 403
    assert "Deed of appointment" not in words(ours.get("/en/desk"))
    assert "Deed of appointment" in words(theirs.get("/en/desk"))
    # Its row leads to the page with the button, by the mandate that may accept.
    row = re.search(rf'href="({page}\?by=\d+)#sources"', page_text(theirs.get("/en/desk")))
    assert row
    french = page.replace("/en/", "/fr/")
    desk = theirs.get("/fr/desk")
    assert re.search(rf'href="{french}\?by=\d+#sources"', page_text(desk))
    assert "Accepter" in words(desk)
    # So does the mail of the morning, in the language of its reader.
    with override("fr"):
        (mailed,) = mail_rows(User.objects.get(email="manager-net@example.org"), timezone.now())
    assert (mailed.title.startswith("Deed of appointment"), mailed.path.startswith(french)) == (True, True)
    assert mailed.about.startswith("Document · ")
    assert "deed.pdf" in page_text(theirs.get(row[1], follow=True))
    assert accept in page_text(theirs.get(page))
    assert theirs.post(accept, {"next": page}).status_code == 302
    citation.refresh_from_db()
    assert citation.accepted
    assert "confirmed" in words(Client().get(page))
    assert "Deed of appointment" not in words(theirs.get("/en/desk"))


def test_an_officer_accepts_a_document_about_a_fact_without_another_party(register: None, officer: Client) -> None:
    manager = client_for("unit")
    assert manager.post(new_address("people_roles"), {**OFFICE, **DEED, "source_file": deed()}).status_code == 302
    assert "Deed of appointment" not in words(client_for("net").get("/en/desk"))
    assert "Deed of appointment" in words(officer.get("/en/desk"))


def test_a_source_is_corrected_to_an_attached_document(officer: Client) -> None:
    record("people_roles", **OFFICE, source=[{"kind": "document", "title": "The deed"}])
    citation = Citation.objects.get()
    at = f"/en/facts/citations/{citation.pk}/correct"
    sent = officer.post(at, {**form_values(officer, at), "source_file": deed(), "reason": "It is here."})
    assert sent.status_code == 302, words(sent)
    assert Citation.objects.get().source.digest == Content.objects.get().digest
    assert "deed.pdf" in office_page(officer)


def test_a_document_that_is_named_but_not_kept_is_attached_later(officer: Client) -> None:
    assert officer.post(new_address("people_roles"), {**OFFICE, **DEED, "source_file": deed()}).status_code == 302
    File.objects.all().delete()
    page = office_page(officer)
    assert "attached document, not open to you here" in page
    at = f"/en/facts/citations/{Citation.objects.get().pk}/document"
    assert at in page
    assert "its content differs" in words(officer.post(at, {"source_file": deed(PDF + b" ")}))
    assert "Choose the document." in words(officer.post(at, {}))
    assert officer.post(at, {"source_file": deed(), "source_readers": "public"}).status_code == 302
    assert "deed.pdf" in office_page(Client())
