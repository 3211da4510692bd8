"""The form by which those who act for an organisation describe it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import REGISTRY, Impossible
from maillage.kernel.request import Request
from maillage.kernel.versions import as_read, version_read
from maillage.register.actions import DESCRIBED, describe_organisation
from maillage.register.models import Organisation

_ACTION = "register.describe_organisation"
_LABELS: dict[str, Any] = {"note_fr": gettext_lazy("Note in French"), "note_en": gettext_lazy("Note in English")}


def may_describe(request: Request, organisation: Organisation) -> bool:
    """Whether this reader may describe this organisation now."""
    return REGISTRY[_ACTION].allows(request.actor, timezone.now(), {"organisation_id": organisation.pk})


def form_class() -> type[forms.ModelForm]:
    """The fields of the record that may be described, with the reason."""
    base = forms.modelform_factory(
        Organisation, fields=[name for name in DESCRIBED if name != "website"], labels=_LABELS
    )
    website = forms.URLField(label=gettext_lazy("Website"), required=False, max_length=500, assume_scheme="https")
    return type("DescribeForm", (base,), {"website": website, "reason": _reason()})


def _reason() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Reason, which stands in the history"), max_length=2000)


def describe(request: Request, key: str) -> HttpResponse:
    """Show the form, or change what was filled in anew."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.actor), key=key, merged_into=None)
    # A foreign manager is refused before the form, and again by the action.
    REGISTRY[_ACTION].refuse(request.actor, timezone.now(), {"organisation_id": organisation.pk})
    shown = Organisation.objects.get(pk=organisation.pk)
    form: Any = form_class()(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid() and _described(request, organisation, form):
        messages.success(request, _("The record is changed; its history keeps what it was."))
        return redirect("organisations:record", key)
    status = 422 if request.method == "POST" else 200
    context = {"organisation": organisation, "form": form, "version": version_read(request, organisation)}
    return render(request, "web/describe.html", context, status=status)


def _described(request: Request, organisation: Organisation, form: Any) -> bool:
    changes = {name: form.cleaned_data[name] for name in form.changed_data if name != "reason"}
    try:
        with as_read(Organisation.kind_name(), organisation.pk, request.POST.get("version", "")):
            describe_organisation(
                actor=request.actor,
                at=timezone.now(),
                organisation_id=organisation.pk,
                changes=changes,
                reason=form.cleaned_data["reason"],
            )
    except Impossible as error:
        form.add_error(None, str(error))
        return False
    return True
