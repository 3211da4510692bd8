"""The page of one's programs: the tokens by which they act, and the webhooks by which they are told."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from maillage.api.actions import tokens
from maillage.api.forms import TokenForm, WebhookForm
from maillage.api.queries import tokens_of
from maillage.api.webhooks.actions import webhooks
from maillage.api.webhooks.queries import deliveries_of, webhooks_of
from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.people.queries import mandates_of


@never_cache
@login_required
def programs_page(request: Request) -> HttpResponse:
    """One's tokens and webhooks, and the forms for more."""
    return _page(request)


def _page(request: Request, status: int = 200, **more: Any) -> HttpResponse:
    held = mandates_of(request.user, timezone.localdate())  # type: ignore[arg-type]
    context = {
        "tokens": tokens_of(request.actor),
        "webhooks": webhooks_of(request.actor),
        "deliveries": deliveries_of(request.actor),
        "token_form": TokenForm(mandates=held, prefix="token"),
        "webhook_form": WebhookForm(mandates=held, prefix="webhook"),
        "now": timezone.now(),
    }
    return render(request, "web/programs.html", context | more, status=status)


@never_cache
@require_POST
@login_required
def create_token_view(request: Request) -> HttpResponse:
    """Make a token; its secret stands on this page and on no other."""
    form = TokenForm(request.POST, mandates=_held(request), prefix="token")
    made = _done(request, form, tokens.create_token)
    if made is None:
        return _page(request, 422, token_form=form)
    return _page(request, token=made[0], token_secret=made[1])


@never_cache
@require_POST
@login_required
def create_webhook_view(request: Request) -> HttpResponse:
    """Make a webhook; its secret stands on this page and on no other."""
    form = WebhookForm(request.POST, mandates=_held(request), prefix="webhook")
    made = _done(request, form, webhooks.create_webhook)
    if made is None:
        return _page(request, 422, webhook_form=form)
    return _page(request, webhook=made[0], webhook_secret=made[1])


@require_POST
@login_required
def revoke_token_view(request: Request, pk: int) -> HttpResponse:
    """End a token at once."""
    return _act(request, tokens.revoke_token, _("The token is revoked."), token_id=pk)


@require_POST
@login_required
def act_on_webhook(request: Request, pk: int, what: str) -> HttpResponse:
    """Try, resume or remove a webhook."""
    acts = {
        "try": (webhooks.try_webhook, _("A message is on its way; reload this page to see how it fares.")),
        "resume": (webhooks.resume_webhook, _("The webhook is told again, and gets what it missed.")),
        "remove": (webhooks.remove_webhook, _("The webhook is removed.")),
    }
    if what not in acts:
        raise Http404
    act, said = acts[what]
    return _act(request, act, said, webhook_id=pk)


def _held(request: Request) -> list[Any]:
    return mandates_of(request.user, timezone.localdate())  # type: ignore[arg-type]


def _done(request: Request, form: forms.Form, act: Callable[..., Any]) -> Any:
    """What the action returns for a form filled in well; `None`, with the reason on the form, else."""
    if not form.is_valid():
        return None
    given = dict(form.cleaned_data)
    mandate = given.pop("mandate")
    try:
        return act(actor=request.actor, at=timezone.now(), mandate_id=mandate.pk if mandate else None, **given)
    except ActionError as error:
        form.add_error(None, str(error))
        return None


def _act(request: Request, act: Callable[..., Any], said: str, **arguments: int) -> HttpResponse:
    try:
        act(actor=request.actor, at=timezone.now(), **arguments)
        messages.success(request, said)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("programs")
