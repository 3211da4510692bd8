"""Page for a new need; while the requester types, it shows the capabilities recognised and the matching offers."""

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
from maillage.web.publishing.answer_views import proposal_context, understanding_context
from maillage.web.rate_limits import enforce_rate_limit

_WEIGHTS = ("essential", "wished", "no")
_SHOWN = 6
_PREFIX = "cap:"


@accepts_upload
def new_need_page(request: Request, intake: StreamingUploadHandler) -> HttpResponse:
    """Show or send the form; after sending, redirect to the requester's page of the need."""
    now = timezone.now()
    begins = request.method == "POST" and request.POST.get("do") == "begin"
    initial = {"text": _begun_text(request), **_account_initial(request)}
    posted = request.POST if request.method == "POST" and not begins else None
    form = NeedForm(posted, actor=request.actor, day=timezone.localdate(now), initial=initial)
    form.initial["addressee"] = next(
        (organisation for organisation in form.possible_addressees if organisation.key == request.GET.get("to")), None
    )
    is_preview = bool(posted) and request.POST.get("do") == "look"
    if posted and not is_preview and form.is_valid():
        try:
            enforce_rate_limit(request)
            result = state_need(
                actor=request.actor,
                at=now,
                text=form.cleaned_data["text"],
                title=form.cleaned_data["title"],
                asker=form.asker,
                addressee_id=form.cleaned_data["addressee"].pk,
                terms=form.terms,
                asked=_requested_capabilities(request, form),
                confidential=form.cleaned_data["confidential"],
            )
            _attach(request, result.need, intake)
            return redirect("follow-need", result.token)
        except ActionError as error:
            form.add_error(None, str(error))
    context = {"form": form, **upload_limits(), **_matches(request, (posted or initial).get("text", ""))}
    return render(request, "web/needs/new.html", context, status=422 if posted and not is_preview else 200)


def _attach(request: Request, need: Need, intake: StreamingUploadHandler) -> None:
    """Attach the uploaded file, if any. The need stays sent even if its file is refused; a message says why."""
    if not (intake.incoming or intake.refused):
        return
    try:
        incoming = get_incoming_file(intake)
        with discard_unless_stored(incoming):
            attach_to_need(actor=request.actor, at=timezone.now(), need_id=need.pk, incoming=incoming)
    except ActionError as error:
        message = _("Your need is sent, but not its file: %s You may attach another one below.") % error
        messages.error(request, message)


def _begun_text(request: Request) -> str:
    """The text that another page has for the need: posted whole by its form, or the beginning in an address."""
    return request.POST.get("need", "") or request.GET.get("need", "")[:20_000]


def _account_initial(request: Request) -> dict[str, str]:
    user = request.user
    return {"email": getattr(user, "email", ""), "contact": getattr(user, "name", "")}


@require_POST
def matches_fragment(request: Request) -> HttpResponse:
    """The capabilities recognised in the text and the matching offers; requested while the requester types."""
    return render(request, "web/needs/matches.html", _matches(request, request.POST.get("text", "")))


def _matches(request: Request, text: str) -> dict[str, object]:
    if len(text.split()) < 3:
        return {"capabilities": [], "typed": bool(text.strip())}
    matches = match_offers(text, actor=request.actor, on=request.as_of.on, past=False)
    matcher = _matcher(request)
    return {
        "typed": True,
        "capabilities": list(_capability_contexts(request, find_capabilities(text, matcher), matcher)),
        "proposed": [proposal_context(matches, index) for index in range(min(_SHOWN, len(matches.proposed)))],
        **understanding_context(matches),
        "nothing": matches.answer.nothing_fits.sentence(reader_language()) if matches.answer.nothing_fits else "",
        "notices": [notice.sentence(reader_language()) for notice in matches.answer.notices],
        "foreign": foreign_language_notice(text),
    }


def foreign_language_notice(text: str) -> str:
    """A notice for a text that is neither French nor English; empty otherwise."""
    if not parse_text(text[:20_000]).foreign:
        return ""
    return _("This does not read as French or English: only what both share, such as names, can be matched.")


def _matcher(request: Request) -> OfferMatcher:
    return get_offer_matcher(actor=request.actor, on=request.as_of.on, known=request.as_of.known)


def _capability_contexts(
    request: Request, capabilities: list[RequestedCapabilityInput], matcher: OfferMatcher
) -> Iterator[dict[str, Any]]:
    """The context of each capability, with the posted weight or else the suggested one."""
    for capability in capabilities:
        posted_weight = request.POST.get(_PREFIX + capability.concept, "")
        yield {
            "field": _PREFIX + capability.concept,
            "name": matcher.vocabulary.concept(capability.concept).label(reader_language()),
            "weight": posted_weight if posted_weight in _WEIGHTS else "essential" if capability.essential else "wished",
            "offers": len(matcher.index.links(capability.concept)),
        }


def _requested_capabilities(request: Request, form: NeedForm) -> list[RequestedCapabilityInput]:
    """The capabilities recognised in the text, with the weights chosen on the page, and those added.

    The page may have been sent before the weights of the last words typed were shown: those count as suggested.
    """
    matcher, text = _matcher(request), form.cleaned_data["text"]
    recognised = {capability.concept: capability for capability in find_capabilities(text, matcher)}
    weights = {
        name.removeprefix(_PREFIX): value
        for name, value in request.POST.items()
        if name.startswith(_PREFIX) and value in _WEIGHTS
    }
    requested = {
        concept: RequestedCapabilityInput(concept, value == "essential")
        for concept, value in weights.items()
        if value != "no" and concept in matcher.vocabulary.concepts
    }
    requested = {key: capability for key, capability in recognised.items() if key not in weights} | requested
    for mention in matcher.vocabulary.mentions(parse_text(form.cleaned_data["more"])):
        if matcher.vocabulary.concept(mention.concept).facet is not Facet.FRAME:
            requested.setdefault(mention.concept, RequestedCapabilityInput(mention.concept, essential=False))
    return list(requested.values())
