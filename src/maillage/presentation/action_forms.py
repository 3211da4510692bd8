"""What a form does by which somebody acts: find the record for whoever may, act, show the form with its reasons."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from maillage.core.action_registry import REGISTRY, ActionError
from maillage.core.record_versions import form_version
from maillage.core.request import Request
from maillage.register.models import Organisation


def get_organisation_for_action(request: Request, key: str, action: str, name: str) -> Organisation:
    """The body, if the reader may do what an action does for it; a foreign one is refused before any form."""
    body: Organisation = get_object_or_404(Organisation.objects.visible_to(request.actor), key=key, merged_into=None)
    REGISTRY[action].check_allowed(request.actor, timezone.now(), {name: body.pk})
    return body


def is_action_allowed(request: Request, action: str, **about: Any) -> bool:
    """Whether the reader may do now what an action does with these arguments, for pages that offer only that."""
    return REGISTRY[action].allows(request.actor, timezone.now(), about)


def run_action(request: Request, act: Callable[..., Any], **given: Any) -> Any:
    """What the action returns; nothing, with the reason said above the next page, where it is impossible."""
    try:
        return act(actor=request.actor, at=timezone.now(), **given)
    except ActionError as error:
        messages.error(request, str(error))
        return None
    except ObjectDoesNotExist as error:
        raise Http404(str(error)) from error


def posted_data(request: Request) -> QueryDict | None:
    """What a form was sent with, empty or not; nothing where it was only asked for."""
    return request.POST if request.method == "POST" else None


def run_action_form(request: Request, form: forms.Form, act: Callable[..., Any]) -> Any:
    """What the action returns for a form filled in well; nothing, with the reason on the form, else."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(actor=request.actor, at=timezone.now())
    except ActionError as error:
        form.add_error(None, str(error))
        return None


def action_form_page(
    request: Request, form: forms.Form, about: Model, *, versioned: bool = False, **words: Any
) -> HttpResponse:
    """The form about a record, with its words: `heading`, `intro`, and `go` on the button.

    A `versioned` form holds to the record as it was read.
    """
    context = {"form": form, "about": about, **words}
    if versioned:
        context["version"] = form_version(request, about)
    return render(request, "web/act.html", context, status=422 if form.is_bound else 200)
