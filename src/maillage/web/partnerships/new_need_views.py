"""Stating a need: as one types, what was understood and which offers answer; then the institute has it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.files.uploads import StreamingUploadHandler, discard_unless_stored
from maillage.matching.text import parse_text
from maillage.matching.vocabulary import Facet
from maillage.offers.offer_matcher import OfferMatcher, get_offer_matcher
from maillage.partnerships.actions.attachments import attach_to_need
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.models import Need
from maillage.partnerships.need_inputs import RequestedCapabilityInput
from maillage.partnerships.offer_matching import match_offers, reader_language
from maillage.partnerships.team_matching import find_capabilities
from maillage.web.files.uploads import accepts_upload, get_incoming_file, upload_limits
from maillage.web.partnerships.forms import NeedForm
from maillage.web.publishing.answer_views import proposal_context, uncovered_context
from maillage.web.rate_limits import enforce_rate_limit

_WEIGHTS = ("essential", "wished", "no")
_SHOWN = 6
_PREFIX = "cap:"


@accepts_upload
def new_need_page(request: Request, intake: StreamingUploadHandler) -> HttpResponse:
    """The form; once sent, the page on which the requester follows the need."""
    now = timezone.now()
    given = {"text": request.GET.get("need", "")[:20_000], **_own(request)}
    posted = request.POST if request.method == "POST" else None
    form = NeedForm(posted, actor=request.actor, day=timezone.localdate(now), initial=given)
    form.initial["addressee"] = next(
        (one for one in form.possible_addressees if one.key == request.GET.get("to")), None
    )
    looks = bool(posted) and request.POST.get("do") == "look"
    if posted and not looks and form.is_valid():
        try:
            enforce_rate_limit(request)
            stated = state_need(
                actor=request.actor,
                at=now,
                text=form.cleaned_data["text"],
                title=form.cleaned_data["title"],
                asker=form.asker,
                addressee_id=form.cleaned_data["addressee"].pk,
                terms=form.terms,
                asked=_asked(request, form),
                confidential=form.cleaned_data["confidential"],
            )
            _attach(request, stated.need, intake)
            return redirect("follow-need", stated.token)
        except ActionError as error:
            form.add_error(None, str(error))
    context = {"form": form, **upload_limits(), **_matches(request, (posted or given).get("text", ""))}
    return render(request, "web/needs/new.html", context, status=422 if posted and not looks else 200)


def _attach(request: Request, need: Need, intake: StreamingUploadHandler) -> None:
    """Keep the file that came with the need, if any; the need is sent even where its file is not taken."""
    if not (intake.incoming or intake.refused):
        return
    try:
        incoming = get_incoming_file(intake)
        with discard_unless_stored(incoming):
            attach_to_need(actor=request.actor, at=timezone.now(), need_id=need.pk, incoming=incoming)
    except ActionError as error:
        told = _("Your need is sent, but not its file: %s You may attach another one below.") % error
        messages.error(request, told)


def _own(request: Request) -> dict[str, str]:
    user = request.user
    return {"email": getattr(user, "email", ""), "contact": getattr(user, "name", "")}


@require_POST
def matches_fragment(request: Request) -> HttpResponse:
    """What is understood of a need so far, and who answers it: asked for again as one types."""
    return render(request, "web/needs/matches.html", _matches(request, request.POST.get("text", "")))


def _matches(request: Request, text: str) -> dict[str, Any]:
    if len(text.split()) < 3:
        return {"capabilities": [], "typed": bool(text.strip())}
    page = match_offers(text, actor=request.actor, on=request.as_of.on, past=False)
    found = _matcher(request)
    return {
        "typed": True,
        "capabilities": list(_capabilities(request, find_capabilities(text, found), found)),
        "proposed": [proposal_context(page, index) for index in range(min(_SHOWN, len(page.proposed)))],
        "uncovered": uncovered_context(page),
        "nothing": page.answer.nothing_fits.sentence(reader_language()) if page.answer.nothing_fits else "",
        "notices": [notice.sentence(reader_language()) for notice in page.answer.notices],
        "foreign": foreign_language_notice(text),
    }


def foreign_language_notice(text: str) -> str:
    """What to say of a text that is in neither language; nothing where it is."""
    if not parse_text(text[:20_000]).foreign:
        return ""
    return _("This does not read as French or English: only what both share, such as names, can be matched.")


def _matcher(request: Request) -> OfferMatcher:
    return get_offer_matcher(actor=request.actor, on=request.as_of.on, known=request.as_of.known)


def _capabilities(
    request: Request, asked: list[RequestedCapabilityInput], found: OfferMatcher
) -> Iterator[dict[str, Any]]:
    """What was understood, weighed as the reader has weighed it so far."""
    for one in asked:
        chosen = request.POST.get(_PREFIX + one.concept, "")
        yield {
            "field": _PREFIX + one.concept,
            "name": found.vocabulary.concept(one.concept).label(reader_language()),
            "weight": chosen if chosen in _WEIGHTS else "essential" if one.essential else "wished",
            "offers": len(found.index.links(one.concept)),
        }


def _asked(request: Request, form: NeedForm) -> list[RequestedCapabilityInput]:
    """The capabilities weighed on the page; where it weighed none, those that the text names; and what was added."""
    found, text = _matcher(request), form.cleaned_data["text"]
    known = {one.concept: one for one in find_capabilities(text, found)}
    weighed = {
        name.removeprefix(_PREFIX): value
        for name, value in request.POST.items()
        if name.startswith(_PREFIX) and value in _WEIGHTS
    }
    chosen = {
        concept: RequestedCapabilityInput(concept, value == "essential")
        for concept, value in weighed.items()
        if value != "no" and concept in found.vocabulary.concepts
    }
    for mention in found.vocabulary.mentions(parse_text(form.cleaned_data["more"])):
        if found.vocabulary.concept(mention.concept).facet is not Facet.FRAME:
            chosen.setdefault(mention.concept, RequestedCapabilityInput(mention.concept, essential=False))
    return list((chosen if weighed else known | chosen).values())
