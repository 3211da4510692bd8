"""Calls are built in the site: from a model, as one YAML text, read with every fault before it is published."""

from importlib.resources import files
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from maillage.calls.actions import publish_call
from maillage.calls.document import CallDocument
from maillage.calls.models import Call
from maillage.calls.queries import calls
from maillage.calls.reading import from_text
from maillage.kernel.actions import REGISTRY, Forbidden, Impossible
from maillage.kernel.actors import LABEL_OFFICER
from maillage.kernel.documents.plain_yaml import LONGEST
from maillage.kernel.documents.reader import BadDocument
from maillage.kernel.request import Request

MODELS = ("carnot", "clip2", "technical-institute")


class CallForm(forms.Form):
    """A call as a text."""

    text = forms.CharField(
        label=gettext_lazy("The call, as YAML"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 34, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, which stands beside the version"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)


def new(request: Request) -> HttpResponse:
    """A new call, begun from a model."""
    acting = request.actor.acting
    if not request.actor.is_officer and (acting is None or acting.role != LABEL_OFFICER):
        raise Forbidden(_("Calls are published by the officers of their label."))
    chosen = request.GET.get("model", "")
    text = _model(chosen) if chosen in MODELS else ""
    return _edited(request, None, {"text": text})


def _model(name: str) -> str:
    return (files("maillage.calls") / "examples" / f"{name}.yaml").read_text("utf-8")


def edit(request: Request, key: str) -> HttpResponse:
    """A new version of a call."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY["calls.withdraw_call"].refuse(request.actor, timezone.now(), {"call_id": call.pk})
    last = call.last
    return _edited(request, call, {"text": last.text, "base": last.version})


def _edited(request: Request, call: Call | None, initial: dict[str, Any]) -> HttpResponse:
    form = CallForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"form": form, "call": call, "models": [] if call else MODELS}
    if form.is_bound and form.is_valid():
        try:
            context["says"] = _read(form.cleaned_data["text"], call)
            if request.POST.get("do") == "publish":
                made = publish_call(actor=request.actor, at=timezone.now(), **form.cleaned_data)
                messages.success(request, _("Version %s is published; dossiers begun before stay on theirs.")
                                 % made.version)  # fmt: skip
                return redirect(made.call)
            return render(request, "web/calls/edit.html", context)
        except BadDocument as error:
            context["faults"] = error.faults
        except Impossible as error:
            form.add_error(None, str(error))
    return render(request, "web/calls/edit.html", context, status=422 if form.is_bound else 200)


def _read(text: str, call: Call | None) -> CallDocument:
    says = from_text(text)
    if call and says.name != call.key:
        raise Impossible(_("This is the page of “%(page)s”; keep “call: %(page)s”.") % {"page": call.key})
    if call is None and Call.objects.filter(key=says.name).exists():
        raise Impossible(_("There is a call “%s” already; give this one another name, or change that one.") % says.name)
    return says


@require_safe
def export(request: Request, key: str, version: int) -> HttpResponse:
    """A version as the one file by which it can be built elsewhere."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    found = get_object_or_404(call.versions, version=version)
    name = f"{call.key}-{version}.yaml"
    return HttpResponse(
        found.text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
