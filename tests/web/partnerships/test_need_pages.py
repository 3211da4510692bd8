"""The pages of needs, from the statement to the answer, for each kind of reader."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.core.actors import PUBLIC
from maillage.files.models import Content
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.models import Answer, Need, TeamRequest
from maillage.partnerships.need_inputs import RequestedCapabilityInput, RequesterInput
from maillage.people.models import Mandate
from maillage.register.models import Organisation
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.files import sample_files as made
from tests.web.clients import client_for, get_organisation, page_text

TEXT = "A bispecific antibody in adult AML: phase I/II, measurable residual disease, paired samples at relapse."
FORM = {"text": TEXT, "organisation": "A small company", "email": "company@example.org", "is_enterprise": "on",
        "confidential": "on"}  # fmt: skip

SIGNED = {"signer_name": "Claire", "signer_function": "Partnerships", "signer_contact": "+33 1 00 00 00 00"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture(autouse=True)
def _in_force(example) -> None:
    publish_shipped_definitions(timezone.now())


@pytest.fixture
def need() -> Need:
    asked = [RequestedCapabilityInput(key) for key in ("bispecific-antibody", "phase-1", "aml", "paired-samples")]
    asker = RequesterInput("A small company", "company@example.org", "The scientific director")
    stated = state_need(
        actor=PUBLIC, at=timezone.now(), text=TEXT, asker=asker, addressee_id=get_organisation("opale").pk, asked=asked
    )
    return stated.need


@pytest.mark.parametrize(("language", "understood"), [("en", "What we understand"), ("fr", "Ce que nous comprenons")])
def test_what_is_understood_appears_as_one_types(client: Client, language, understood):
    page = page_text(client.get(f"/{language}/needs/new"))
    assert f'hx-post="/{language}/needs/matches"' in page
    found = page_text(client.post(f"/{language}/needs/matches", {"text": TEXT}))
    assert understood in found
    assert 'name="cap:bispecific-antibody"' in found
    assert "FILOthèque" in found or "BRC" in found or "biological resource" in found


def test_what_was_weighed_stays_weighed(client: Client):
    found = page_text(client.post("/en/needs/matches", {"text": TEXT, "cap:mrd": "wished", "cap:aml": "no"}))
    assert re.search(r'name="cap:mrd">.*?value="wished" selected', found, re.DOTALL)
    assert re.search(r'name="cap:aml">.*?value="no" selected', found, re.DOTALL)


def test_a_need_is_stated_without_an_account_and_followed_by_its_link(client: Client):
    weighed = {"cap:bispecific-antibody": "essential", "cap:mrd": "wished", "cap:aml": "no", "cap:forged": "essential"}
    sent = client.post(
        "/en/needs/new", FORM | weighed | {"addressee": get_organisation("opale").pk, "more": "single cell sequencing"}
    )
    assert sent.status_code == 302
    page = client.get(sent.headers["Location"])
    assert "An answer is promised by" in page_text(page)
    assert page.headers["Referrer-Policy"] == "same-origin"
    need = Need.objects.get()
    asked = dict(need.asked.values_list("concept", "essential"))
    assert asked.pop("bispecific-antibody") is True
    assert asked.pop("mrd") is False
    assert "aml" not in asked
    assert "forged" not in asked


def test_capabilities_are_found_without_script(client: Client):
    client.post("/en/needs/new", FORM | {"addressee": get_organisation("opale").pk})
    assert set(Need.objects.get().asked.values_list("concept", flat=True)) >= {"bispecific-antibody", "aml", "mrd"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "AML"}, "Say in a sentence or two"),
        ({"email": "nobody"}, "valid email"),
        ({"organisation": ""}, "This field is required"),
        ({"trl_low": 7, "trl_high": 2}, "exchange the two"),
        ({"start_on": "2020-01-01"}, "in the past"),
        ({"countries": ["DE"], "regions": ["FR-IDF"]}, "lie outside the countries"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_lost(client: Client, change, said):
    sent = client.post("/en/needs/new", FORM | {"addressee": get_organisation("opale").pk} | change)
    assert sent.status_code == 422
    assert said in page_text(sent)
    assert (change.get("text") or TEXT) in page_text(sent)
    assert not Need.objects.exists()


def test_a_third_language_is_told(client: Client):
    spanish = (
        "Buscamos un laboratorio para la caracterización de anticuerpos en la leucemia mieloide aguda con muestras."
    )
    assert "does not read as French or English" in page_text(client.post("/en/needs/matches", {"text": spanish}))


def test_a_very_long_need_is_read(client: Client):
    long = (TEXT + " ") * 1_000
    assert len(long) > 100_000
    assert (
        client.post("/en/needs/new", FORM | {"text": long, "addressee": get_organisation("opale").pk}).status_code
        == 302
    )


def test_a_wrong_link_opens_nothing(client: Client, need):
    token = make_need_token(need)
    assert client.get(f"/en/needs/follow/{token}").status_code == 200
    for wrong in (token[:-1], token + "x", "1", make_need_token(Need(pk=need.pk + 1))):
        assert client.get(f"/en/needs/follow/{wrong}").status_code == 404


def test_strangers_do_not_read_it(client: Client, need):
    pages = ("team", "compare", "ask", "answer", "redirect", "decline", "specify")
    for visitor in (client, client_for("calym"), client_for("alfa", "lead")):
        for address in (f"/en/needs/{need.key}", *(f"/en/needs/{need.key}/{page}" for page in pages)):
            answer = visitor.get(address)
            leads_to_sign_in = answer.headers.get("Location") == f"/en/sign-in?next={address}"
            assert leads_to_sign_in if visitor is client else answer.status_code == 404
        assert need.title not in page_text(visitor.get("/en/needs/"))


def test_the_institute_composes_a_team_and_answers(client: Client, need):
    manager = client_for("opale")
    page = page_text(manager.get(f"/en/needs/{need.key}"))
    assert "A small company" in page
    assert "Compose a team" in page
    team = page_text(manager.get(f"/en/needs/{need.key}/team"))
    assert "The best team, proven" in team
    [query] = set(re.findall(r'/answer\?([^"]+)"[^>]*>Answer with this team</a>\s*<a', team))
    form = page_text(manager.get(f"/en/needs/{need.key}/answer?{query}"))
    # The letter begins in the language of the requester, whatever that of the page.
    assert "Merci de nous avoir confié votre besoin" in form
    sent = manager.post(
        f"/en/needs/{need.key}/answer?{query}", SIGNED | {"letter": "Dear colleague,\n\nhere is our team."}
    )
    assert sent.status_code == 302
    followed = page_text(client.get(f"/en/needs/follow/{make_need_token(need)}"))
    assert "here is our team" in followed
    assert "The team we propose" in followed
    letter = client.get(f"/en/needs/follow/{make_need_token(need)}/letter/{Answer.objects.get().pk}")
    assert letter.content.startswith(b"%PDF")
    again = manager.post(f"/en/needs/{need.key}/answer?{query}", SIGNED | {"letter": "Once more."})
    assert "by now; reload its page" in page_text(again)
    assert Answer.objects.count() == 1


def test_what_cannot_hold_together_is_named(need):
    manager = client_for("opale")
    terms = {"countries": ["PT"], "cap:bispecific-antibody": "essential", "cap:paired-samples": "essential"}
    assert manager.post(f"/en/needs/{need.key}/specify", terms).status_code == 302
    page = page_text(manager.get(f"/en/needs/{need.key}/team"))
    assert "No team meets all of this" in page
    assert "the countries asked for" in page


def test_offers_stand_side_by_side(need):
    manager = client_for("opale")
    team = page_text(manager.get(f"/en/needs/{need.key}/team"))
    [query] = set(re.findall(r'/compare\?([^"]+)"', team))
    page = page_text(manager.get(f"/en/needs/{need.key}/compare?{query}"))
    assert page.count('<th scope="col">') >= 2
    assert 'class="level-3"' in page


def test_teams_are_asked_and_reply_without_knowing_who_asks(need):
    manager, lead = client_for("opale"), client_for("alfa", "lead")
    page = page_text(manager.get(f"/en/needs/{need.key}/ask"))
    offer = re.search(r'name="offers" value="(\d+)"[^>]*>\s*[^<]*\(ALFA\)', page)
    assert offer
    manager.post(f"/en/needs/{need.key}/ask", {"offers": [offer[1]], "message": "Are you free in the autumn?"})
    assert need.title in page_text(lead.get("/en/requests/"))
    request = TeamRequest.objects.get()
    asked = page_text(lead.get(f"/en/requests/{request.pk}"))
    assert "Are you free in the autumn?" in asked
    for page in (asked, page_text(lead.get(f"/en/needs/{need.key}"))):
        assert "A small company" not in page
        assert "company@example.org" not in page
    lead.post(f"/en/requests/{request.pk}", {"takes_part": "yes", "free_from": "2027-01-04", "note": "With pleasure."})
    assert "With pleasure." in page_text(manager.get(f"/en/needs/{need.key}"))
    assert client_for("filo", "lead").get(f"/en/requests/{request.pk}").status_code == 404


def test_it_is_passed_on_and_the_requester_sees_both(client: Client, need):
    manager = client_for("opale")
    calym = Organisation.objects.get(key="calym")
    page = page_text(manager.get(f"/en/needs/{need.key}/redirect"))
    assert "CALYM" in page
    manager.post(f"/en/needs/{need.key}/redirect", {"organisation": calym.pk, "letter": "CALYM knows lymphoma better."})
    link = f"/en/needs/follow/{make_need_token(need)}"
    followed = page_text(client.get(link))
    assert "CALYM knows lymphoma better." in followed
    assert "only once the requester says yes" in page_text(manager.get(f"/en/needs/{need.key}"))
    # The need is confidential: the question comes before all else.
    assert followed.index("May your need go on?") < followed.index('class="stages"')
    followed = page_text(client.post(f"{link}/pass-on", {"agrees": "yes"}, follow=True))
    assert followed.count('class="stages"') == 2


def test_a_requester_rates_complains_and_withdraws_by_the_link(client: Client, need):
    link = f"/en/needs/follow/{make_need_token(need)}"
    manager = client_for("opale")
    page = page_text(manager.get(f"/en/needs/{need.key}/decline"))
    (network,) = re.findall(r'name="pass_on_to" value="(\d+)"', page)
    reason = "Nobody in our network treats this."
    manager.post(f"/en/needs/{need.key}/decline", {"reason": reason, "pass_on_to": network})
    assert "May your need go on?" in page_text(client.get(link))
    client.post(f"{link}/pass-on", {"agrees": "yes"})
    assert "Nobody in our network treats this." in page_text(client.get(link))
    assert client.post(f"{link}/rate", {"score": 2, "comment": "Short."}, follow=True).status_code == 200
    assert "2 out of 5" in page_text(client.get(link))
    assert client.post(f"{link}/complain", {"text": "x"}).status_code == 422
    client.post(f"{link}/complain", {"text": "ALFA has such an offer on your own pages."})
    assert "ALFA has such an offer" in page_text(client.get(link))
    # The network has it now, with a day of its own; once withdrawn there is nothing to withdraw any more.
    assert page_text(client.get(link)).count("An answer is promised by") == 1
    client.post(f"{link}/withdraw", {})
    assert "dealt with already" in page_text(client.post(f"{link}/withdraw", {}, follow=True))


def test_letters_set_hostile_text_as_text(need):
    from maillage.partnerships.actions.answers import answer_need
    from maillage.partnerships.letters import answer_letter_pdf
    from maillage.partnerships.need_inputs import ProposedOfferInput
    from maillage.people.queries import actor_of

    client_for("opale")
    mandate = Mandate.objects.get(person__email="manager-opale@example.org")
    actor = actor_of(mandate.person, timezone.now(), mandate.pk)
    offer = Organisation.objects.get(key="alfa").offers.first()
    hostile = '#read("/etc/passwd") #panic("no") $x$ \\ `raw` <label> @ref \n\n= Heading'
    answer = answer_need(
        actor=actor, at=timezone.now(), need_id=need.pk, letter=hostile, team=[ProposedOfferInput(offer.pk, [])]
    )
    for language in ("fr", "en"):
        assert answer_letter_pdf(answer, language).startswith(b"%PDF")


def test_mails_wait_for_the_worker(need):
    assert mail.outbox == []


def test_what_is_attached_is_read_by_those_who_answer_and_not_by_the_teams(client: Client, need):
    link = f"/en/needs/follow/{make_need_token(need)}"
    page = page_text(client.post(f"{link}/attach", {"file": SimpleUploadedFile("protocol.pdf", made.PDF)}, follow=True))
    assert "protocol.pdf" in page
    own = client.get(re.search(rf"{re.escape(link)}/files/\d+", page)[0])
    assert b"".join(own.streaming_content) == made.PDF
    manager = client_for("opale")
    address = re.search(r"/en/files/\d+/protocol.pdf", page_text(manager.get(f"/en/needs/{need.key}")))[0]
    assert manager.get(address).status_code == 200
    offer = Organisation.objects.get(key="alfa").offers.first()
    manager.post(f"/en/needs/{need.key}/ask", {"offers": [offer.pk]})
    lead = client_for("alfa", "lead")
    assert "protocol.pdf" not in page_text(lead.get(f"/en/needs/{need.key}"))
    assert {lead.get(address).status_code, client.get(address).status_code} == {404}


def test_what_is_attached_goes_on_with_the_need(client: Client, need):
    link = f"/en/needs/follow/{make_need_token(need)}"
    client.post(f"{link}/attach", {"file": SimpleUploadedFile("protocol.pdf", made.PDF)})
    calym = Organisation.objects.get(key="calym")
    client_for("opale").post(
        f"/en/needs/{need.key}/redirect", {"organisation": calym.pk, "letter": "CALYM knows better."}
    )
    client.post(f"{link}/pass-on", {"agrees": "yes"})
    page = page_text(client_for("calym").get(f"/en/needs/{need.key}"))
    assert page.count(">protocol.pdf<") == 1
    assert Content.objects.count() == 1


def test_a_need_with_a_file_that_is_not_taken_is_sent_all_the_same(client: Client):
    sent = {
        **FORM,
        "addressee": get_organisation("opale").pk,
        "file": SimpleUploadedFile("tool.exe", b"MZ" + bytes(400)),
    }
    page = page_text(client.post("/en/needs/new", sent, follow=True))
    assert "Your need is sent, but not its file" in page
    sent["file"] = SimpleUploadedFile("protocol.pdf", made.PDF)
    assert "protocol.pdf" in page_text(client.post("/en/needs/new", sent, follow=True))
    assert Need.objects.count() == 2


def test_a_team_reads_neither_the_letter_nor_what_others_replied(need):
    manager, alfa, filo = client_for("opale"), client_for("alfa", "lead"), client_for("filo", "lead")
    offers = [get_organisation(key).offers.first().pk for key in ("alfa", "filo")]
    manager.post(f"/en/needs/{need.key}/ask", {"offers": offers, "message": ""})
    asked = {one.offer.provider.key: one.pk for one in TeamRequest.objects.select_related("offer__provider")}
    filo.post(f"/en/requests/{asked['filo']}", {"takes_part": "no", "note": "Not with ALFA."})
    letter = SIGNED | {"letter": "Dear Ms Secret,\r\n\r\nhere we are."}
    sent = manager.post(f"/en/needs/{need.key}/answer?offer={offers[0]}", letter)
    assert sent.status_code == 302
    page = page_text(alfa.get(f"/en/needs/{need.key}"))
    assert "Not with ALFA." not in page
    assert "Dear Ms Secret" not in page
    assert "Not with ALFA." in page_text(manager.get(f"/en/needs/{need.key}"))
    assert "Not with ALFA." in page_text(filo.get(f"/en/needs/{need.key}"))


def test_nobody_makes_a_need_public(need):
    manager = client_for("opale")
    page = page_text(manager.get(f"/en/needs/{need.key}"))
    assert 'name="visibility"' not in page
    sent = manager.post(f"/en/visibility/needs/{need.pk}", {"visibility": "public", "reason": "Why not?"})
    assert sent.status_code in (403, 404)
    need.refresh_from_db()
    assert need.visibility == "organisation"


def test_the_last_words_typed_count_though_their_weights_were_not_shown_yet(client: Client):
    shown = {"addressee": get_organisation("opale").pk, "cap:bispecific-antibody": "wished"}
    assert client.post("/en/needs/new", FORM | shown).status_code == 302
    asked = dict(Need.objects.get().asked.values_list("concept", "essential"))
    assert asked["bispecific-antibody"] is False
    assert {"mrd", "paired-samples"} <= set(asked)


def test_without_script_one_sees_who_answers_before_sending(client: Client):
    page = client.post("/en/needs/new", FORM | {"addressee": get_organisation("opale").pk, "do": "look"})
    assert page.status_code == 200
    assert 'name="cap:bispecific-antibody"' in page_text(page)
    assert not Need.objects.exists()
