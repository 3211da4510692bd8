"""Pages of documents written as YAML: each is parsed, with all its faults listed, before it is published."""

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.shortcuts import render

from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor
from maillage.core.request import Request
from maillage.documents.faults import InvalidDocumentError
from maillage.register.label_provider import list_known_labels
from maillage.web.documents.forms import DocumentForm


def document_edit_page(
    request: Request,
    template: str,
    initial: dict[str, object],
    read: Callable[[str], object],
    publish: Callable[..., HttpResponse],
    **context: object,
) -> HttpResponse:
    """Check or publish a document: `read` parses its text, `publish` gets the fields of the form.

    The template gets the parsed document as `document`, or its `faults`.
    """
    form = DocumentForm(request.POST or None, initial=initial)
    context["form"] = form
    if form.is_bound and form.is_valid():
        try:
            context["document"] = read(form.cleaned_data["text"])
            if request.POST.get("do") == "publish":
                return publish(**form.cleaned_data)
            return render(request, template, context)
        except InvalidDocumentError as error:
            context["faults"] = error.faults
        except ActionError as error:
            form.add_error(None, str(error))
    return render(request, template, context, status=422 if form.is_bound else 200)


def offered_models(models: Mapping[str, str], actor: Actor) -> list[str]:
    """The models whose label, if they need one, is in the register."""
    labels = {key for key, _name in list_known_labels(actor)}
    return [name for name, label in models.items() if not label or label in labels]


def document_file(name: str, text: str) -> HttpResponse:
    """The YAML file of a version of a document."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)
