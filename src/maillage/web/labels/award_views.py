"""Page on which the authority changes the term of an award: end early, extend, or confirm after probation."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.request import Request
from maillage.labels.actions.awards import confirm_award, end_award, extend_award
from maillage.labels.models import Award
from maillage.presentation.action_forms import action_form_page, check_action_allowed, posted_data, run_action_form
from maillage.web.labels.forms import EndForm, TermForm

_CHANGES: dict[str, tuple[Callable[..., Award], type[forms.Form], str | Promise, str | Promise]] = {
    "end": (end_award, EndForm, gettext_lazy("End the label early"), gettext_lazy("End it")),
    "extend": (extend_award, TermForm, gettext_lazy("Lengthen the label"), gettext_lazy("Lengthen it")),
    "confirm": (
        confirm_award, TermForm, gettext_lazy("Confirm the label after its probation"), gettext_lazy("Confirm it"),
    ),
}  # fmt: skip


def award_term_page(request: Request, pk: int, what: str) -> HttpResponse:
    """Change the term of an award: `what` is end, extend or confirm."""
    action, form_class, heading, go = _CHANGES[what]
    award: Award = get_object_or_404(Award.objects.visible_to(request.actor).select_related("label", "holder"), pk=pk)
    check_action_allowed(request, f"labels.{action.__name__}", award_id=award.pk)
    form = form_class(posted_data(request))
    if run_action_form(request, partial(action, award_id=award.pk), form):
        return redirect(award)
    intro = _("Its record and its badge show it from then on; what was known before stays in the history.")
    return action_form_page(request, form, award, heading=heading, intro=intro, go=go)
