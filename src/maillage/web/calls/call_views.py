"""Calls are built in the site."""

from importlib.resources import files
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.calls.actions.calls import publish_call
from maillage.calls.call_document import CallDocument
from maillage.calls.models import Call
from maillage.calls.parser import parse_call
from maillage.calls.queries import calls
from maillage.core.action_registry import REGISTRY, ActionError, ActionForbiddenError
from maillage.core.actors import LABEL_OFFICER
from maillage.core.request import Request
from maillage.web.documents.views import document_edit_page, document_file

EXAMPLES = ("carnot", "clip2", "technical-institute")


def new_call_page(request: Request) -> HttpResponse:
    """A new call, begun from a model."""
    acting = request.actor.acting
    if not request.actor.is_officer and (acting is None or acting.role != LABEL_OFFICER):
        raise ActionForbiddenError(_("Calls are published by the officers of their label."))
    chosen = request.GET.get("model", "")
    text = _model(chosen) if chosen in EXAMPLES else ""
    return _edited(request, None, {"text": text})


def _model(name: str) -> str:
    return (files("maillage.calls") / "examples" / f"{name}.yaml").read_text("utf-8")


def edit_call_page(request: Request, key: str) -> HttpResponse:
    """A new version of a call."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY["calls.withdraw_call"].check_allowed(request.actor, timezone.now(), {"call_id": call.pk})
    last = call.last
    return _edited(request, call, {"text": last.text, "base": last.version})


def _edited(request: Request, call: Call | None, initial: dict[str, Any]) -> HttpResponse:
    def publish(**given: Any) -> HttpResponse:
        made = publish_call(actor=request.actor, at=timezone.now(), **given)
        messages.success(
            request, _("Version %s is published; applications begun before stay on theirs.") % made.version
        )
        return redirect(made.call)

    models = () if call else EXAMPLES
    return document_edit_page(
        request, "web/calls/edit.html", initial, lambda text: _read(text, call), publish, call=call, models=models
    )


def _read(text: str, call: Call | None) -> CallDocument:
    says = parse_call(text)
    if call and says.name != call.key:
        raise ActionError(_("This is the page of “%(page)s”; keep “call: %(page)s”.") % {"page": call.key})
    if call is None and Call.objects.filter(key=says.name).exists():
        raise ActionError(
            _("There is a call “%s” already; give this one another name, or change that one.") % says.name
        )
    return says


@require_safe
def call_file(request: Request, key: str, version: int) -> HttpResponse:
    """A version as the one file by which it can be built elsewhere."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    found = get_object_or_404(call.versions, version=version)
    return document_file(f"{call.key}-{version}", found.text)
