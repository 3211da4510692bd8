"""Pages on which charters are written and published."""

from importlib.resources import files

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.charter.actions.charters import publish_charter
from maillage.charter.charter_document import CharterDocument
from maillage.charter.models import Charter
from maillage.charter.parser import parse_charter
from maillage.charter.queries import charters
from maillage.core.action_registry import REGISTRY, ActionError, ActionForbiddenError, ActionValue
from maillage.core.actors import LABEL_OFFICER
from maillage.core.request import Request
from maillage.web.documents.views import document_edit_page, document_file, offered_models

# Models to begin a charter from, each with the label that the register must have for it to be offered.
EXAMPLES = {"plain": "", "carnot": "carnot"}


def new_charter_page(request: Request) -> HttpResponse:
    """Write a new charter, from the model named by `?model=` if any."""
    acting = request.actor.acting
    if not request.actor.is_officer and (acting is None or acting.role != LABEL_OFFICER):
        raise ActionForbiddenError(_("Charters are published by the officers of their label."))
    model = request.GET.get("model", "")
    text = (files("maillage.charter") / "examples" / f"{model}.yaml").read_text("utf-8") if model in EXAMPLES else ""
    return _edit_page(request, None, {"text": text})


def edit_charter_page(request: Request, key: str) -> HttpResponse:
    """Write a new version of a charter."""
    charter: Charter = get_object_or_404(charters(actor=request.actor), key=key)
    last = charter.last
    REGISTRY["charter.publish_charter"].check_allowed(request.actor, timezone.now(), {"text": last.text})
    return _edit_page(request, charter, {"text": last.text, "base": last.version})


def _edit_page(request: Request, charter: Charter | None, initial: dict[str, object]) -> HttpResponse:
    def publish(**fields: ActionValue) -> HttpResponse:
        published = publish_charter(actor=request.actor, at=timezone.now(), **fields)
        messages.success(request, _("Version %s is published; every holder of the label is followed by it.")
                         % published.version)  # fmt: skip
        return redirect(published.charter)

    models = [] if charter else offered_models(EXAMPLES, request.actor)
    return document_edit_page(request, "web/charter/edit.html", initial, lambda text: _parse(text, charter), publish,
                  charter=charter, models=models)  # fmt: skip


def _parse(text: str, charter: Charter | None) -> CharterDocument:
    document = parse_charter(text)
    if charter and document.name != charter.key:
        raise ActionError(_("This is the page of “%(page)s”; keep “charter: %(page)s”.") % {"page": charter.key})
    if charter is None and Charter.objects.filter(key=document.name).exists():
        raise ActionError(_("There is a charter “%s” already; publish a version of that one.") % document.name)
    return document


@require_safe
def charter_file(request: Request, key: str, version: int) -> HttpResponse:
    """The YAML file of a version, from which it can be published on another site."""
    charter: Charter = get_object_or_404(charters(actor=request.actor), key=key)
    charter_version = get_object_or_404(charter.versions, version=version)
    return document_file(f"{charter.key}-{version}", charter_version.text)
