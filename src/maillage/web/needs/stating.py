"""Stating a need: as one types, what was understood and which offers answer; then the institute has it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.kernel.actions import Impossible
from maillage.kernel.files.intake import Intake, settled
from maillage.kernel.request import Request
from maillage.matching.text import read
from maillage.matching.vocabulary import Facet
from maillage.offers.queries import Matcher, matcher
from maillage.partnerships.attachments import attach_to_need
from maillage.partnerships.composing import capabilities_of
from maillage.partnerships.models import Need
from maillage.partnerships.stating import AskedFor, state_need
from maillage.publishing.answering import answer_need, reader_language
from maillage.web.answer import proposed_lines, uncovered_lines
from maillage.web.files import came_in, limits, taking_a_file
from maillage.web.limits import refuse_many
from maillage.web.needs.forms import NeedForm

_WEIGHTS = ("essential", "wished", "no")
_SHOWN = 6
_PREFIX = "cap:"


@taking_a_file
def new(request: Request, intake: Intake) -> HttpResponse:
    """The form; once sent, the page on which the requester follows the need."""
    now = timezone.now()
    given = {"text": request.GET.get("need", "")[:20_000], **_own(request)}
    posted = request.POST if request.method == "POST" else None
    form = NeedForm(posted, actor=request.actor, day=timezone.localdate(now), initial=given)
    form.initial["addressee"] = next((one for one in form.takers if one.key == request.GET.get("to")), None)
    looks = bool(posted) and request.POST.get("do") == "look"
    if posted and not looks and form.is_valid():
        try:
            refuse_many(request)
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
        except Impossible as error:
            form.add_error(None, str(error))
    context = {"form": form, **limits(), **_matches(request, (posted or given).get("text", ""))}
    return render(request, "web/needs/new.html", context, status=422 if posted and not looks else 200)


def _attach(request: Request, need: Need, intake: Intake) -> None:
    """Keep the file that came with the need, if any; the need is sent even where its file is not taken."""
    if not (intake.incoming or intake.refused):
        return
    try:
        incoming = came_in(intake)
        with settled(incoming):
            attach_to_need(actor=request.actor, at=timezone.now(), need_id=need.pk, incoming=incoming)
    except Impossible as error:
        told = _("Your need is sent, but not its file: %s You may attach another one below.") % error
        messages.error(request, told)


def _own(request: Request) -> dict[str, str]:
    user = request.user
    return {"email": getattr(user, "email", ""), "contact": getattr(user, "name", "")}


@require_POST
def matches(request: Request) -> HttpResponse:
    """What is understood of a need so far, and who answers it: asked for again as one types."""
    return render(request, "web/needs/matches.html", _matches(request, request.POST.get("text", "")))


def _matches(request: Request, text: str) -> dict[str, Any]:
    if len(text.split()) < 3:
        return {"capabilities": [], "typed": bool(text.strip())}
    page = answer_need(text, actor=request.actor, on=request.reading.on, past=False)
    found = _matcher(request)
    return {
        "typed": True,
        "capabilities": list(_capabilities(request, capabilities_of(text, found), found)),
        "proposed": [proposed_lines(page, index) for index in range(min(_SHOWN, len(page.proposed)))],
        "uncovered": uncovered_lines(page),
        "nothing": page.answer.nothing_fits.sentence(reader_language()) if page.answer.nothing_fits else "",
        "notices": [notice.sentence(reader_language()) for notice in page.answer.notices],
        "foreign": foreign(text),
    }


def foreign(text: str) -> str:
    """What to say of a text that is in neither language; nothing where it is."""
    if not read(text[:20_000]).foreign:
        return ""
    return _("This does not read as French or English: only what both share, such as names, can be matched.")


def _matcher(request: Request) -> Matcher:
    return matcher(actor=request.actor, on=request.reading.on, known=request.reading.known)


def _capabilities(request: Request, asked: list[AskedFor], found: Matcher) -> Iterator[dict[str, Any]]:
    """What was understood, weighed as the reader has weighed it so far."""
    for one in asked:
        chosen = request.POST.get(_PREFIX + one.concept, "")
        yield {
            "field": _PREFIX + one.concept,
            "name": found.vocabulary.concept(one.concept).label(reader_language()),
            "weight": chosen if chosen in _WEIGHTS else "essential" if one.essential else "wished",
            "offers": len(found.index.links(one.concept)),
        }


def _asked(request: Request, form: NeedForm) -> list[AskedFor]:
    """The capabilities weighed on the page; where it weighed none, those that the text names; and what was added."""
    found, text = _matcher(request), form.cleaned_data["text"]
    known = {one.concept: one for one in capabilities_of(text, found)}
    weighed = {
        name.removeprefix(_PREFIX): value
        for name, value in request.POST.items()
        if name.startswith(_PREFIX) and value in _WEIGHTS
    }
    chosen = {
        concept: AskedFor(concept, value == "essential")
        for concept, value in weighed.items()
        if value != "no" and concept in found.vocabulary.concepts
    }
    for mention in found.vocabulary.mentions(read(form.cleaned_data["more"])):
        if found.vocabulary.concept(mention.concept).facet is not Facet.FRAME:
            chosen.setdefault(mention.concept, AskedFor(mention.concept, essential=False))
    return list((chosen if weighed else known | chosen).values())
