"""Pages on which calls are written and published."""

from importlib.resources import files

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
from maillage.core.action_registry import REGISTRY, ActionError, ActionForbiddenError, ActionValue
from maillage.core.actors import LABEL_OFFICER
from maillage.core.request import Request
from maillage.web.documents.views import document_edit_page, document_file, offered_models

# Models to begin a call from, each with the label that the register must have for it to be offered.
EXAMPLES = {"plain": "", "carnot": "carnot", "clip2": "inca-clip2", "technical-institute": "labcom"}


def new_call_page(request: Request) -> HttpResponse:
    """Write a new call, from the model named by `?model=` if any."""
    acting = request.actor.acting
    if not request.actor.is_officer and (acting is None or acting.role != LABEL_OFFICER):
        raise ActionForbiddenError(_("Calls are published by the officers of their label."))
    model = request.GET.get("model", "")
    text = _model_text(model) if model in EXAMPLES else ""
    return _edit_page(request, None, {"text": text})


def _model_text(name: str) -> str:
    return (files("maillage.calls") / "examples" / f"{name}.yaml").read_text("utf-8")


def edit_call_page(request: Request, key: str) -> HttpResponse:
    """Write a new version of a call."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY["calls.withdraw_call"].check_allowed(request.actor, timezone.now(), {"call_id": call.pk})
    last = call.last
    return _edit_page(request, call, {"text": last.text, "base": last.version})


def _edit_page(request: Request, call: Call | None, initial: dict[str, object]) -> HttpResponse:
    def publish(**fields: ActionValue) -> HttpResponse:
        published = publish_call(actor=request.actor, at=timezone.now(), **fields)
        messages.success(
            request, _("Version %s is published; applications begun before stay on theirs.") % published.version
        )
        return redirect(published.call)

    models = [] if call else offered_models(EXAMPLES, request.actor)
    return document_edit_page(
        request, "web/calls/edit.html", initial, lambda text: _parse(text, call), publish, call=call, models=models
    )


def _parse(text: str, call: Call | None) -> CallDocument:
    document = parse_call(text)
    if call and document.name != call.key:
        raise ActionError(_("This is the page of “%(page)s”; keep “call: %(page)s”.") % {"page": call.key})
    if call is None and Call.objects.filter(key=document.name).exists():
        raise ActionError(
            _("There is a call “%s” already; give this one another name, or change that one.") % document.name
        )
    return document


@require_safe
def call_file(request: Request, key: str, version: int) -> HttpResponse:
    """The YAML file of a version, from which it can be published on another site."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    call_version = get_object_or_404(call.versions, version=version)
    return document_file(f"{call.key}-{version}", call_version.text)
