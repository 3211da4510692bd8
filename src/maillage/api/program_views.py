"""The page of the reader's tokens and webhooks, and the forms on it."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from maillage.api.actions import tokens
from maillage.api.forms import TokenForm, WebhookForm
from maillage.api.queries import tokens_of
from maillage.api.webhooks.actions import webhooks
from maillage.api.webhooks.queries import deliveries_of, webhooks_of
from maillage.core.request import Request
from maillage.people.models import Mandate
from maillage.people.queries import mandates_of
from maillage.presentation.action_forms import redirect_after_action, run_action_form


@never_cache
@login_required
def programs_page(request: Request) -> HttpResponse:
    """The reader's tokens and webhooks, and forms to create more."""
    return _page(request)


def _page(request: Request, status: int = 200, **changes: object) -> HttpResponse:
    mandates = mandates_of(request.user, timezone.localdate())  # type: ignore[arg-type]
    context = {
        "tokens": tokens_of(request.actor),
        "webhooks": webhooks_of(request.actor),
        "deliveries": deliveries_of(request.actor),
        "token_form": TokenForm(mandates=mandates, prefix="token"),
        "webhook_form": WebhookForm(mandates=mandates, prefix="webhook"),
        "now": timezone.now(),
    }
    return render(request, "web/programs.html", context | changes, status=status)


@never_cache
@require_POST
@login_required
def create_token_view(request: Request) -> HttpResponse:
    """Create a token; its secret is shown on this page only."""
    form = TokenForm(request.POST, mandates=_mandates_of_reader(request), prefix="token")
    outcome = run_action_form(request, tokens.create_token, form, arguments=lambda: _with_mandate_id(form))
    if not outcome:
        return _page(request, 422, token_form=form)
    token, secret = outcome.value
    return _page(request, token=token, token_secret=secret)


@never_cache
@require_POST
@login_required
def create_webhook_view(request: Request) -> HttpResponse:
    """Create a webhook; its secret is shown on this page only."""
    form = WebhookForm(request.POST, mandates=_mandates_of_reader(request), prefix="webhook")
    outcome = run_action_form(request, webhooks.create_webhook, form, arguments=lambda: _with_mandate_id(form))
    if not outcome:
        return _page(request, 422, webhook_form=form)
    webhook, secret = outcome.value
    return _page(request, webhook=webhook, webhook_secret=secret)


@require_POST
@login_required
def revoke_token_view(request: Request, pk: int) -> HttpResponse:
    """Revoke a token at once."""
    to, success = reverse("programs"), _("The token is revoked.")
    return redirect_after_action(request, tokens.revoke_token, to, success, token_id=pk)


@require_POST
@login_required
def act_on_webhook(request: Request, pk: int, what: str) -> HttpResponse:
    """Try, resume or remove a webhook."""
    actions = {
        "try": (webhooks.try_webhook, _("A message is on its way; reload this page to see how it fares.")),
        "resume": (webhooks.resume_webhook, _("The webhook is notified again, and gets what it missed.")),
        "remove": (webhooks.remove_webhook, _("The webhook is removed.")),
    }
    if what not in actions:
        raise Http404
    action, success = actions[what]
    return redirect_after_action(request, action, reverse("programs"), success, webhook_id=pk)


def _mandates_of_reader(request: Request) -> list[Mandate]:
    return mandates_of(request.user, timezone.localdate())  # type: ignore[arg-type]


def _with_mandate_id(form: forms.Form) -> dict[str, object]:
    fields = dict(form.cleaned_data)
    mandate = fields.pop("mandate")
    return {"mandate_id": mandate.pk if mandate else None, **fields}
