"""The ranking of a call, for whoever runs it: the order as the panel moves it, weights, minutes, outcomes."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.calls.models import Call
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.presentation.action_forms import (
    parse_number,
    posted_data,
    redirect_after_action,
    run_action_form,
)
from maillage.reviews.actions.decisions import propose_outcome
from maillage.reviews.actions.minutes import make_minutes
from maillage.reviews.actions.ranking import place_application
from maillage.reviews.minutes import cutoff_text, place_text, render_minutes_pdf
from maillage.reviews.models import Decision, Minutes
from maillage.reviews.ranking import (
    RankingRow,
    call_ranking,
    order_fingerprint,
    outcome_cutoffs,
    ranking_moves,
    ranking_version,
)
from maillage.reviews.ranking_method import ranking_method
from maillage.reviews.sensitivity import DEFAULT_STEP, RankRange, weight_sensitivity
from maillage.web.reviews.forms import AttendanceForm, StepForm
from maillage.web.reviews.lookups import get_call_for_review


@never_cache
@require_safe
def ranking_page(request: Request, key: str) -> HttpResponse:
    """The ranking with its method, the panel's form to move dossiers, and what is proposed and decided.

    With `?watch` it is the list alone, to be shown to a panel: it follows what others do, and has nothing to fill in.
    """
    call = get_call_for_review(request, key)
    watch = "watch" in request.GET
    with read_everything():
        context = _order(call, watch=watch) | {"method": ranking_method(call)}
    decisions = list(Decision.objects.filter(application__version__call=call, application__withdrawn_at=None))
    counts = {one.key: sum(1 for each in decisions if each.outcome == one.key) for one in call.last.says.outcomes}
    context |= {
        "counted": [(one, counts[one.key]) for one in call.last.says.outcomes],
    }
    return render(request, "web/reviews/ranking.html", context)


@never_cache
@require_safe
def ranking_order(request: Request, key: str) -> HttpResponse:
    """The list alone, for a page that watches it, or a `notice` for one that is worked on, that it has changed.

    Nothing (204) while it reads as that page has `seen` it.
    """
    call = get_call_for_review(request, key)
    with read_everything():
        if request.GET.get("seen") == ranking_version(call):
            return HttpResponse(status=204)
        if "notice" in request.GET:
            return render(request, "web/reviews/changed.html", {"call": call, "changed": True})
        return render(request, "web/reviews/order.html", _order(call, watch=True))


def _order(call: Call, *, watch: bool) -> dict[str, Any]:
    seen, says, lines = ranking_version(call), call.last.says, call_ranking(call)
    decisions = {one.application_id: one for one in Decision.objects.filter(application__version__call=call)}
    titles = {one.key: one.title for one in says.outcomes}
    ends = {after: outcome for outcome, after in outcome_cutoffs(says)}
    moves = ranking_moves(call)
    return {
        "call": call,
        "seen": seen,
        "base": order_fingerprint(lines),
        "rows": [_row(line, decisions.get(line.application.pk), titles, ends, len(lines)) for line in lines],
        "outcomes": says.outcomes,
        "last_move": moves[-1] if moves else None,
        "watch": watch,
        "moves": bool(lines) and not watch and not any(one.decided_at for one in decisions.values()),
        "beyond": [(outcome, after) for outcome, after in outcome_cutoffs(says) if after > len(lines)],
    }


def _row(
    line: RankingRow, decision: Decision | None, titles: dict[str, Any], ends: dict[int, Any], last: int
) -> dict[str, Any]:
    cut = ends.get(line.position)
    return {
        "line": line,
        "place": place_text(line),
        "decision": decision,
        "outcome": titles.get(decision.outcome, "") if decision else "",
        "cut": cutoff_text(str(cut.title), line.position) if cut else "",
        "cut_ties": bool(cut and line.tied and line.tied[1] > line.position),
        "first": line.position == 1,
        "last": line.position == last,
    }


@require_POST
def move_application(request: Request, key: str) -> HttpResponse:
    """The panel moves a dossier a place up or down, or to a place, with its reason."""
    get_call_for_review(request, key)
    application, place = _moved(request.POST)
    return redirect_after_action(
        request,
        place_application,
        f"{reverse('call-ranking', args=[key])}#dossier-{application}",
        _("Moved to place %d.") % place,
        application_id=application,
        place=place,
        reason=request.POST.get("reason", ""),
        base=request.POST.get("base", ""),
    )


def _moved(given: Any) -> tuple[int, int]:
    """The dossier (its id) and where it goes: a button of its row says `id:place`, else two fields do."""
    application, _colon, place = given["to"].partition(":") if given.get("to") else (given.get("dossier", ""), "",
                                                                                  given.get("place", ""))  # fmt: skip
    return parse_number(application, digits=9), parse_number(place, digits=9)


@never_cache
@require_safe
def weights_page(request: Request, key: str) -> HttpResponse:
    """How the list moves when a weight moves, as a page, or as the part of the ranking's page that waits for it."""
    call = get_call_for_review(request, key)
    form = StepForm(request.GET if "step" in request.GET else None)
    step = form.cleaned_data["step"] if form.is_valid() else DEFAULT_STEP
    with read_everything():
        found = weight_sensitivity(call, step)
    lasts = max((one.worst for one in found.ranges), default=1)
    context = {
        "call": call,
        "form": form,
        "found": found,
        "bars": [_bar(one, lasts, [turning.after for turning in found.tipping_points]) for one in found.ranges],
    }
    part = "web/reviews/weights.html" if request.headers.get("HX-Request") else "web/reviews/weights_page.html"
    return render(request, part, context)


def _bar(one: RankRange, lasts: int, ends: list[int]) -> dict[str, Any]:
    """A range drawn on a scale of 200, on which each rank is as broad as the others."""
    rank = 200 / max(1, lasts)
    return {
        "range": one,
        "x": round((one.best - 1) * rank, 2),
        "width": round((one.worst - one.best + 1) * rank, 2),
        "now": round((one.now - 0.5) * rank, 2),
        "ends": [round(end * rank, 2) for end in ends],
    }


@never_cache
def minutes_page(request: Request, key: str) -> HttpResponse:
    """The minutes that were made, and the form that makes some."""
    call = get_call_for_review(request, key)
    form = AttendanceForm(posted_data(request))
    outcome = run_action_form(
        request,
        partial(make_minutes, call_id=call.pk),
        form,
        arguments=lambda: {"present": form.cleaned_data["present"].splitlines()},
    )
    if outcome:
        return redirect("minutes-paper", key, outcome.value.pk)
    context = {"call": call, "form": form, "made": _minutes(call).order_by("-pk")}
    return render(request, "web/reviews/minutes.html", context, status=422 if form.is_bound else 200)


def _minutes(call: Call) -> "QuerySet[Minutes]":
    return Minutes.objects.filter(call=call)


@require_safe
def minutes_file(request: Request, key: str, pk: int) -> HttpResponse:
    """Minutes as a PDF, in the language of the page."""
    call = get_call_for_review(request, key)
    found = get_object_or_404(_minutes(call), pk=pk)
    name = f"{call.key}-{found.at:%Y-%m-%d}.pdf"
    return HttpResponse(
        render_minutes_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )


@require_POST
def propose(request: Request, key: str, pk: int) -> HttpResponse:
    """Propose an outcome for a dossier."""
    get_call_for_review(request, key)
    return redirect_after_action(
        request,
        propose_outcome,
        f"{reverse('call-ranking', args=[key])}#dossier-{pk}",
        application_id=pk,
        outcome=request.POST.get("outcome", ""),
        base=request.POST.get("base", ""),
        reason=request.POST.get("why", ""),
    )
