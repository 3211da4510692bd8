"""A process of one's own: copied, changed beside its drawing, published, and opened."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.workflow.models import Case, ProcessDefinition
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.hidden_records import create_person
from tests.web.clients import page_text, page_words

pytestmark = pytest.mark.django_db
COPY = {"copy": "correction", "name": "welcome", "title_fr": "Accueil", "title_en": "Welcome: a visitor"}


@pytest.fixture
def officer() -> Client:
    publish_shipped_definitions(timezone.now())
    client = Client()
    client.force_login(create_person("Officer", is_officer=True))
    return client


def copied_text(officer: Client) -> str:
    page = page_text(officer.get("/en/processes/new", COPY))
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert area
    assert "<svg" in page
    return area[1].replace("&quot;", '"').replace("&#x27;", "'").strip() + "\n"


def test_a_copy_has_its_own_name_and_title_and_is_published_as_a_first_version(officer: Client) -> None:
    assert "/en/processes/new" in page_text(officer.get("/en/processes/"))
    text = copied_text(officer).replace("roles: [reader]", "roles: [officer]")
    assert text.startswith("process: welcome\n")
    tried = officer.post("/en/processes/new", {"text": text, "do": "try"})
    assert "Welcome: a visitor" in page_text(tried)
    officer.post("/en/processes/new", {"text": text, "do": "publish", "reason": "For visitors."})
    published = ProcessDefinition.objects.get(name="welcome")
    assert (published.version, published.reason) == (1, "For visitors.")
    assert ProcessDefinition.objects.filter(name="correction").count() == 1


def test_a_case_of_it_is_opened_on_its_page(officer: Client) -> None:
    text = copied_text(officer).replace("roles: [reader]", "roles: [officer]")
    officer.post("/en/processes/new", {"text": text, "do": "publish", "reason": "For visitors."})
    assert "Open a case" in page_words(officer, "/en/processes/welcome/")
    assert "Open a case" not in page_words(officer, "/en/processes/correction/")
    answer = officer.post("/en/processes/welcome/open", {"title": "A guest in May"})
    assert Case.objects.get().title == "A guest in May"
    assert answer.url == f"/en/cases/{Case.objects.get().pk}"
    assert officer.post("/en/processes/correction/open", {"title": "x"}).status_code == 404


def test_a_name_that_is_taken_is_refused(officer: Client) -> None:
    assert officer.get("/en/processes/new", COPY | {"name": "need"}).status_code == 422
    assert officer.get("/en/processes/new", COPY | {"name": "Not a name"}).status_code == 422
    text = copied_text(officer).replace("process: welcome", "process: need")
    refused = officer.post("/en/processes/new", {"text": text, "do": "publish", "reason": "r"})
    assert "A process “need” exists" in page_text(refused)


def test_the_preview_draws_the_text_or_shows_each_fault_with_its_line(officer: Client) -> None:
    text = copied_text(officer)
    assert "<svg" in page_text(officer.post("/en/processes/preview", {"text": text}))
    number = text.splitlines().index("    to: accepted") + 1
    page = page_text(officer.post("/en/processes/preview", {"text": text.replace("to: accepted", "to: nowhere")}))
    assert f"Line {number}: “nowhere” is not known here" in page
    assert re.search(rf"{number}</span>\s+to: nowhere", page)
    assert "<svg" not in page


def test_only_officers_make_processes() -> None:
    assert Client().get("/en/processes/new").status_code == 403
    assert Client().post("/en/processes/preview", {"text": "x"}).status_code == 403
