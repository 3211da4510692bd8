"""The form by which those who act for an organisation describe it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import REGISTRY, ActionError
from maillage.core.record_versions import form_version, version_guard
from maillage.core.request import Request
from maillage.register.actions.organisations import describe_organisation
from maillage.register.models import Organisation
from maillage.web.partial_forms import is_posted
from maillage.web.register.forms import description_form_class

_ACTION = "register.describe_organisation"


def may_describe(request: Request, organisation: Organisation) -> bool:
    """Whether this reader may describe this organisation now."""
    return REGISTRY[_ACTION].allows(request.actor, timezone.now(), {"organisation_id": organisation.pk})


def description_page(request: Request, key: str) -> HttpResponse:
    """Show the form, or change what was filled in anew."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.actor), key=key, merged_into=None)
    # A foreign manager is refused before the form, and again by the action.
    REGISTRY[_ACTION].check_allowed(request.actor, timezone.now(), {"organisation_id": organisation.pk})
    shown = Organisation.objects.get(pk=organisation.pk)
    form: Any = description_form_class()(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid() and _described(request, organisation, form):
        messages.success(request, _("The record is changed; its history keeps what it was."))
        return redirect("organisations:record", key)
    status = 422 if request.method == "POST" else 200
    context = {"organisation": organisation, "form": form, "version": form_version(request, organisation)}
    return render(request, "web/describe.html", context, status=status)


def _described(request: Request, organisation: Organisation, form: Any) -> bool:
    changed = [name for name in form.changed_data if name != "reason" and is_posted(form, name)]
    changes = {name: form.cleaned_data[name] for name in changed}
    try:
        with version_guard(Organisation.kind_name(), organisation.pk, request.POST.get("version", "")):
            describe_organisation(
                actor=request.actor,
                at=timezone.now(),
                organisation_id=organisation.pk,
                changes=changes,
                reason=form.cleaned_data["reason"],
            )
    except ActionError as error:
        form.add_error(None, str(error))
        return False
    return True
