"""Endpoint that ranks the parties of past projects for a need, as the pages do."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, NinjaAPI, Schema
from pydantic import ConfigDict, Field

from maillage.api.authentication import Bearer, reading_context
from maillage.api.models import TokenScope
from maillage.api.problems import ProblemError
from maillage.api.schemas import PROBLEMS, ReadNow
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.offer_matching import partners_from_past_projects
from maillage.projects.models import Party
from maillage.projects.queries import RANKED_FUNDER, NearParty

_MAX_TEXT, _MAX_MEMBERS = 20_000, 30
_Number = Annotated[str, Field(max_length=40, pattern=r"^[\w.:-]+$")]


class PartnerQuestion(Schema):
    """A need in French or English, and the numbers in CORDIS of those who take part already."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=_MAX_TEXT)]
    members: Annotated[list[_Number], Field(max_length=_MAX_MEMBERS)] = []


class RankedPartner(Schema):
    """A party of past projects: its number at its source, its nearest projects, and projects with each member."""

    number: str
    name: str
    city: str
    country: str
    organisation: str | None
    projects: list[str]
    worked_with: dict[str, str]


class RankedPartners(Schema):
    """Parties, the likeliest first; `ranking` says whether they were ranked by what was learned or by the vote."""

    ranking: Literal["learned", "vote"]
    partners: list[RankedPartner]


def add_partner_endpoint(api: NinjaAPI) -> None:
    """Add `POST /partners`; a need is posted, so that it stands in no address."""
    api.post(
        "/partners",
        response={200: RankedPartners, **PROBLEMS},
        auth=Bearer(TokenScope.READ),
        tags=["projects"],
        operation_id="rank_partners",
        summary="Partners from past projects",
        description="Rank the organisations of past projects for a need, or to join members; nothing is kept.",
        openapi_extra={"security": [{}, {"Bearer": []}]},
    )(_rank_partners)


def _rank_partners(request: HttpRequest, question: Body[PartnerQuestion]) -> RankedPartners:
    asked: PartnerQuestion = question
    with reading_context(request, request.auth, ReadNow.on, ReadNow.known) as reading_request:  # type: ignore[attr-defined]
        actor = reading_request.actor
        members = list(Party.objects.visible_to(actor).filter(funder=RANKED_FUNDER, number__in=asked.members))
        if unknown := sorted(set(asked.members) - {member.number for member in members}):
            detail = _("Members without a past project: %s. Give their numbers in CORDIS.") % ", ".join(unknown)
            raise ProblemError(422, detail, errors=[{"place": "members", "detail": number} for number in unknown])
        ranked = partners_from_past_projects(asked.text, (), get_vocabulary(), actor, members)
        partners = [_partner(near) for near in ranked.parties]
    return RankedPartners(ranking="learned" if ranked.learned else "vote", partners=partners)


def _partner(near: NearParty) -> RankedPartner:
    party = near.party
    return RankedPartner(
        number=party.number,
        name=party.name,
        city=party.city,
        country=party.country,
        organisation=party.organisation.key if party.organisation else None,
        projects=[project.number for project in near.projects],
        worked_with={member.number: project.number for member, project in near.worked_with},
    )
