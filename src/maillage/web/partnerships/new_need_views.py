"""Page for a new need; while the requester types, it shows the capabilities recognised and the matching offers."""

import datetime as dt
from collections.abc import Iterator

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
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import OfferMatcher, get_offer_matcher
from maillage.offers.queries import offers
from maillage.partnerships.actions.attachments import attach_to_need
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.addressees import Addressee, propose_addressee
from maillage.partnerships.models import Need
from maillage.partnerships.need_inputs import NeedReceipt, RequestedCapabilityInput
from maillage.partnerships.offer_matching import match_offers, reader_language
from maillage.partnerships.queries import addressees
from maillage.partnerships.requester_ties import Asker
from maillage.partnerships.team_matching import find_capabilities
from maillage.register.models import Organisation
from maillage.web.facts.record_picker import picker_text
from maillage.web.files.uploads import accepts_upload, get_incoming_file, upload_limits
from maillage.web.partnerships.asker_fields import ASKER_FIELDS, asker_of, posted_asker_values, ties_left_out
from maillage.web.partnerships.new_need_form import NeedForm
from maillage.web.publishing.answer_views import organisation_contexts, proposal_context, understanding_context
from maillage.web.rate_limits import enforce_contact_limit, enforce_rate_limit

_WEIGHTS = ("essential", "wished", "no")
_SHOWN = 6
_PREFIX = "cap:"


@accepts_upload
def new_need_page(request: Request, intake: StreamingUploadHandler) -> HttpResponse:
    """Show or send the form; after sending, redirect to the requester's page of the need."""
    begins = request.method == "POST" and request.POST.get("do") == "begin"
    posted = request.POST if request.method == "POST" and not begins else None
    day = timezone.localdate()
    possible = addressees(day, actor=request.actor)
    form = NeedForm(posted, request=request, day=day, possible=possible, initial=_initial(request, possible, day))
    is_preview = bool(posted) and (request.POST.get("do") == "look" or "ties" in request.POST)
    if posted and not is_preview and form.is_valid() and form.receiver:
        try:
            return redirect("follow-need", _send(request, form, form.receiver, intake).token)
        except ActionError as error:
            form.add_error(None, str(error))
    text = posted.get("text", "") if posted else str(form.initial.get("text", ""))
    context = {"form": form, "about_offer": _about_offer(form), **upload_limits(), **_matches(request, text, form)}
    response = render(request, "web/needs/new.html", context, status=422 if posted and not is_preview else 200)
    # A need that stands in the address of an old link is not kept on the way.
    response["Cache-Control"] = "no-store"
    return response


def _send(request: Request, form: NeedForm, receiver: Addressee, intake: StreamingUploadHandler) -> NeedReceipt:
    """State the need. Raises `ActionError` if it is refused, or too many were sent from this address."""
    enforce_rate_limit(request)
    if receiver.is_mailed:
        enforce_contact_limit(request, receiver.organisation.contact_mail)
    offer = form.cleaned_data["offer"]
    receipt: NeedReceipt = state_need(
        actor=request.actor,
        at=timezone.now(),
        text=form.cleaned_data["text"],
        title=form.cleaned_data["title"],
        asker=form.asker,
        addressee_id=receiver.organisation.pk,
        terms=form.terms,
        asked=_requested_capabilities(request, form),
        confidential=form.cleaned_data["confidential"],
        offer_id=offer.pk if offer else None,
    )
    _attach(request, receipt.need, intake)
    return receipt


def _initial(request: Request, possible: list[Organisation], day: dt.date) -> dict[str, object]:
    """What the form begins with: the text of another page, the account, and what the address is about."""
    offer = offers(actor=request.actor).filter(key=request.GET.get("offer", "")).select_related("provider").first()
    return {
        "text": _begun_text(request),
        "offer": offer,
        **_account_initial(request),
        **posted_asker_values(request),
        **_chosen(request, offer, possible, day),
    }


def _chosen(request: Request, offer: Offer | None, possible: list[Organisation], day: dt.date) -> dict[str, object]:
    """The addressee that the address of the page names, or that answers for the provider of the offer."""
    visible = Organisation.objects.visible_to(request.actor).filter(merged_into=None)
    to = offer.provider if offer else visible.filter(key=request.GET.get("to", "")).first()
    if to is None:
        return {}
    answering = propose_addressee([offer], possible, day) if offer and to not in possible else None
    to = answering.organisation if answering else to
    return {"addressee": to.pk} if to in possible else {"other": picker_text(to)}


def _about_offer(form: NeedForm) -> Offer | None:
    """The offer that the form is about, as the address or the posted form names it."""
    named = form["offer"].value()
    if isinstance(named, Offer) or not named:
        return named or None
    offer: Offer | None = offers(actor=form.request.actor).filter(key=named).first()
    return offer


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
    day = timezone.localdate()
    form = NeedForm(request.POST, request=request, day=day, possible=addressees(day, actor=request.actor))
    context = {"form": form, "replaces": True, **_matches(request, request.POST.get("text", ""), form)}
    return render(request, "web/needs/matches.html", context)


def _matches(request: Request, text: str, form: NeedForm) -> dict[str, object]:
    if len(text.split()) < 3:
        return {"capabilities": [], "typed": bool(text.strip()), **_choice(form, [])}
    switched_off = ties_left_out(request)
    asker = None if switched_off else _asker(form)
    matches = match_offers(text, actor=request.actor, on=request.as_of.on, past=False, asker=asker)
    matcher = _matcher(request)
    return {
        "ties_off": switched_off,
        "any_tie": any(match.ties for match in matches.proposed),
        "typed": True,
        "typed_text": text,
        "who": posted_asker_values(request),
        "capabilities": list(_capability_contexts(request, find_capabilities(text, matcher), matcher)),
        "proposed": [proposal_context(matches, index) for index in range(min(_SHOWN, len(matches.proposed)))],
        "organisations": organisation_contexts(matches),
        **understanding_context(matches),
        "nothing": matches.answer.nothing_fits.sentence(reader_language()) if matches.answer.nothing_fits else "",
        "notices": [notice.sentence(reader_language()) for notice in matches.answer.notices],
        "foreign": foreign_language_notice(text),
        **_choice(form, [match.offer for match in matches.proposed]),
    }


def _asker(form: NeedForm) -> Asker:
    """Who asks, as far as the form is filled in."""
    return asker_of({name: str(form[name].value() or "") for name in ASKER_FIELDS})


def _choice(form: NeedForm, proposed: list[Offer]) -> dict[str, object]:
    """The addressee that is proposed, and the one that stands in the form: what its person chose, else that one."""
    possible = form.possible_addressees
    proposal = propose_addressee(proposed, possible, form.day)
    chosen, suggested = str(form["addressee"].value() or ""), str(form["suggested"].value() or "")
    if chosen == suggested and not form["other"].value():
        suggestion = proposal.organisation if proposal else possible[0] if len(possible) == 1 else None
        chosen = suggested = str(suggestion.pk) if suggestion else ""
    return {"proposal": proposal, "chosen": chosen, "suggested": suggested}


def foreign_language_notice(text: str) -> str:
    """A notice for a text that is neither French nor English; empty otherwise."""
    if not parse_text(text[:20_000]).foreign:
        return ""
    return _("This does not read as French or English: only what both share, such as names, can be matched.")


def _matcher(request: Request) -> OfferMatcher:
    return get_offer_matcher(actor=request.actor, on=request.as_of.on, known=request.as_of.known)


def _capability_contexts(
    request: Request, capabilities: list[RequestedCapabilityInput], matcher: OfferMatcher
) -> Iterator[dict[str, object]]:
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
