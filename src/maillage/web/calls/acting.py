"""What is done around a dossier: begun, shared out, signed, sent, taken back, withdrawn, checked."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.calls.applying import add_party, begin_dossier, remove_party, share_out
from maillage.calls.document import CallDocument
from maillage.calls.models import Call, Dossier, Part, RuleVerdict
from maillage.calls.paper import said
from maillage.calls.queries import calls, changes_of, parties_of
from maillage.calls.sending import check_dossier, overrule, send_dossier, sign_dossier, take_back, withdraw_dossier
from maillage.kernel.actions import REGISTRY, Forbidden, Impossible
from maillage.kernel.request import Request
from maillage.register.models import Organisation
from maillage.web.acting import done, posted, shown, tried
from maillage.web.calls.writing import dossier_of


class BeginForm(forms.Form):
    """A dossier to begin."""

    title = forms.CharField(label=gettext_lazy("Title of the dossier"), max_length=200)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"))

    def __init__(self, *arguments: Any, says: CallDocument, **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, Any] = self.fields
        fields["theme"].choices = [(key, str(words)) for key, words in says.themes.items()]
        if not says.themes:
            del self.fields["theme"]


def begin(request: Request, key: str) -> HttpResponse:
    """Begin a dossier for the body one acts for."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    acting = request.actor.acting
    if acting is None:
        raise Forbidden(_("Choose the mandate of the body that applies first."))
    REGISTRY["calls.begin_dossier"].refuse(request.actor, timezone.now(), {"lead_id": acting.organisation_id})
    form = BeginForm(posted(request), says=call.last.says)

    def act(**by: Any) -> Dossier:
        return begin_dossier(call_id=call.pk, lead_id=acting.organisation_id, **form.cleaned_data, **by)

    if made := done(request, form, act):
        return redirect(made)
    intro = _("%s leads the dossier; it adds the other bodies, who then write with it.") % acting.organisation
    return shown(request, form, call, heading=_("Begin a dossier"), intro=intro, go=_("Begin it"))


class PartyForm(forms.Form):
    """A body that joins."""

    organisation = forms.CharField(
        label=gettext_lazy("Key of the body"), max_length=80,
        help_text=gettext_lazy("The last word of the address of its page, such as “opale”."),
    )  # fmt: skip
    part = forms.ChoiceField(
        label=gettext_lazy("As"), choices=[(one.value, one.label) for one in (Part.HOST, Part.PARTNER)]
    )


def parties(request: Request, key: str) -> HttpResponse:
    """Who takes part, and who writes which section."""
    dossier = dossier_of(request, key)
    REGISTRY["calls.add_party"].refuse(request.actor, timezone.now(), {"dossier_id": dossier.pk})
    form = PartyForm(request.POST if request.POST.get("do") == "add" else None)

    def act(**by: Any) -> Any:
        body = _body(request, form.cleaned_data["organisation"])
        return add_party(dossier_id=dossier.pk, organisation_id=body.pk, part=form.cleaned_data["part"], **by)

    if request.POST.get("do") == "add" and done(request, form, act):
        return redirect("dossier-parties", dossier.key)
    duties = {(one.section, one.organisation_id) for one in dossier.duties.all()}
    held = parties_of(dossier)
    context = {
        "dossier": dossier,
        "form": form,
        "parties": held,
        "sections": [
            (one, [(party, (one.key, party.organisation_id) in duties) for party in held])
            for one in dossier.call.sections
        ],
    }
    return render(request, "web/calls/parties.html", context, status=422 if form.is_bound else 200)


def _body(request: Request, key: str) -> Organisation:
    found = Organisation.objects.visible_to(request.actor).filter(key=key.strip(), merged_into=None).first()
    if found is None:
        raise Impossible(_("“%s” is not the key of a body of the register.") % key.strip()[:80])
    return found


@require_POST
def leave(request: Request, key: str, pk: int) -> HttpResponse:
    """Take a body out."""
    return _act(request, key, remove_party, "dossier-parties", organisation_id=pk)


@require_POST
def duties(request: Request, key: str, name: str) -> HttpResponse:
    """Say who writes a section."""
    bodies = [int(one) for one in request.POST.getlist("body") if one.isdecimal() and len(one) < 18]
    return _act(request, key, share_out, "dossier-parties", section=name, bodies=bodies)


@require_POST
def sign(request: Request, key: str) -> HttpResponse:
    """Sign the dossier as it was read."""
    body = request.POST.get("organisation", "")
    number = int(body) if body.isdecimal() and len(body) < 18 else 0
    digest = request.POST.get("digest", "")
    said = _("Signed: it counts as long as nothing changes.")
    return _act(request, key, sign_dossier, said=said, organisation_id=number, digest=digest)


@require_POST
def send(request: Request, key: str) -> HttpResponse:
    """Send the dossier; the moment that counts is the one at which the request is taken up."""
    return _act(request, key, send_dossier, said=_("The dossier is sent; its receipt stands on this page."))


@require_POST
def back(request: Request, key: str) -> HttpResponse:
    """Take a dossier back before the call closes."""
    return _act(request, key, take_back, reason=request.POST.get("reason", ""))


@require_POST
def withdraw(request: Request, key: str) -> HttpResponse:
    """Give up."""
    return _act(request, key, withdraw_dossier, reason=request.POST.get("reason", ""))


@require_POST
def check(request: Request, key: str) -> HttpResponse:
    """Keep what the rules of eligibility find."""
    return _act(request, key, check_dossier)


@require_POST
def decide_otherwise(request: Request, key: str, pk: int) -> HttpResponse:
    """Overrule what a rule found."""
    dossier = dossier_of(request, key)
    held = get_object_or_404(RuleVerdict, pk=pk, dossier=dossier)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    tried(request, overrule, verdict_id=held.pk, verdict=verdict, reason=reason)
    return redirect(dossier)


def _act(
    request: Request, key: str, action: Callable[..., Any], to: str = "", said: str = "", **given: Any
) -> HttpResponse:
    """Do it, or say why not; then the page one came from."""
    dossier = dossier_of(request, key)
    try:
        action(actor=request.actor, at=timezone.now(), dossier_id=dossier.pk, **given)
    except Impossible as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return redirect(to, dossier.key) if to else redirect(dossier)


def changes(request: Request, key: str) -> HttpResponse:
    """What was written, by which body and when, with what stood there before."""
    dossier = dossier_of(request, key)
    shown = [
        {"section": one.section, "question": one.question, "number": one.number, "at": one.at,
         "on_behalf": one.on_behalf, "words_before": said(one.question, one.before) if one.before is not None else "",
         "words_after": said(one.question, one.after)}
        for one in changes_of(dossier)
    ]  # fmt: skip
    return render(request, "web/calls/changes.html", {"dossier": dossier, "changes": shown})
