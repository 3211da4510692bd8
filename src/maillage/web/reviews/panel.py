"""The pages of whoever runs a call: reviewers, conflicts, assignments, the ranking, proposals and decisions."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.calls.models import Call
from maillage.calls.queries import calls
from maillage.kernel.actions import REGISTRY, Impossible
from maillage.kernel.request import Request
from maillage.kernel.scope import everything
from maillage.register.models import Organisation
from maillage.reviews.actions import assign_reviews, name_reviewer, next_phase, replace_reviewer
from maillage.reviews.deciding import decide, place_dossier, propose_outcome, publish_decisions
from maillage.reviews.models import Assignment, Conflict, Decision, Panel, Phase, Reviewer
from maillage.reviews.queries import judged, standings
from maillage.web.acting import done, may, tried
from maillage.web.conventions.record import following_of

_SHOWN = 400


class ReviewerForm(forms.Form):
    """Somebody who reviews."""

    email = forms.EmailField(label=gettext_lazy("Mail address of the account"), max_length=254)
    employer = forms.CharField(label=gettext_lazy("Key of the employer"), max_length=80, required=False)
    competences = forms.CharField(
        label=gettext_lazy("What they know, in words separated by commas"), max_length=2_000, required=False
    )
    most = forms.IntegerField(label=gettext_lazy("Reviews at most"), min_value=1, max_value=50, initial=6)


def _call(request: Request, key: str, action: str = "assign_reviews") -> Call:
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY[f"reviews.{action}"].refuse(request.actor, timezone.now(), {"call_id": call.pk})
    return call


def panel(request: Request, key: str) -> HttpResponse:
    """Reviewers with what they are asked, conflicts, what dossiers lack."""
    call = _call(request, key)
    form = ReviewerForm(request.POST if request.POST.get("do") == "name" else None)

    def act(**by: Any) -> Any:
        given = form.cleaned_data
        employer = Organisation.objects.filter(key=given["employer"].strip(), merged_into=None).first()
        if given["employer"] and employer is None:
            raise Impossible(_("“%s” is not the key of a body of the register.") % given["employer"])
        words = given["competences"].split(",")
        return name_reviewer(call_id=call.pk, email=given["email"], employer_id=employer.pk if employer else None,
                             competences=words, most=given["most"], **by)  # fmt: skip

    if request.POST.get("do") == "name" and done(request, form, act):
        return redirect("call-panel", key)
    asked = Assignment.objects.filter(reviewer__call=call).select_related("dossier", "reviewer__person")
    conflicts = Conflict.objects.filter(reviewer__call=call).order_by("reviewer__person__name", "pk")
    phase = Panel.objects.filter(call=call).values_list("phase", flat=True).first() or Phase.INDEPENDENT
    context = {
        "call": call,
        "form": form,
        "reviewers": Reviewer.objects.filter(call=call).select_related("person", "employer").order_by("person__name"),
        "assignments": asked.order_by("dossier_id", "pk")[:_SHOWN],
        "conflicts": conflicts.select_related("reviewer__person", "dossier")[:_SHOWN],
        "dossiers": len(judged(call)),
        "phase": Phase(phase),
        "next": _after(Phase(phase)),
        "today": timezone.localdate(),
    }
    return render(request, "web/reviews/panel.html", context, status=422 if form.is_bound else 200)


def _after(phase: Phase) -> Phase | None:
    order = list(Phase)
    place = order.index(phase) + 1
    return order[place] if place < len(order) else None


@require_POST
def assign(request: Request, key: str) -> HttpResponse:
    """Ask reviewers for what dossiers lack; says whether the assignment is proven best."""
    call = _call(request, key)
    found = tried(request, assign_reviews, call_id=call.pk)
    if found is not None:
        lacking = sum(one.missing for one in found.lacks)
        best = _("The best assignment, proven.") if found.proven else _("The best assignment found in time.")
        messages.success(request, f"{best} " + (_("Reviews still lacking: %d.") % lacking if lacking else ""))
    return redirect("call-panel", key)


@require_POST
def advance(request: Request, key: str) -> HttpResponse:
    """Open the next phase."""
    tried(request, next_phase, call_id=_call(request, key).pk, phase=request.POST.get("phase", ""))
    return redirect("call-panel", key)


@require_POST
def replace(request: Request, key: str, pk: int) -> HttpResponse:
    """Ask somebody else in the stead of one who is late."""
    _call(request, key)
    tried(request, replace_reviewer, assignment_id=pk, reason=request.POST.get("reason", ""))
    return redirect("call-panel", key)


def ranking(request: Request, key: str) -> HttpResponse:
    """The ranking, raw and without severity, with what is proposed and decided."""
    call = _call(request, key)
    says = call.last.says
    with everything():
        lines = standings(call)
    decisions = {one.dossier_id: one for one in Decision.objects.filter(dossier__version__call=call)}
    titles = {one.key: one.title for one in says.outcomes}
    counts = {one.key: sum(1 for each in decisions.values() if each.outcome == one.key) for one in says.outcomes}
    following = following_of(request, call, decisions)
    context = {
        "call": call,
        "lines": [
            {"line": line, "decision": (held := decisions.get(line.dossier.pk)),
             "outcome": titles.get(held.outcome, "") if held else "",
             **following.get(line.dossier.pk, {})}
            for line in lines
        ],
        "outcomes": [(one, counts[one.key]) for one in says.outcomes],
        "may_decide": may(request, "reviews.decide", call_id=call.pk),
        "undecided": any(one.decided_at is None for one in decisions.values()),
        "unpublished": any(one.published_at is None for one in decisions.values()),
    }  # fmt: skip
    return render(request, "web/reviews/ranking.html", context)


@require_POST
def propose(request: Request, key: str, pk: int) -> HttpResponse:
    """Propose an outcome for a dossier, or place it elsewhere."""
    _call(request, key)
    given = request.POST
    if given.get("do") == "place":
        place = given.get("place", "")
        number = int(place) if place.isdecimal() and len(place) < 6 else 0
        tried(request, place_dossier, dossier_id=pk, place=number, reason=given.get("reason", ""))
    else:
        tried(request, propose_outcome, dossier_id=pk, outcome=given.get("outcome", ""), base=given.get("base", ""))
    return redirect("call-ranking", key)


@require_POST
def conclude(request: Request, key: str) -> HttpResponse:
    """The authority decides, or publishes."""
    call = _call(request, key, "decide")
    act = publish_decisions if request.POST.get("do") == "publish" else decide
    if tried(request, act, call_id=call.pk) is not None:
        messages.success(request, _("Published: awards stand in the register.") if act is publish_decisions
                         else _("Decided as proposed."))  # fmt: skip
    return redirect("call-ranking", key)
