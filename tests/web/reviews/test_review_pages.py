"""The pages of a review: a reviewer reads and marks, the agency ranks and proposes, the ministry decides."""

import datetime as dt
import io
import json
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.calls.actions.calls import publish_call
from maillage.calls.application_pdf import application_pdf_content
from maillage.calls.blind_review import name_mask_of
from maillage.calls.models import Application
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.security.session_scope import actor_scope
from maillage.labels.models import Award
from maillage.notifications.models import Notice
from maillage.people.models import User
from maillage.reviews.models import Appeal, Assignment
from tests.files import sample_files as made
from tests.web.calls.call_pages import open_call_text, write_reply
from tests.web.clients import client_for, get_organisation, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture
def agency(example) -> Client:
    client = client_for("anr", "label-officer")
    sent = client.post("/en/calls/new", {"text": open_call_text(), "reason": "It opens.", "do": "publish"})
    assert sent.status_code == 302, page_text(sent)
    return client


@pytest.fixture
def application(agency: Client) -> Application:
    """A dossier of the institute, sent, that names it in a text and in the name of a file."""
    institute = client_for("opale")
    institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    application = Application.objects.get()
    write_reply(institute, application, "summary/abstract", "Trials in acute leukaemia, by Opale.")
    institute.post(f"/en/dossiers/{application.key}/write/summary/1/annex/file",
                   {"file": SimpleUploadedFile("opale-budget.pdf", made.PDF)})  # fmt: skip
    write_reply(institute, application, "summary/charter", "yes")
    page = page_text(institute.get(application.get_absolute_url()))
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    institute.post(
        f"/en/dossiers/{application.key}/sign", {"organisation": get_organisation("opale").pk, "digest": digest}
    )
    institute.post(f"/en/dossiers/{application.key}/send")
    application.refresh_from_db()
    assert application.sent_at
    return application


def reviewer(agency: Client, name: str, employer: str = "") -> Client:
    """Somebody with an account, named through the page."""
    person = User.objects.create(email=f"{name}@example.org", name=name)
    given = {"email": person.email, "employer": employer, "competences": "leukaemia, trials", "most": 3, "do": "name"}
    assert agency.post("/en/calls/simulated/panel", given).status_code == 302
    client = Client()
    client.force_login(person)
    return client


def test_from_the_panel_to_the_decision(agency: Client, application: Application):
    one, two, inside = reviewer(agency, "one"), reviewer(agency, "two"), reviewer(agency, "inside", "opale")
    page = page_text(agency.post("/en/calls/simulated/panel/assign", follow=True))
    assert "The best assignment, proven." in page
    assert "works or acts for an organisation of the application" in page
    assert "You are not asked" in page_text(inside.get("/en/reviews/"))

    # Each reads the dossier beside the form, and nothing of the other's.
    asked = {held.reviewer.person.name: held for held in Assignment.objects.select_related("reviewer__person")}
    address = f"/en/reviews/{asked['one'].pk}"
    assert "Leukaemia, together" in page_text(one.get("/en/reviews/"))
    assert "Trials in acute leukaemia, by Opale." in page_text(one.get(address))
    assert "opale-budget.pdf" in one.get(f"{address}/files/summary/1/annex").headers["Content-Disposition"]
    for path in ("", "/paper", "/files/summary/1/annex"):
        assert two.get(f"{address}{path}").status_code == 404
    assert Client().get(address)["Location"] == f"/en/sign-in?next={address}"
    assert one.get(application.get_absolute_url()).status_code == 404
    marks = {"mark-strategy": "4", "mark-means": "9", "to_applicant": "Clear.", "to_panel": "Between us.", "do": "send"}
    assert one.post(address, marks).status_code == 422
    assert one.post(address, marks | {"mark-means": "3,5"}).status_code == 302
    second = f"/en/reviews/{asked['two'].pk}"
    assert "Between us." not in page_text(two.get(second))
    agency.post("/en/calls/simulated/panel/advance", {"phase": "discussion"})
    assert "Between us." in page_text(two.get(second))
    assert two.post(second, {"mark-strategy": "2", "do": "keep"}).status_code == 302

    # The agency proposes, and may not decide; the ministry does, and publishes.
    ranking = "/en/calls/simulated/ranking"
    assert "3.80" in page_text(agency.get(ranking))
    agency.post(f"{ranking}/{application.pk}", {"outcome": "award", "base": ""})
    assert agency.post("/en/calls/simulated/decisions/conclude").status_code == 403
    assert "What was decided" not in page_text(client_for("opale", "pilot").get(application.get_absolute_url()))
    ministry = client_for("mesr", "label-officer")
    ministry.post("/en/calls/simulated/decisions/conclude", {"do": "decide"})
    ministry.post("/en/calls/simulated/decisions/conclude", {"do": "publish"})
    award = Award.objects.get(
        label__key="carnot", holder=get_organisation("opale"), evidence_en__startswith="Decision of"
    )
    told = page_text(client_for("opale", "lead").get(f"/en/dossiers/{application.key}"))
    assert "What was decided" in told
    assert "Clear." in told
    assert "Between us." not in told
    assert award.get_absolute_url() in told


def test_a_conflict_is_declared_and_the_application_closed_to_the_reviewer(agency: Client, application: Application):
    one = reviewer(agency, "one")
    agency.post("/en/calls/simulated/panel/assign")
    held = Assignment.objects.get()
    one.post(f"/en/reviews/{held.pk}/conflict", {"why": "We share a patent."})
    assert one.get(f"/en/reviews/{held.pk}").status_code == 404
    assert "We share a patent." in page_text(agency.get("/en/calls/simulated/panel"))


def test_a_blind_review_names_no_body(agency: Client, application: Application):
    blind = open_call_text().replace("{reviews: 2, ", "{reviews: 2, blind: yes, ")
    publish_call(actor=SYSTEM, at=timezone.now(), text=blind, reason="It is reviewed blind.")
    Application.objects.update(title="OPALE’s leukaemia, together")
    one = reviewer(agency, "one")
    agency.post("/en/calls/simulated/panel/assign")
    address = f"/en/reviews/{Assignment.objects.get().pk}"
    page = page_text(one.get(address))
    assert "Trials in acute leukaemia, by [name withheld]." in page
    assert "[name withheld]’s leukaemia, together" in page_text(one.get("/en/reviews/"))
    name = one.get(f"{address}/files/summary/1/annex").headers["Content-Disposition"]
    assert "annex.pdf" in name
    assert one.get(f"{address}/paper").content.startswith(b"%PDF")
    application.refresh_from_db()
    paper = json.dumps(application_pdf_content(application, name_mask_of(application)), ensure_ascii=False)
    told = Notice.objects.filter(kind="reviews").values_list("subject_en", "body_en", "body_fr")
    for read in (page, paper, name, str(list(told))):
        assert "opale" not in read.lower()
    assert "opale" in page_text(agency.get(application.get_absolute_url())).lower()


def test_the_panel_replaces_moves_weighs_and_keeps_minutes(agency: Client, application: Application):
    for name in ("one", "two", "three"):
        reviewer(agency, name)
    agency.post("/en/calls/simulated/panel/assign")
    late = Assignment.objects.select_related("reviewer__person").earliest("pk")
    Assignment.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - dt.timedelta(days=3))
    other = Assignment.objects.exclude(pk=late.pk).get()
    page = page_text(agency.get("/en/calls/simulated/panel"))
    assert "3 days late" in page
    third = ({"one", "two", "three"} - {late.reviewer.person.name, other.reviewer.person.name}).pop()
    confirm = f"/en/calls/simulated/panel/{late.pk}/replace"
    page = page_text(agency.get(confirm))
    assert f"{third} suits best" in page
    chosen = re.search(r'<option value="(\d+)"', page)[1]
    assert agency.post(confirm, {"successor": chosen}).status_code == 422
    assert agency.post(confirm, {"successor": chosen, "reason": "Three days late."}).status_code == 302
    assert Assignment.objects.get(state="asked", application=application, reviewer=chosen).due_on > timezone.localdate()

    # Who watches gets the list where it has changed, and nothing where it has not.
    ranking = "/en/calls/simulated/ranking"
    page = page_text(agency.get(ranking))
    seen = re.search(r"\?seen=([\d-]+)", page)[1]
    assert agency.get(f"{ranking}/order?seen={seen}").status_code == 204
    base = re.search(r'name="base" value="(\w{16})"', page)[1]
    moved = agency.post(f"{ranking}/move", {"to": f"{application.pk}:2", "reason": "r", "base": base}, follow=True)
    assert "Give a place from 1 to 1." in page_text(moved)
    agency.post(f"{ranking}/{application.pk}", {"outcome": "award", "base": ""})
    assert "“Award” ends here, after 1 place" in page_text(agency.get(f"{ranking}/order?seen={seen}"))
    assert "Somebody has changed the ranking." in page_text(agency.get(f"{ranking}/order?seen={seen}&notice=1"))
    assert "<select" not in page_text(agency.get(f"{ranking}?watch=1")).partition("<main")[2]
    assert "no weight can move" in page_text(agency.get(f"{ranking}/weights"))
    made_now = agency.post(f"{ranking}/minutes", {"present": "A. Chair"}, follow=True)
    assert made_now.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "path", ["panel", "ranking", "ranking/order", "ranking/weights", "ranking/minutes", "ranking/minutes/1"]
)
def test_only_who_runs_the_call_sees_its_review(agency: Client, application: Application, path):
    for client in (Client(), client_for("opale", "pilot"), client_for("inca", "label-officer")):
        assert client.get(f"/en/calls/simulated/{path}").status_code == (403 if client.session.keys() else 302)
    assert agency.get(f"/fr/calls/simulated/{path}").status_code == (404 if path.endswith("1") else 200)


def test_letters_appeal_and_the_term_of_the_label(agency: Client, application: Application):
    decisions = "/en/calls/simulated/decisions"
    agency.post(f"/en/calls/simulated/ranking/{application.pk}", {"outcome": "award", "base": ""})
    ministry = client_for("mesr", "label-officer")
    ministry.post("/en/calls/simulated/decisions/conclude", {"do": "decide"})
    lead = client_for("opale", "pilot")
    letter = f"/fr/dossiers/{application.key}/letter"
    assert lead.get(letter).status_code == 404
    assert ministry.get(letter).content.startswith(b"%PDF")

    # Set for a minute to come, given up, published at once.
    assert ministry.post(decisions, {"moment": "2020-01-01T10:00"}).status_code == 422
    assert ministry.post(decisions, {"moment": "2040-01-01T10:00"}).status_code == 302
    assert "to be published on 1 January 2040, 10:00" in page_text(agency.get(decisions))
    ministry.post(decisions, {"do": "never"})
    assert "to be published" not in page_text(agency.get(decisions))
    ministry.post("/en/calls/simulated/decisions/conclude", {"do": "publish"})
    assert lead.get(letter).content.startswith(b"%PDF")
    assert client_for("inca", "label-officer").get(letter).status_code == 404
    packed = agency.get("/fr/calls/simulated/decisions/letters.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as archive:
        assert [name.rpartition("-")[2] for name in archive.namelist()] == ["award.pdf"]
        assert archive.testzip() is None
    # It is sent when the reader has left the thread, whose connection then reads as the public does.
    with actor_scope(PUBLIC):
        assert b"award.pdf" in b"".join(agency.get("/fr/calls/simulated/decisions/letters.zip").streaming_content)

    # The lead appeals, the ministry answers, and both read it.
    assert lead.post(f"/en/dossiers/{application.key}/appeal", {"text": ""}).status_code == 422
    lead.post(f"/en/dossiers/{application.key}/appeal", {"text": "The term is too short."})
    appeal = Appeal.objects.get()
    assert "The term is too short." in page_text(agency.get(decisions))
    answer = {"answer": "It is that of the call.", "outcome": ""}
    agency.post(f"{decisions}/appeals/{appeal.pk}", answer)
    assert not Appeal.objects.exclude(answered_at=None).exists()
    ministry.post(f"{decisions}/appeals/{appeal.pk}", answer)
    assert "It is that of the call." in page_text(lead.get(application.get_absolute_url()))

    # Held, lengthened, ended early: only by the authority.
    award = Award.objects.get(
        label__key="carnot", holder=get_organisation("opale"), evidence_en__startswith="Decision of"
    )
    page = award.get_absolute_url()
    assert "End the label early" in page_text(ministry.get(page))
    assert "End the label early" not in page_text(agency.get(page))
    assert agency.get(f"{page}/end").status_code == 403
    given = {"last_day": "2999-01-01", "reason_fr": "Fin."}
    assert ministry.post(f"{page}/end", given).status_code == 422
    assert ministry.post(f"{page}/end", given | {"last_day": timezone.localdate().isoformat()}).status_code == 302
    assert "Fin." in page_text(Client().get(page.replace("/en/", "/fr/")))


def test_applications_are_moved_together_after_a_look_at_what_that_does(agency: Client):
    institute = client_for("opale")
    institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    application = Application.objects.get()
    write_reply(institute, application, "summary/abstract", "Trials in acute leukaemia.")
    write_reply(institute, application, "summary/field", "aml")
    changed = open_call_text().replace("aml: {fr: LAM, en: AML}", "cll: {fr: LLC, en: CLL}")
    changed = changed.replace("abstract: {title: {fr: Résumé, en: Summary}", "gist: {title: {fr: Essentiel, en: Gist}")
    published = agency.post("/en/calls/simulated/edit", {"text": changed, "reason": "CLL.", "base": 1, "do": "publish"})
    assert published.status_code == 302, page_text(published)
    told = page_text(agency.get("/en/calls/simulated/move"))
    assert all(words in told for words in (application.key, "Gist", "Field", "Summary"))
    assert "Leukaemia, together" not in told
    assert client_for("inca", "label-officer").get("/en/calls/simulated/move").status_code == 403
    assert agency.post("/en/calls/simulated/move", {"reason": ""}).status_code == 422
    agency.post("/en/calls/simulated/move", {"reason": "CLL is in."})
    application.refresh_from_db()
    assert application.version.version == 2
    assert institute.get(f"/en/dossiers/{application.key}/changes").status_code == 200
    assert "LAM" not in page_text(institute.get(f"/fr/dossiers/{application.key}/write/summary"))
    assert agency.post("/en/calls/simulated/withdraw", {"reason": "The envelope was cut."}).status_code == 302
    assert "The envelope was cut." in page_text(Client().get("/en/calls/simulated"))
