"""Charters are built in the site."""

from importlib.resources import files
from typing import Any

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
from maillage.core.action_registry import REGISTRY, ActionError, ActionForbiddenError
from maillage.core.actors import LABEL_OFFICER
from maillage.core.request import Request
from maillage.web.documents.views import document_edit_page, document_file

EXAMPLES = ("carnot",)


def new_charter_page(request: Request) -> HttpResponse:
    """A new charter, begun from a model."""
    acting = request.actor.acting
    if not request.actor.is_officer and (acting is None or acting.role != LABEL_OFFICER):
        raise ActionForbiddenError(_("Charters are published by the officers of their label."))
    chosen = request.GET.get("model", "")
    text = (files("maillage.charter") / "examples" / f"{chosen}.yaml").read_text("utf-8") if chosen in EXAMPLES else ""
    return _edited(request, None, {"text": text})


def edit_charter_page(request: Request, key: str) -> HttpResponse:
    """A new version of a charter."""
    charter: Charter = get_object_or_404(charters(actor=request.actor), key=key)
    last = charter.last
    REGISTRY["charter.publish_charter"].check_allowed(request.actor, timezone.now(), {"text": last.text})
    return _edited(request, charter, {"text": last.text, "base": last.version})


def _edited(request: Request, charter: Charter | None, initial: dict[str, Any]) -> HttpResponse:
    def publish(**given: Any) -> HttpResponse:
        made = publish_charter(actor=request.actor, at=timezone.now(), **given)
        messages.success(request, _("Version %s is published; every holder of the label is followed by it.")
                         % made.version)  # fmt: skip
        return redirect(made.charter)

    models = () if charter else EXAMPLES
    return document_edit_page(request, "web/charter/edit.html", initial, lambda text: _read(text, charter), publish,
                  charter=charter, models=models)  # fmt: skip


def _read(text: str, charter: Charter | None) -> CharterDocument:
    says = parse_charter(text)
    if charter and says.name != charter.key:
        raise ActionError(_("This is the page of “%(page)s”; keep “charter: %(page)s”.") % {"page": charter.key})
    if charter is None and Charter.objects.filter(key=says.name).exists():
        raise ActionError(_("There is a charter “%s” already; publish a version of that one.") % says.name)
    return says


@require_safe
def charter_file(request: Request, key: str, version: int) -> HttpResponse:
    """A version as the one file by which it can be built elsewhere."""
    charter: Charter = get_object_or_404(charters(actor=request.actor), key=key)
    found = get_object_or_404(charter.versions, version=version)
    return document_file(f"{charter.key}-{version}", found.text)
