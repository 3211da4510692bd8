"""Forms and buttons of pages that run an action."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import REGISTRY, ActionError, ActionForbiddenError, ActionValue
from maillage.core.record_versions import form_version, version_guard
from maillage.core.request import Request
from maillage.presentation.partial_forms import PartialFormMixin
from maillage.register.models import Organisation

Value = TypeVar("Value")
# Actions take arguments of any kind, by name; each checks its own.
Arguments: TypeAlias = Mapping[str, ActionValue]


class HasPage(Protocol):
    """A record that has a page of its own."""

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True)
class ActionOutcome(Generic[Value]):
    """Whether an action ran, with what it returned or why it was refused; true if it ran."""

    result: tuple[Value] | None = None
    error: ActionError | None = None

    def __bool__(self) -> bool:
        return self.result is not None

    @property
    def value(self) -> Value:
        """What the action returned. Raises `LookupError` if it did not run."""
        if self.result is None:
            raise LookupError("The action did not run.")
        return self.result[0]


AnyOutcome: TypeAlias = ActionOutcome[Any]  # Any: what several actions of one page return


def run_action_form(
    request: Request,
    action: Callable[..., Value],
    form: forms.BaseForm | None = None,
    *,
    arguments: Arguments | Callable[[], Arguments] | None = None,
    success: str | Callable[[Value], str] = "",
    version_of: Model | None = None,
    error_field: str | None = None,
    before: Callable[[Request], None] | None = None,
) -> ActionOutcome[Value]:
    """Run an action with the data of a submitted form; without `form`, for a button.

    Nothing runs unless the request is a POST and the form is valid. `arguments` default to the cleaned data, or to the
    posted fields of a partial form; a callable is called after validation and may raise `ActionError`, as may `before`.
    An `ActionError` is added to the form (to `error_field` or the field that it names, else to the whole form), or
    shown as a message on the next page if there is no form; `success` is a message on the next page.
    With `version_of`, the action is refused if that record has changed since the form was shown.
    Raises `Http404` if the action finds no such record; lets `ActionForbiddenError` pass.
    """
    if request.method != "POST" or (form is not None and not form.is_valid()):
        return ActionOutcome()
    try:
        if before is not None:
            before(request)
        actor_and_time = {"actor": request.actor, "at": timezone.now()}
        with _version_guard_for(request, version_of):
            value = action(**_action_arguments(form, arguments), **actor_and_time)
    except ActionError as error:
        if form is None:
            messages.error(request, str(error))
        else:
            form.add_error(_field_at_fault(form, error_field, error), str(error))
        return ActionOutcome(error=error)
    except ObjectDoesNotExist as error:
        raise Http404(str(error)) from error
    if success:
        messages.success(request, success(value) if callable(success) else success)
    return ActionOutcome((value,))


def _field_at_fault(form: forms.BaseForm, error_field: str | None, error: ActionError) -> str | None:
    field = error_field or getattr(error, "field", "")
    return field if field in form.fields else None


def _action_arguments(form: forms.BaseForm | None, arguments: Arguments | Callable[[], Arguments] | None) -> Arguments:
    if callable(arguments):
        return arguments()
    if arguments is not None:
        return arguments
    if form is None:
        return {}
    return form.posted if isinstance(form, PartialFormMixin) else form.cleaned_data


def _version_guard_for(request: Request, record: Model | None) -> AbstractContextManager[None]:
    if record is None:
        return nullcontext()
    return version_guard(record._meta.label_lower, record.pk, request.POST.get("version", ""))


def redirect_after_action(
    request: Request, action: Callable[..., object], to: HasPage | str, success: str = "", **arguments: object
) -> HttpResponse:
    """Run an action for a button and redirect to a page, which shows the message of its success or error."""
    run_action_form(request, action, arguments=arguments, success=success)
    return redirect(to)


def get_organisation_for_action(request: Request, key: str, action: str, name: str) -> Organisation:
    """The organisation with this key, if the reader may run the action with its id as the argument `name`.

    Raises `ActionForbiddenError`, `Http404`.
    """
    organisations = Organisation.objects.visible_to(request.actor)
    organisation: Organisation = get_object_or_404(organisations, key=key, merged_into=None)
    check_action_allowed(request, action, **{name: organisation.pk})
    return organisation


def check_action_allowed(request: Request, action: str, **arguments: object) -> None:
    """Raise `ActionForbiddenError` unless the reader may run the action now with these arguments."""
    REGISTRY[action].check_allowed(request.actor, timezone.now(), arguments)


def require_officer(request: Request, message: str) -> None:
    """Raise `ActionForbiddenError` with the message unless the reader is an officer of the site."""
    if not request.actor.is_officer:
        raise ActionForbiddenError(message)


def is_action_allowed(request: Request, action: str, **arguments: object) -> bool:
    """Whether the reader may run the action now with these arguments, for pages that offer only allowed actions."""
    return REGISTRY[action].allows(request.actor, timezone.now(), arguments)


def organisation_id_of_key(request: Request, key: str) -> int:
    """The id of the organisation with this key. Raises `ActionError` if the reader may not see one."""
    organisations = Organisation.objects.visible_to(request.actor)
    organisation = organisations.filter(key=key.strip(), merged_into=None).only("pk").first()
    if organisation is None:
        raise ActionError(_("“%s” is not the key of an organisation of the register.") % key.strip()[:80])
    return int(organisation.pk)


def posted_data(request: Request) -> QueryDict | None:
    """The data of a submitted form, which may be empty; `None` if the request is not a POST."""
    return request.POST if request.method == "POST" else None


def parse_number(text: str, digits: int = 18) -> int:
    """A whole number of at most `digits` digits in a form or an address; 0 for any other text."""
    return int(text) if text.isdecimal() and len(text) <= digits else 0


def action_form_page(
    request: Request, form: forms.BaseForm, about: Model, *, versioned: bool = False, **words: object
) -> HttpResponse:
    """The page of a form about a record; `words` are `heading`, `intro`, and `go` for the button.

    A `versioned` form is refused if the record has changed since it was shown.
    """
    context = {"form": form, "about": about, **words}
    if versioned:
        context["version"] = form_version(request, about)
    return render(request, "web/act.html", context, status=422 if form.is_bound else 200)
