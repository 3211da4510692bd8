"""Charters are built in the site."""

from importlib.resources import files
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.charter.actions import publish_charter
from maillage.charter.document import CharterDocument
from maillage.charter.models import Charter
from maillage.charter.queries import charters
from maillage.charter.reading import from_text
from maillage.kernel.actions import REGISTRY, Forbidden, Impossible
from maillage.kernel.actors import LABEL_OFFICER
from maillage.kernel.request import Request
from maillage.web.documents import edited, exported

MODELS = ("carnot",)


def new(request: Request) -> HttpResponse:
    """A new charter, begun from a model."""
    acting = request.actor.acting
    if not request.actor.is_officer and (acting is None or acting.role != LABEL_OFFICER):
        raise Forbidden(_("Charters are published by the officers of their label."))
    chosen = request.GET.get("model", "")
    text = (files("maillage.charter") / "examples" / f"{chosen}.yaml").read_text("utf-8") if chosen in MODELS else ""
    return _edited(request, None, {"text": text})


def edit(request: Request, key: str) -> HttpResponse:
    """A new version of a charter."""
    charter: Charter = get_object_or_404(charters(actor=request.actor), key=key)
    last = charter.last
    REGISTRY["charter.publish_charter"].refuse(request.actor, timezone.now(), {"text": last.text})
    return _edited(request, charter, {"text": last.text, "base": last.version})


def _edited(request: Request, charter: Charter | None, initial: dict[str, Any]) -> HttpResponse:
    def publish(**given: Any) -> HttpResponse:
        made = publish_charter(actor=request.actor, at=timezone.now(), **given)
        messages.success(request, _("Version %s is published; every holder of the label is followed by it.")
                         % made.version)  # fmt: skip
        return redirect(made.charter)

    models = () if charter else MODELS
    return edited(request, "web/charter/edit.html", initial, lambda text: _read(text, charter), publish,
                  charter=charter, models=models)  # fmt: skip


def _read(text: str, charter: Charter | None) -> CharterDocument:
    says = from_text(text)
    if charter and says.name != charter.key:
        raise Impossible(_("This is the page of “%(page)s”; keep “charter: %(page)s”.") % {"page": charter.key})
    if charter is None and Charter.objects.filter(key=says.name).exists():
        raise Impossible(_("There is a charter “%s” already; publish a version of that one.") % says.name)
    return says


@require_safe
def export(request: Request, key: str, version: int) -> HttpResponse:
    """A version as the one file by which it can be built elsewhere."""
    charter: Charter = get_object_or_404(charters(actor=request.actor), key=key)
    found = get_object_or_404(charter.versions, version=version)
    return exported(f"{charter.key}-{version}", found.text)
