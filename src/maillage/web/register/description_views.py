"""The page on which those who act for an organisation describe it."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maillage.core.record_versions import form_version
from maillage.core.request import Request
from maillage.presentation.action_forms import check_action_allowed, is_action_allowed, run_action_form
from maillage.presentation.partial_forms import is_posted
from maillage.register.actions.organisations import describe_organisation
from maillage.register.models import Organisation
from maillage.web.register.forms import description_form_class

_ACTION = "register.describe_organisation"


def may_describe(request: Request, organisation: Organisation) -> bool:
    """Whether this reader may describe this organisation now."""
    return is_action_allowed(request, _ACTION, organisation_id=organisation.pk)


def _changed_fields(form: Any) -> dict[str, str]:
    names = [name for name in form.changed_data if name != "reason" and is_posted(form, name)]
    return {name: form.cleaned_data[name] for name in names}


def description_page(request: Request, key: str) -> HttpResponse:
    """Show the form, or save the fields that were changed."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.actor), key=key, merged_into=None)
    # Refuse managers of other organisations before showing the form; the action checks again.
    check_action_allowed(request, _ACTION, organisation_id=organisation.pk)
    current = Organisation.objects.get(pk=organisation.pk)
    form: Any = description_form_class()(request.POST or None, instance=current)
    outcome = run_action_form(
        request,
        partial(describe_organisation, organisation_id=organisation.pk),
        form,
        arguments=lambda: {
            "changes": _changed_fields(form),
            "reason": form.cleaned_data["reason"],
        },
        success=_("The record is changed; its history keeps what it was."),
        version_of=organisation,
    )
    if outcome:
        return redirect("organisations:record", key)
    status = 422 if request.method == "POST" else 200
    context = {"organisation": organisation, "form": form, "version": form_version(request, organisation)}
    return render(request, "web/describe.html", context, status=status)
