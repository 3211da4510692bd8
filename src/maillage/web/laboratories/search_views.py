"""Which laboratories work on something: the page, its filters, and the file of its lines."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core import formats
from maillage.core.request import Request
from maillage.partnerships.laboratory_matching import LaboratoryMatch
from maillage.presentation.exports import csv_table
from maillage.register.models import Identifier
from maillage.web.laboratories.nearest import laboratory_rows
from maillage.web.laboratories.question import LaboratoryQuestion
from maillage.web.partnerships.asker_fields import posted_asker_values

_SHOWN, _SHOWN_MORE, _IN_A_FILE = 20, 100, 100


@require_http_methods(["GET", "POST"])
def laboratories_page(request: Request) -> HttpResponse:
    """The laboratories nearest to what is asked; a posted text is read and forgotten."""
    question = LaboratoryQuestion.of(request)
    limit = _SHOWN_MORE if "more" in request.POST or "more" in request.GET else _SHOWN
    found = question.matches(request, limit)
    titles = {"region": _("Region"), "body": _("Supervised by"), "label": _("Label held")}
    context = {
        "question": question,
        "found": found,
        "rows": laboratory_rows(request, found, question.need),
        "filters": [
            (name, titles[name], getattr(question.filters, name), choices) for name, choices in found.choices.items()
        ],
        "may_show_more": limit == _SHOWN and len(found.matches) == _SHOWN,
        "who": posted_asker_values(request),
        "any_tie": any(match.ties for match in found.matches),
        "ties_off": question.ties_off,
    }
    response = render(request, "web/laboratories/search.html", context)
    if question.text:
        response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def laboratories_file(request: Request) -> HttpResponse:
    """The lines of the page as a CSV, at most a hundred, in the language of the page."""
    question = LaboratoryQuestion.of(request)
    found = question.matches(request, _IN_A_FILE)
    ids = [match.organisation.pk for match in found.matches]
    numbers = Identifier.objects.visible_to(request.actor).filter(organisation__in=ids, scheme="rnsr")
    rnsr = dict(numbers.values_list("organisation_id", "value"))
    heading = [_("Rank"), _("Name"), "RNSR", _("Town"), _("Region"), _("Reasons"), _("Offers"), _("Page")]
    rows = [_cells(request, rank, match, rnsr) for rank, match in enumerate(found.matches, start=1)]
    file = csv_table([heading, *rows], french=formats.language() == "fr")
    name = f"maillage-{_('laboratories')}-{timezone.localdate():%Y-%m-%d}.csv"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]


def _cells(request: Request, rank: int, match: LaboratoryMatch, rnsr: dict[int, str]) -> list[int | str]:
    one = match.organisation
    return [
        rank,
        str(one.name),
        rnsr.get(one.pk, ""),
        one.city,
        formats.region(one.region) if one.region else "",
        formats.join_items((*match.reasons, *match.ties)),
        _("yes") if match.offers else _("no"),
        request.build_absolute_uri(one.get_absolute_url()),
    ]
