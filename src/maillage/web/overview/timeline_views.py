"""The page of labels over time: which labels were held on a day, by how many, and by whom."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from maillage.core.request import Request
from maillage.labels.holder_words import holders_sentence
from maillage.labels.models import Award
from maillage.labels.timeline import LabelYears, labels_over_years
from maillage.presentation import marks
from maillage.presentation.links import with_parameters
from maillage.web.overview.pictures import picture_links
from maillage.web.overview.timeline_drawing import MAX_BARS, awards_timeline, labels_timeline, period_words


@dataclass(frozen=True, slots=True)
class LabelWords:
    """A label as the table says it."""

    label: LabelYears
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class AwardWords:
    """An award as the table says it."""

    award: Award
    holder: str
    period: str
    state: SafeString


@require_safe
def timeline_page(request: Request) -> HttpResponse:
    """The labels over the years, or with `?label=` the awards of one; `?year=` leads to the end of that year."""
    today = timezone.localdate()
    if (year := request.GET.get("year", "")).isdecimal() and len(year) == len("2026"):
        return redirect(with_parameters(request, year=None, on=_end_of(int(year), today)))
    labels = labels_over_years(actor=request.actor, on=request.as_of.on, today=today)
    chosen = next((label for label in labels if label.label.key == request.GET.get("label")), None)
    years = [year.year for year in labels[0].years] if labels else []
    context = {
        "pictures": picture_links("label-timeline"),
        "labels": [_label_words(label, request, today) for label in labels],
        "years": years,
        "slider": (years[0], years[-1], min(max(request.as_of.on.year, years[0]), years[-1])) if years else None,
        "chosen": chosen,
        "sentence": holders_sentence(chosen.known, today) if chosen and chosen.known else "",
        "awards": [_award_words(award, request) for award in chosen.awards[:MAX_BARS]] if chosen else [],
        "drawing": awards_timeline(chosen, request) if chosen else labels_timeline(labels, request),
    }
    return render(request, "web/overview/timeline.html", context)


def _end_of(year: int, today: dt.date) -> str | None:
    """The last day of a past year, on which an award dated by year is certain; nothing for today."""
    return f"{year:04}-12-31" if 0 < year < today.year else None


def _label_words(label: LabelYears, request: Request, today: dt.date) -> LabelWords:
    sentence = holders_sentence(label.known, today) if label.known else ""
    return LabelWords(label, sentence, with_parameters(request, label=label.label.key))


def _award_words(award: Award, request: Request) -> AwardWords:
    state = marks.fact_state_mark(marks.fact_state_on(award, request.as_of.on))
    return AwardWords(award, str(award.holder or award.holder_text), period_words(award), state)
