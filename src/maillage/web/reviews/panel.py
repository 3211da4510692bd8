"""The panel of a call, for whoever runs it: reviewers, conflicts, what is asked of whom, who is late."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.calls.models import Call
from maillage.calls.queries import calls
from maillage.kernel import wording
from maillage.kernel.actions import REGISTRY, Impossible
from maillage.kernel.request import Request
from maillage.kernel.scope import everything
from maillage.register.models import Organisation
from maillage.reviews.actions import assign_reviews, name_reviewer, next_phase, replace_reviewer
from maillage.reviews.models import Assignment, Conflict, Panel, Phase, Reviewer, State
from maillage.reviews.queries import judged
from maillage.reviews.succession import Successor, successors
from maillage.web.acting import done, posted, tried

_SHOWN = 400


class ReviewerForm(forms.Form):
    """Somebody who reviews."""

    email = forms.EmailField(label=gettext_lazy("Mail address of the account"), max_length=254)
    employer = forms.CharField(label=gettext_lazy("Key of the employer"), max_length=80, required=False)
    competences = forms.CharField(
        label=gettext_lazy("What they know, in words separated by commas"), max_length=2_000, required=False
    )
    most = forms.IntegerField(label=gettext_lazy("Reviews at most"), min_value=1, max_value=50, initial=6)


def call_run(request: Request, key: str, action: str = "assign_reviews") -> Call:
    """The call, for whoever may do what an action of its review does."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY[f"reviews.{action}"].refuse(request.actor, timezone.now(), {"call_id": call.pk})
    return call


def panel(request: Request, key: str) -> HttpResponse:
    """Reviewers with what they are asked, conflicts, what dossiers lack."""
    call = call_run(request, key)
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
    conflicts = Conflict.objects.filter(reviewer__call=call).order_by("reviewer__person__name", "pk")
    phase = Panel.objects.filter(call=call).values_list("phase", flat=True).first() or Phase.INDEPENDENT
    today = timezone.localdate()
    context = {
        "call": call,
        "form": form,
        "reviewers": Reviewer.objects.filter(call=call).select_related("person", "employer").order_by("person__name"),
        "assignments": _asked(call, today),
        "conflicts": conflicts.select_related("reviewer__person", "dossier")[:_SHOWN],
        "dossiers": len(judged(call)),
        "phase": Phase(phase),
        "next": _after(Phase(phase)),
        "review": call.last.says.review,
    }
    return render(request, "web/reviews/panel.html", context, status=422 if form.is_bound else 200)


def _asked(call: Call, day: dt.date) -> list[dict[str, Any]]:
    """What is asked of whom, those who are late first, the latest of all before the others."""
    held = Assignment.objects.filter(reviewer__call=call).select_related("dossier", "reviewer__person")
    late = Case(When(state=State.ASKED, due_on__lt=day, then="due_on"))
    shown = held.order_by(late.asc(nulls_last=True), "dossier_id", "pk")[:_SHOWN]
    return [{"held": one, "late": one.days_late(day)} for one in shown]


def _after(phase: Phase) -> Phase | None:
    order = list(Phase)
    place = order.index(phase) + 1
    return order[place] if place < len(order) else None


@require_POST
def assign(request: Request, key: str) -> HttpResponse:
    """Ask reviewers for what dossiers lack; says whether the assignment is proven best."""
    call = call_run(request, key)
    found = tried(request, assign_reviews, call_id=call.pk)
    if found is not None:
        lacking = sum(one.missing for one in found.lacks)
        best = _("The best assignment, proven.") if found.proven else _("The best assignment found in time.")
        messages.success(request, f"{best} " + (_("Reviews still lacking: %d.") % lacking if lacking else ""))
    return redirect("call-panel", key)


@require_POST
def advance(request: Request, key: str) -> HttpResponse:
    """Open the next phase."""
    tried(request, next_phase, call_id=call_run(request, key).pk, phase=request.POST.get("phase", ""))
    return redirect("call-panel", key)


class SuccessorForm(forms.Form):
    """Who takes over, the first being who suits best, and why."""

    successor = forms.ChoiceField(label=gettext_lazy("Who takes over"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2_000)

    def __init__(self, *arguments: Any, able: list[Successor], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["successor"].choices = [(one.reviewer.pk, _successor(one)) for one in able]  # type: ignore[attr-defined]


def _successor(one: Successor) -> str:
    told = _("%(name)s: knows %(share)s of what the dossier speaks of; has %(load)d of %(most)d reviews")
    return told % {"name": one.reviewer.person.name, "share": wording.percent(one.competence), "load": one.load,
                   "most": one.reviewer.most}  # fmt: skip


def replace(request: Request, key: str, pk: int) -> HttpResponse:
    """Says who would take over a review, then asks them in the stead of one who is late."""
    call = call_run(request, key)
    found = Assignment.objects.select_related("reviewer__person", "dossier__version__call")
    held = get_object_or_404(found, pk=pk, reviewer__call=call, state=State.ASKED)
    with everything():
        form = SuccessorForm(posted(request), able=(able := successors(held)))

    def act(**by: Any) -> Any:
        given = form.cleaned_data
        return replace_reviewer(assignment_id=pk, reason=given["reason"], successor_id=int(given["successor"]), **by)

    if done(request, form, act):
        messages.success(request, _("Somebody else is asked, and both are told."))
        return redirect("call-panel", key)
    context = {"call": call, "held": held, "late": held.days_late(timezone.localdate()), "form": form, "able": able}
    return render(request, "web/reviews/replace.html", context, status=422 if form.is_bound else 200)
