"""The requester's pages of erasure, links that have ended, and what other pages say of how long data is kept."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.partnerships.access_tokens import LINK_LIFETIME, make_need_token
from maillage.partnerships.actions.erasures import erase_requester, replay_erasures
from maillage.partnerships.actions.requester import withdraw_need
from maillage.partnerships.models import Need, Requester
from maillage.partnerships.tasks import mail_requester
from maillage.site.actions.site_settings import save_site_settings, write_site_text
from tests.hidden_records import create_person
from tests.partnerships.sample_needs import ASKER, create_sample_network, state_sample_need
from tests.web.clients import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(db, tmp_path: Path, settings) -> Need:
    settings.DATA = tmp_path
    return state_sample_need(create_sample_network(), at=timezone.now())


def close(need: Need, at: dt.datetime | None = None) -> None:
    withdraw_need(actor=PUBLIC, at=at or timezone.now(), need_id=need.pk)


def mailed_link(mailoutbox, need: Need, kind: str) -> str:
    """The link of the mail of a kind, as the worker sends it."""
    mail_requester.func(None, need.pk, kind)
    assert mailoutbox[-1].to == [ASKER.email]
    return "/en" + re.search(r"https?://[^/\s]+/fr(/\S+)", mailoutbox[-1].body)[1]


def test_an_open_need_offers_to_be_withdrawn_first(client: Client, need):
    token = make_need_token(need)
    follow = page_text(client.get(f"/en/needs/follow/{token}"))
    assert "3 years after the last step" in follow
    assert f"/en/needs/follow/{token}/erase" in follow
    page = page_text(client.get(f"/en/needs/follow/{token}/erase"))
    assert "withdraw it first" in page
    assert f'action="/en/needs/follow/{token}/withdraw"' in page
    assert "Send me the link" not in page


def test_a_requester_is_erased_by_the_link_in_a_mail_and_by_its_button(client: Client, need, mailoutbox):
    close(need)
    token = make_need_token(need)
    assert "Send me the link" in page_text(client.get(f"/en/needs/follow/{token}/erase"))
    asked = client.post(f"/en/needs/follow/{token}/erase", follow=True)
    assert "A mail is on its way" in page_text(asked)
    link = mailed_link(mailoutbox, need, "erase")
    assert "comment le retirer" not in mailoutbox[-1].body
    assert "Erase it now" in page_text(client.get(link))
    assert Requester.objects.get().email
    assert "It is done" in page_text(client.post(link, follow=True))
    assert not Requester.objects.get().email
    ended = client.get(f"/en/needs/follow/{token}")
    assert ended.status_code == 410
    assert "This need is erased" in page_text(ended)
    written = client.post(f"/en/needs/follow/{token}/write", {"text": "Hello"})
    assert written.status_code == 404
    assert "what was written about it, is erased" in page_text(written)
    assert "sign in" not in page_text(written)


def test_a_link_of_a_page_does_not_erase(client: Client, need):
    close(need)
    wrong = client.post(f"/en/needs/erase/{make_need_token(need, mailed=True)}")
    assert wrong.status_code == 404
    assert "older than a week; ask for another one" in page_text(wrong)
    assert Requester.objects.get().email


def test_an_old_link_ends_long_after_the_need_and_a_new_one_is_mailed(client: Client, need, mailoutbox, monkeypatch):
    before = timezone.now() - LINK_LIFETIME - dt.timedelta(days=1)
    Need.objects.update(stated_at=before)
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", before.timestamp)
        old = make_need_token(need)
    assert client.get(f"/en/needs/follow/{old}").status_code == 200
    close(need, before)
    ended = client.get(f"/en/needs/follow/{old}")
    assert ended.status_code == 410
    assert "Mail me a new link" in page_text(ended)
    assert "on its way" in page_text(client.post(f"/en/needs/follow/{old}/new-link", follow=True))
    assert client.get(mailed_link(mailoutbox, need, "link")).status_code == 200


def test_the_institute_reads_that_who_asked_is_erased(need):
    close(need)
    erase_requester(actor=PUBLIC, at=timezone.now(), need_id=need.pk)
    officer = Client()
    officer.force_login(create_person("Officer", is_officer=True))
    page = page_text(officer.get(f"/en/needs/{need.key}"))
    assert "names, words, letters and files are gone" in page
    assert "the figures of the need stay" in page
    replay_erasures(actor=SYSTEM, at=timezone.now(), erasures={"elsewhere": dt.date(2026, 1, 5)})
    listed = page_text(officer.get("/en/needs/erasures"))
    assert f'href="/en/needs/{need.key}"' in listed
    assert "elsewhere" in listed
    assert "/needs/elsewhere" not in listed
    assert (
        officer.get("/en/needs/erasures?format=csv").content.decode().endswith(f"\n{need.key},{timezone.localdate()}\n")
    )


def test_an_officer_erases_for_whoever_no_longer_reads_the_address(client: Client, need):
    officer, address = Client(), f"/en/needs/{need.key}/erase"
    officer.force_login(create_person("Officer", is_officer=True))
    assert "Erase it now" not in page_text(officer.get(address))
    assert "withdraw it first" in page_text(officer.post(address))
    assert "Erase it now" in page_text(officer.post(address, {"withdraw": ""}, follow=True))
    assert address in page_text(officer.get(f"/en/needs/{need.key}"))
    assert "Who stated this need is erased" in page_text(officer.post(address, follow=True))
    assert not Requester.objects.get().email
    assert client.post(address).status_code in (302, 403)


def test_others_than_officers_do_not_read_the_list_of_erasures(client: Client, need):
    assert client.get("/en/needs/erasures").status_code in (302, 403)


@pytest.mark.parametrize(("language", "words"), [("en", "erased 5 years after"), ("fr", "effacés 5 ans après")])
def test_pages_say_the_delay_that_officers_have_set(client: Client, need, language, words):
    save_site_settings(actor=SYSTEM, at=timezone.now(), changes={"requester_years": "5"})
    write_site_text(actor=SYSTEM, at=timezone.now(), kind="privacy", text_en="Yours.", text_fr="Les vôtres.")
    for page in (f"needs/follow/{make_need_token(need)}", "needs/new", "site/texts/privacy"):
        assert words in page_text(client.get(f"/{language}/{page}"))
