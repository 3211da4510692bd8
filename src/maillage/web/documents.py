"""Documents are built in the site: from a model, as one YAML text, read with every fault before it is published."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible
from maillage.kernel.documents.plain_yaml import LONGEST
from maillage.kernel.documents.reader import BadDocument
from maillage.kernel.request import Request


class DocumentForm(forms.Form):
    """A document as a text, and why it is published."""

    text = forms.CharField(
        label=gettext_lazy("The text, as YAML"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 34, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, which stands beside the version"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)


def edited(
    request: Request,
    template: str,
    initial: dict[str, Any],
    read: Callable[[str], Any],
    publish: Callable[..., HttpResponse],
    **context: Any,
) -> HttpResponse:
    """The page on which a document is read (`says`, or its faults) and published, `publish` being what then follows."""
    form = DocumentForm(request.POST or None, initial=initial)
    context["form"] = form
    if form.is_bound and form.is_valid():
        try:
            context["says"] = read(form.cleaned_data["text"])
            if request.POST.get("do") == "publish":
                return publish(**form.cleaned_data)
            return render(request, template, context)
        except BadDocument as error:
            context["faults"] = error.faults
        except Impossible as error:
            form.add_error(None, str(error))
    return render(request, template, context, status=422 if form.is_bound else 200)


def exported(name: str, text: str) -> HttpResponse:
    """A version as the one file by which it can be built elsewhere."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)
