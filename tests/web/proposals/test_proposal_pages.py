"""Changes that readers propose: the form, the mail that confirms it, its answer, and what happens meanwhile."""

import re
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.core.actions.facts import correct_fact, withdraw_fact
from maillage.core.history import tracked_models
from maillage.core.models import Citation
from maillage.files.models import File
from maillage.notifications.models import Notice
from maillage.people.actions.own_account import erase_account
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.proposals.mails import proposer_mail
from maillage.proposals.models import Proposal, ProposalState, Proposer
from maillage.proposals.tasks import erase_old_proposers
from maillage.register.models import Organisation, Tie
from maillage.site.queries import network_name
from tests.files.sample_files import PDF
from tests.web.clients import client_for, page_text
from tests.web.facts.clients import OFFICER_ACTOR, PAGE, record, values_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_search_index")]

WRONG = "The unit moved to Paris in 2021, as its own page says."
READER = {"email": "reader@example.org", "proposer_name": "Ada"}


@pytest.fixture(autouse=True)
def _limits(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


@pytest.fixture
def register(db: None) -> None:
    record("organisations", key="unit", name_fr="L’unité", name_en="The unit", kind="research-unit", city="Lyon")
    record("organisations", key="net", name_fr="Le réseau", name_en="The network", kind="network")


def unit() -> Organisation:
    return Organisation.objects.get(key="unit")


def address(fact: Any, act: str = "propose", list_name: str = "organisations") -> str:
    return f"/en/facts/{list_name}/{fact.uid}/{act}"


def propose(client: Client, at: str, **typed: str) -> Any:
    page = client.get(at)
    assert page.status_code == 200
    return client.post(at, {**values_of(page_text(page)), **READER, "reason": WRONG, **typed})


def confirm(client: Client, proposal: Proposal) -> Any:
    """What the reader does with the mail that asks for a confirmation."""
    text = proposer_mail(proposal.proposer, "confirm").body
    link = re.search(r"https?://[^/]+(/\S*proposals/confirm/\S+)", text)
    assert link
    assert client.get(link[1]).status_code == 200
    return client.post(link[1])


def proposed(client: Client, **typed: str) -> Proposal:
    """A correction of the unit that a reader proposed and confirmed."""
    assert propose(client, address(unit()), **typed).status_code == 302
    proposal = Proposal.objects.latest("pk")
    assert confirm(client, proposal).status_code == 302
    proposal.refresh_from_db()
    return proposal


@pytest.mark.usefixtures("register")
def test_a_reader_proposes_confirms_and_is_answered(client: Client) -> None:
    manager = client_for("unit")
    record_page = page_text(client.get("/en/organisations/unit"))
    assert address(unit()) in record_page
    assert address(unit()) not in page_text(manager.get("/en/organisations/unit"))

    sent = propose(client, address(unit()), city="Paris", source_url=PAGE)
    assert sent.status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.values, proposal.before) == (
        ProposalState.UNCONFIRMED,
        {"city": "Paris", "source": [PAGE]},
        {"city": "Lyon"},
    )
    assert "Open the mail" in words(client.get(sent.url))
    assert not Notice.objects.exists()
    assert manager.get(f"/en/proposals/{proposal.pk}").status_code == 404

    confirm(client, proposal)
    assert "A change is proposed" in Notice.objects.get().subject_en
    assert "The unit" in words(manager.get("/en/proposals/"))
    page = page_text(manager.get(f"/en/proposals/{proposal.pk}"))
    assert "<del>Lyon</del>" in page
    assert "<ins>Paris</ins>" in page
    assert "reader@example.org" not in page
    assert unit().city == "Lyon"

    accepted = manager.post(f"/en/proposals/{proposal.pk}/accept", {**form_of(page), "answer": "Thank you."})
    assert accepted.status_code == 302, words(accepted)
    assert unit().city == "Paris"
    assert Citation.objects.filter(record_id=unit().pk, source__url=PAGE).exists()
    history = words(client.get("/en/organisations/unit"))
    assert f"Accept a proposal of change: Proposal {proposal.pk}" in history
    proposal.refresh_from_db()
    assert "accepted" in proposer_mail(proposal.proposer, "accepted").subject
    assert "Thank you." in words(client.get(sent.url))
    assert "<del>Lyon</del>" in page_text(manager.get(f"/en/proposals/{proposal.pk}"))


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the form that accepts a proposal."""
    form = page[page.index("/accept") : page.index("</form>", page.index("/accept"))]
    tags = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", form)]
    return {tag["name"]: unescape(tag.get("value", "")) for tag in tags if tag["name"] != "csrfmiddlewaretoken"}


@pytest.mark.usefixtures("register")
def test_a_refused_proposal_leaves_the_fact_and_says_why_in_the_language_of_its_reader(client: Client) -> None:
    manager = client_for("unit")
    at = address(unit()).replace("/en/", "/fr/")
    sent = propose(client, at, city="Paris")
    proposal = Proposal.objects.get()
    confirm(client, proposal)
    assert manager.post(f"/en/proposals/{proposal.pk}/refuse", {"reason": " "}).status_code == 422
    assert manager.post(f"/en/proposals/{proposal.pk}/refuse", {"reason": "Elle est à Lyon."}).status_code == 302
    assert unit().city == "Lyon"
    assert "Elle est à Lyon." in words(client.get(sent.url))
    proposal.refresh_from_db()
    refusal = proposer_mail(proposal.proposer, "refused")
    assert refusal.extra_headers["Content-Language"] == "fr"
    assert "Elle est à Lyon." in refusal.body
    assert f"sur le site « {network_name()} »" in refusal.body.replace("\u00a0", " ")
    assert manager.post(f"/en/proposals/{proposal.pk}/refuse", {"reason": "Again."}).status_code == 422


@pytest.mark.usefixtures("register")
def test_two_proposals_on_one_field_and_a_fact_changed_meanwhile_are_said(client: Client) -> None:
    manager = client_for("unit")
    first, second = proposed(client, city="Paris"), proposed(client, city="Nantes", email="other@example.org")
    assert "same field" in words(manager.get(f"/en/proposals/{second.pk}"))
    page = page_text(manager.get(f"/en/proposals/{first.pk}"))
    manager.post(f"/en/proposals/{first.pk}/accept", form_of(page))
    page = page_text(manager.get(f"/en/proposals/{second.pk}"))
    assert "it was “Lyon” when this was proposed" in page

    stale = form_of(page)
    correct_fact(
        actor=OFFICER_ACTOR, at=timezone.now(), list_name="organisations", fact_id=str(unit().uid),
        values={"city": "Lille"}, reason="It moved again.",
    )  # fmt: skip
    assert manager.post(f"/en/proposals/{second.pk}/accept", stale).status_code == 422
    assert unit().city == "Lille"
    page = page_text(manager.get(f"/en/proposals/{second.pk}"))
    assert manager.post(f"/en/proposals/{second.pk}/accept", form_of(page)).status_code == 302
    assert unit().city == "Nantes"


@pytest.mark.usefixtures("register")
def test_a_proposal_on_a_withdrawn_fact_is_kept_and_says_so(client: Client) -> None:
    tie = record("memberships", member="unit", of="net", role="member", **{"from": "2020"})
    at = address(tie, "propose/end", "memberships")
    assert client.post(at, {"end": "June 2025", "reason": WRONG, **READER}).status_code == 302
    proposal = Proposal.objects.get()
    confirm(client, proposal)
    withdraw_fact(
        actor=OFFICER_ACTOR, at=timezone.now(), list_name="memberships", fact_id=str(tie.uid), reason="Never signed."
    )
    manager = client_for("net")
    page = words(manager.get(f"/en/proposals/{proposal.pk}"))
    assert "Never signed." in page
    assert "June 2025" in page
    assert "Accept and write it" not in page
    assert manager.post(f"/en/proposals/{proposal.pk}/accept", {"reason": "r"}).status_code == 422


@pytest.mark.usefixtures("register")
def test_an_end_is_proposed_by_a_document(client: Client) -> None:
    tie = record("memberships", member="unit", of="net", role="member", **{"from": "2020"})
    deed = SimpleUploadedFile("deed.pdf", PDF, content_type="application/pdf")
    typed = {"end": "June 2025", "source_kind": "document", "source_title": "Deed", "source_file": deed}
    at = address(tie, "propose/end", "memberships")
    assert client.post(at, {**typed, "reason": WRONG, **READER}).status_code == 302
    proposal = Proposal.objects.get()
    confirm(client, proposal)
    manager = client_for("net")
    page = page_text(manager.get(f"/en/proposals/{proposal.pk}"))
    assert "deed.pdf" in page
    assert manager.post(f"/en/proposals/{proposal.pk}/accept", form_of(page)).status_code == 302
    citation = Citation.objects.get()
    assert (citation.source.title, citation.source.digest) == ("Deed", File.objects.first().content.digest)
    assert "deed.pdf" in page_text(manager.get(tie.get_absolute_url()))


@pytest.mark.usefixtures("register")
def test_an_error_told_in_words_is_corrected_in_the_form_of_the_fact(client: Client) -> None:
    report = client.get("/en/reports/new/organisations/unit")
    assert report.url == address(unit())
    proposal = proposed(client)
    assert proposal.is_in_words
    manager = client_for("unit")
    amend = f"/en/proposals/{proposal.pk}/amend"
    typed = values_of(page_text(manager.get(amend)))
    assert manager.post(amend, {**typed, "city": "Paris"}).status_code == 302
    proposal.refresh_from_db()
    assert (unit().city, proposal.state, proposal.written) == ("Paris", "accepted", {"city": "Paris"})


@pytest.mark.usefixtures("register")
def test_what_is_proposed_is_changed_before_it_is_accepted(client: Client) -> None:
    proposal = proposed(client, city="Pariss")
    manager = client_for("unit")
    amend = f"/en/proposals/{proposal.pk}/amend"
    typed = values_of(page_text(manager.get(amend)))
    assert (typed["city"], typed["initial-city"]) == ("Pariss", "Lyon")
    assert manager.post(amend, {**typed, "city": "Paris"}).status_code == 302
    assert unit().city == "Paris"
    answered = words(manager.get(f"/en/proposals/{proposal.pk}"))
    assert "Lyon → Pariss" in answered
    assert "written otherwise than proposed" in answered


@pytest.mark.usefixtures("register")
def test_a_new_fact_is_proposed_to_the_officers_if_nobody_acts(client: Client) -> None:
    officer = User.objects.create(email="officer@example.org", name="O", is_officer=True)
    at = "/en/facts/memberships/propose"
    sent = propose(client, at, member="unit", of="net", role="member", **{"from": "2020"})
    assert sent.status_code == 302, words(sent)
    proposal = Proposal.objects.get()
    confirm(client, proposal)
    assert Notice.objects.get().person == officer
    officers = Client()
    officers.force_login(officer)
    page = page_text(officers.get(f"/en/proposals/{proposal.pk}"))
    assert officers.post(f"/en/proposals/{proposal.pk}/accept", form_of(page)).status_code == 302
    assert Tie.objects.get().period_start == "2020"
    proposal.refresh_from_db()
    assert proposal.fact_uid == Tie.objects.get().uid


@pytest.mark.usefixtures("register")
def test_others_neither_read_nor_answer_a_proposal(client: Client) -> None:
    proposal = proposed(client, city="Paris")
    stranger = client_for("net")
    assert stranger.get(f"/en/proposals/{proposal.pk}").status_code == 404
    assert stranger.post(f"/en/proposals/{proposal.pk}/accept", {"reason": "r"}).status_code == 404
    assert client.get("/en/proposals/")["Location"] == "/en/sign-in?next=/en/proposals/"
    assert client.get("/en/proposals/follow/nothing").status_code == 404
    assert "Paris" not in words(stranger.get("/en/proposals/"))


@pytest.mark.usefixtures("register")
def test_who_proposes_takes_it_back_and_fields_of_officers_are_not_theirs(client: Client) -> None:
    page = page_text(client.get(address(unit())))
    assert 'name="visibility"' not in page
    assert 'name="key"' not in page
    proposal = proposed(client, city="Paris")
    follow = propose(client, address(unit()), city="Nice").url
    assert client.post(f"{follow}/take-back").status_code == 302
    assert Proposal.objects.get(values={"city": "Nice"}).state == ProposalState.TAKEN_BACK
    proposal.refresh_from_db()
    assert proposal.is_open


@pytest.mark.usefixtures("register")
def test_an_address_proposes_so_much_a_day(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"proposed_without_account": "3/d/ip,2/d/key"}
    sent = [propose(client, address(unit()), city="Paris").status_code for _number in range(3)]
    assert sent == [302, 302, 422]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert propose(elsewhere, address(unit()), city="Paris").status_code == 422
    assert propose(elsewhere, address(unit()), city="Paris", email="other@example.org").status_code == 302


@pytest.mark.usefixtures("register")
def test_a_document_comes_with_a_proposal_and_stays_with_the_fact(client: Client) -> None:
    document = SimpleUploadedFile("lease.pdf", PDF, content_type="application/pdf")
    source = {"source_kind": "document", "source_title": "The lease", "source_file": document}
    proposal = proposed(client, city="Paris", **source)
    manager = client_for("unit")
    page = f"/en/proposals/{proposal.pk}"
    assert "lease.pdf" in page_text(manager.get(page))
    assert b"".join(manager.get(f"{page}/document").streaming_content) == PDF
    assert "/sign-in?" in client.get(f"{page}/document").url
    assert client_for("net").get(f"{page}/document").status_code == 404
    assert "Attached already: lease.pdf." in words(manager.get(f"{page}/amend"))
    assert manager.post(f"{page}/accept", form_of(page_text(manager.get(page)))).status_code == 302
    citation = Citation.objects.get(source__title="The lease")
    assert not citation.accepted
    kept = File.objects.get()
    assert (kept.record_kind, kept.visibility) == ("core.source", "organisation")
    assert "lease.pdf" in page_text(manager.get("/en/organisations/unit"))
    assert "lease.pdf" not in page_text(client.get("/en/organisations/unit"))
    Proposal.objects.update(decided_at=timezone.now() - timezone.timedelta(days=100))
    erase_old_proposers(0)
    history = dict(tracked_models())[File]
    assert history.objects.filter(record_kind="core.source").exists()
    assert not history.objects.filter(record_kind=Proposal.kind_name()).exists()


@pytest.mark.usefixtures("register")
def test_the_document_of_an_erased_account_goes_with_its_proposal() -> None:
    document = SimpleUploadedFile("lease.pdf", PDF, content_type="application/pdf")
    source = {"source_kind": "document", "source_title": "The lease", "source_file": document}
    assert propose(client_for("net", "lead"), address(unit()), city="Paris", **source).status_code == 302
    proposal, person = Proposal.objects.get(), User.objects.get(email="lead-net@example.org")
    erase_account(actor=actor_of(person, timezone.now()), at=timezone.now())
    refused = client_for("unit").post(f"/en/proposals/{proposal.pk}/refuse", {"reason": "It did not move."})
    assert refused.status_code == 302
    Proposal.objects.update(decided_at=timezone.now() - timezone.timedelta(days=100))
    erase_old_proposers(0)
    assert not File.objects.exists()
    assert not dict(tracked_models())[File].objects.exists()


@pytest.mark.usefixtures("register")
def test_a_document_that_nobody_confirmed_is_deleted(client: Client) -> None:
    document = SimpleUploadedFile("lease.pdf", PDF, content_type="application/pdf")
    source = {"source_kind": "document", "source_title": "The lease", "source_file": document}
    assert propose(client, address(unit()), city="Paris", **source).status_code == 302
    assert File.objects.get().visibility == "named"
    Proposal.objects.update(proposed_at=timezone.now() - timezone.timedelta(days=8))
    erase_old_proposers(0)
    assert not File.objects.exists()


@pytest.mark.usefixtures("register")
def test_who_proposed_is_erased_and_what_was_not_confirmed_is_deleted(client: Client) -> None:
    long_ago = timezone.now() - timezone.timedelta(days=100)
    answered = proposed(client, city="Paris")
    Proposal.objects.filter(pk=answered.pk).update(state="refused", decided_at=long_ago)
    propose(client, address(unit()), city="Nice")
    Proposal.objects.filter(state="unconfirmed").update(proposed_at=long_ago)
    assert erase_old_proposers(0)
    assert list(Proposal.objects.values_list("pk", flat=True)) == [answered.pk]
    assert not Proposer.objects.exists()
    assert not mail.outbox
