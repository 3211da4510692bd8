"""Pages of the ranking of a call, for those who run it: order, moves of the panel, weights, minutes, outcomes."""

from collections.abc import Mapping
from functools import partial

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.calls.call_document import Outcome
from maillage.calls.models import Call
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.presentation.action_forms import (
    parse_number,
    posted_data,
    redirect_after_action,
    run_action_form,
)
from maillage.presentation.form_types import CleanedData
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
    """The ranking with its method, the form to move applications, and the outcomes proposed and decided.

    With `?watch` it is the list alone, to project before a panel: it updates itself and has no forms.
    """
    call = get_call_for_review(request, key)
    watch = "watch" in request.GET
    with read_everything():
        context = _order_context(call, watch=watch) | {"method": ranking_method(call)}
    decisions = list(Decision.objects.filter(application__version__call=call, application__withdrawn_at=None))
    counts = {
        outcome.key: sum(1 for decision in decisions if decision.outcome == outcome.key)
        for outcome in call.last.document.outcomes
    }
    context |= {
        "counted": [(outcome, counts[outcome.key]) for outcome in call.last.document.outcomes],
    }
    return render(request, "web/reviews/ranking.html", context)


@never_cache
@require_safe
def ranking_order(request: Request, key: str) -> HttpResponse:
    """The list alone, for a page that watches it; with `?notice`, a notice that it has changed, for a page with forms.

    Status 204 while the ranking is still the version named by `?seen=`.
    """
    call = get_call_for_review(request, key)
    with read_everything():
        if request.GET.get("seen") == ranking_version(call):
            return HttpResponse(status=204)
        if "notice" in request.GET:
            return render(request, "web/reviews/changed.html", {"call": call, "changed": True})
        return render(request, "web/reviews/order.html", _order_context(call, watch=True))


def _order_context(call: Call, *, watch: bool) -> dict[str, object]:
    version, document, lines = ranking_version(call), call.last.document, call_ranking(call)
    decisions = {
        decision.application_id: decision for decision in Decision.objects.filter(application__version__call=call)
    }
    titles = {outcome.key: outcome.title for outcome in document.outcomes}
    ends = {after: outcome for outcome, after in outcome_cutoffs(document)}
    moves = ranking_moves(call)
    return {
        "call": call,
        "seen": version,
        "base": order_fingerprint(lines),
        "rows": [_row_context(line, decisions.get(line.application.pk), titles, ends, len(lines)) for line in lines],
        "outcomes": document.outcomes,
        "last_move": moves[-1] if moves else None,
        "watch": watch,
        "moves": bool(lines) and not watch and not any(decision.decided_at for decision in decisions.values()),
        "beyond": [(outcome, after) for outcome, after in outcome_cutoffs(document) if after > len(lines)],
    }


def _row_context(
    line: RankingRow, decision: Decision | None, titles: Mapping[str, object], ends: dict[int, Outcome], last: int
) -> dict[str, object]:
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
    """Move an application to a place, with the reason of the panel."""
    get_call_for_review(request, key)
    application, place = _posted_move(request.POST)
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


def _posted_move(posted: CleanedData) -> tuple[int, int]:
    """The id of an application and its new place: from the button of its row (`id:place`), or else from two fields."""
    if posted.get("to"):
        application, _colon, place = posted["to"].partition(":")
    else:
        application, place = posted.get("dossier", ""), posted.get("place", "")
    return parse_number(application, digits=9), parse_number(place, digits=9)


@never_cache
@require_safe
def weights_page(request: Request, key: str) -> HttpResponse:
    """The sensitivity of the ranking to its weights, as a page, or as a fragment of the ranking page for htmx."""
    call = get_call_for_review(request, key)
    form = StepForm(request.GET if "step" in request.GET else None)
    step = form.cleaned_data["step"] if form.is_valid() else DEFAULT_STEP
    with read_everything():
        sensitivity = weight_sensitivity(call, step)
    last_rank = max((rank_range.worst for rank_range in sensitivity.ranges), default=1)
    context = {
        "call": call,
        "form": form,
        "found": sensitivity,
        "bars": [
            _range_bar(rank_range, last_rank, [turning.after for turning in sensitivity.tipping_points])
            for rank_range in sensitivity.ranges
        ],
    }
    part = "web/reviews/weights.html" if request.headers.get("HX-Request") else "web/reviews/weights_page.html"
    return render(request, part, context)


def _range_bar(rank_range: RankRange, last_rank: int, ends: list[int]) -> dict[str, object]:
    """The bar of a range of ranks, on a scale of 200 on which all ranks are equally wide."""
    rank_width = 200 / max(1, last_rank)
    return {
        "range": rank_range,
        "x": round((rank_range.best - 1) * rank_width, 2),
        "width": round((rank_range.worst - rank_range.best + 1) * rank_width, 2),
        "now": round((rank_range.now - 0.5) * rank_width, 2),
        "ends": [round(end * rank_width, 2) for end in ends],
    }


@never_cache
def minutes_page(request: Request, key: str) -> HttpResponse:
    """The minutes of a call, and the form that makes them."""
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
    context = {"call": call, "form": form, "made": _minutes_of(call).order_by("-pk")}
    return render(request, "web/reviews/minutes.html", context, status=422 if form.is_bound else 200)


def _minutes_of(call: Call) -> "QuerySet[Minutes]":
    return Minutes.objects.filter(call=call)


@require_safe
def minutes_file(request: Request, key: str, pk: int) -> HttpResponse:
    """Minutes as a PDF, in the language of the page."""
    call = get_call_for_review(request, key)
    minutes = get_object_or_404(_minutes_of(call), pk=pk)
    name = f"{call.key}-{minutes.at:%Y-%m-%d}.pdf"
    return HttpResponse(
        render_minutes_pdf(minutes),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )


@require_POST
def propose(request: Request, key: str, pk: int) -> HttpResponse:
    """Propose an outcome for an application."""
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
