"""Parts of pages that their script asks for: refused, or led elsewhere, they never hold a whole page."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from maillage.people.models import User
from maillage.web.fragments import NOTICES

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true", "HX-Current-URL": "http://testserver/en/calls/x/ranking?sort=score"}


def test_a_part_that_is_asked_for_again_and_again_ends_with_the_session(client: Client):
    answer = client.get("/en/desk", headers=SCRIPT)
    assert answer.status_code == 286
    assert (answer["HX-Retarget"], answer["HX-Reselect"]) == ("#trouble", "unset")
    page = answer.content.decode()
    assert "You are signed out" in page
    assert 'href="/en/sign-in?next=/en/calls/x/ranking%3Fsort%3Dscore"' in page
    assert "<html" not in page


def test_what_is_sent_after_the_session_ended_is_refused_above_the_page(client: Client):
    answer = client.post("/en/processes/preview", {"text": "x"}, headers=SCRIPT)
    assert answer.status_code == 401
    assert "You are signed out" in answer.content.decode()


def test_a_part_that_leads_to_another_page_leads_the_whole_page_there(client: Client):
    client.force_login(User.objects.create(email="officer@example.org", name="O", is_officer=True))
    answer = client.get("/en/facts/organisations/sheet/preview", headers=SCRIPT)
    assert answer["HX-Redirect"].endswith("/en/facts/organisations/sheet")
    assert answer.content == b""


def test_a_form_that_is_refused_is_a_notice_above_the_page_and_no_second_page(client: Client):
    answer = client.post("/fr/sign-in", {"username": "nobody", "password": "wrong"}, headers=SCRIPT)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#trouble")
    page = answer.content.decode()
    assert "<html" not in page
    assert "Ce que vous avez saisi reste ici" in page


def test_a_day_that_cannot_be_read_is_said_above_the_page(client: Client):
    answer = client.get("/en/organisations/?on=tomorrow", headers=SCRIPT)
    assert (answer.status_code, answer["HX-Retarget"]) == (400, "#trouble")
    assert "This address cannot be read" in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(("language", "lost"), [("en", "The connection is lost"), ("fr", "La connexion est perdue")])
def test_each_page_has_the_words_for_what_does_not_reach_the_site(client: Client, language: str, lost: str):
    page = client.get(f"/{language}/sign-in").content.decode()
    assert set(re.findall('data-trouble="([^"]+)"', page)) == set(NOTICES)
    assert lost in page


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/page", "javascript:alert(1)", ""])
def test_signing_in_leads_back_to_this_site_alone(client: Client, elsewhere: str):
    answer = client.get("/en/desk", headers=SCRIPT | {"HX-Current-URL": elsewhere})
    assert 'next=/en/desk"' in answer.content.decode()


@pytest.mark.parametrize("path", ["//evil.example/page", "/\\evil.example/page", "/\\/evil.example"])
def test_no_address_of_this_site_is_read_as_that_of_another(client: Client, path: str):
    answer = client.get("/en/desk", headers=SCRIPT | {"HX-Current-URL": f"http://testserver{path}"})
    [back] = re.findall(r"next=([^\"]*)", answer.content.decode())
    assert unquote(back).replace("\\", "/")[:2] != "//"
    assert "evil.example" in back


@pytest.mark.parametrize("path", ["//evil.example/en/", "////evil.example/en/", "/\\evil.example/en/"])
def test_an_address_that_begins_with_several_slashes_leads_to_this_site(client: Client, path: str):
    answer = client.generic("GET", "/en/", PATH_INFO=path, QUERY_STRING="sort=name")
    assert (answer.status_code, answer["Location"]) == (302, "/evil.example/en/?sort=name")


def test_who_was_signed_out_while_a_form_was_open_comes_back_to_its_page(client: Client):
    headers = {"Referer": "http://testserver/en/needs/42"}
    page = client.post("/en/needs/42/remind", headers=headers).content.decode()
    assert 'href="/en/sign-in?next=/en/needs/42"' in page
