"""Pages of withdrawn facts: all of them, one at the address where it stood, and the form that restores it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maillage.core.actions.facts import restore_fact
from maillage.core.models import WithdrawnFact
from maillage.core.request import Request
from maillage.core.rows.list_register import FACT_LISTS
from maillage.presentation.action_forms import posted_data, require_officer, run_action_form
from maillage.register.fact_addresses import list_address
from maillage.web.facts.forms import ReasonForm

_SHOWN = 200


def withdrawn_page(request: Request) -> HttpResponse:
    """The facts that were withdrawn, newest first, for officers."""
    _require_officer(request)
    withdrawn = WithdrawnFact.objects.filter(restored_at=None).order_by("-withdrawn_at", "-pk")[:_SHOWN]
    rows = [(fact, FACT_LISTS[fact.list_name].title) for fact in withdrawn]
    return render(request, "web/facts/withdrawn.html", {"rows": rows})


def gone_page(request: Request, withdrawn: WithdrawnFact) -> HttpResponse:
    """The page at the address of a record that was withdrawn."""
    fact_list = FACT_LISTS[withdrawn.list_name]
    context = {"withdrawn": withdrawn, "fact_list": fact_list, "list_url": list_address(fact_list)}
    return render(request, "web/facts/gone.html", context, status=410)


def restore_fact_page(request: Request, pk: int) -> HttpResponse:
    """The form that restores a withdrawn fact."""
    _require_officer(request)
    withdrawn, form = get_object_or_404(WithdrawnFact, pk=pk), ReasonForm(posted_data(request))
    restore = partial(restore_fact, withdrawn_id=pk)
    if run_action_form(request, restore, form, success=_("The fact stands again, as it was.")):
        return redirect("withdrawn-facts")
    context = {"withdrawn": withdrawn, "form": form}
    return render(request, "web/facts/restore.html", context, status=422 if form.is_bound else 200)


def _require_officer(request: Request) -> None:
    require_officer(request, _("Withdrawn facts are reviewed by officers of the site."))
