"""Organisations that do what a need asks for, where no offer covers it."""

import pytest
from django.utils import timezone, translation

from maillage.core.actors import PUBLIC
from maillage.core.security.visibility import Visibility
from maillage.partnerships.offer_matching import OfferMatches, match_offers
from maillage.register.models import Organisation
from tests.web.clients import page_text

COMMITTEE = {
    "fr": "Nous cherchons un comité de patients pour relire notre note d'information",
    "en": "We look for a patient committee to reread the consent form of our trial",
}

pytestmark = pytest.mark.usefixtures("example")


def matches(text: str) -> OfferMatches:
    return match_offers(text, actor=PUBLIC, on=timezone.localdate(), past=False)


def keys(text: str) -> list[str]:
    return [match.organisation.key for match in matches(text).organisations]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_patients_committee_is_proposed_where_no_offer_answers(language):
    with translation.override(language):
        found = matches(COMMITTEE[language])
    assert not found.proposed
    assert [match.organisation.key for match in found.organisations] == ["comite-patients"]


def test_a_subject_of_others_leads_to_the_organisations_named_after_it():
    found = matches("Agronomy: drought-resistant wheat varieties")
    assert found.answer.nothing_fits
    assert "carnot-p2p" in [match.organisation.key for match in found.organisations]


@pytest.mark.parametrize(
    "need",
    [
        "Psoriasis in children",
        "Registry of patients with gout",
        "Phase II trial in acute pancreatitis",
        "Type 2 diabetes: mobile app and randomised trial",
    ],
)
def test_a_service_alone_brings_no_organisation_of_another_subject(need):
    assert keys(need) == []


def test_what_offers_cover_brings_no_organisations():
    found = matches("We look for paired samples of acute myeloid leukaemia at relapse.")
    covered = {concept.asked for proposed in found.proposed for concept in proposed.proposal.why.concepts}
    assert found.proposed
    assert not {concept.asked for match in found.organisations for concept in match.concepts} & covered


def test_a_hidden_organisation_is_not_proposed():
    Organisation.objects.filter(key="comite-patients").update(visibility=Visibility.ORGANISATION)
    assert keys(COMMITTEE["fr"]) == []


def test_the_page_says_why_and_carries_the_need_to_the_organisation(client):
    page = page_text(client.post("/fr/answer", {"need": COMMITTEE["fr"]}))
    assert "Des organisations qui le font" in page
    assert "Comité de patients pour la recherche clinique en cancérologie" in page
    form = page_text(client.post("/fr/needs/new?to=comite-patients", {"need": COMMITTEE["fr"], "do": "begin"}))
    assert COMMITTEE["fr"].replace("'", "&#x27;") in form or COMMITTEE["fr"] in form
    assert "Comité de patients" in form
