"""The ecosystem page: sentences on the day read, the sources of each, and the differences from another day."""

import datetime as dt

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.as_of import AsOf, InvalidMomentError
from maillage.core.request import Request
from maillage.publishing.queries import (
    EcosystemPage,
    PageComparison,
    compare_pages,
    explain_sentence,
    get_ecosystem_page,
)
from maillage.register.models import Organisation

# Linked data names at most this many organisations of the page.
MAX_MENTIONS = 100


@require_safe
def ecosystem_page(request: Request) -> HttpResponse:
    """The page, with the sources of one sentence (`?why=6`) or compared with another day (`?with=2021-01-01`)."""
    today = timezone.localdate()
    page = get_ecosystem_page(actor=request.actor, day=request.as_of.on, today=today)
    number = request.GET.get("why", "")
    context = {
        "page": page,
        "why": explain_sentence(page, int(number)) if number.isascii() and number.isdigit() else None,
        "linked_data": _json_ld(page),
        **_comparison(request, page, today),
    }
    return render(request, "publishing/ecosystem.html", context)


def _comparison(request: Request, page: EcosystemPage, today: dt.date) -> dict[str, object]:
    """The differences from the other day asked for, or why that day cannot be read."""
    day_text = request.GET.get("with", "")
    if not day_text:
        return {}
    try:
        other = AsOf.parse(day_text, "").on
    except InvalidMomentError as error:
        return {"refused": str(error)}
    if other == page.day:
        return {"refused": _("This is the day read; choose another one."), "with": day_text}
    return {"comparison": _differences(request, page, other, today), "with": day_text}


def _differences(request: Request, page: EcosystemPage, other: dt.date, today: dt.date) -> PageComparison:
    return compare_pages(page, get_ecosystem_page(actor=request.actor, day=other, today=today))


def _json_ld(page: EcosystemPage) -> dict[str, object]:
    """The page in schema.org terms: the institute it is about, and the organisations it mentions."""
    address = f"{settings.SITE_URL}/{(get_language() or 'fr')[:2]}/"
    mentions = [_organisation_json_ld(organisation) for organisation in page.mentions()[:MAX_MENTIONS]]
    data = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": _title(page),
        "inLanguage": (get_language() or "fr")[:2],
        "contentReferenceTime": page.day.isoformat(),
        "mentions": mentions,
    }
    return data | ({"about": _organisation_json_ld(page.institute)} if page.institute else {})


def _title(page: EcosystemPage) -> str:
    if page.institute is None:
        return _("The ecosystem")
    return _("The %(name)s ecosystem") % {"name": page.institute.short_name}


def _organisation_json_ld(organisation: Organisation) -> dict[str, str]:
    data = {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}{organisation.get_absolute_url()}",
        "name": str(organisation.name),
        "alternateName": organisation.acronym,
        "url": organisation.website,
    }
    return {name: value for name, value in data.items() if value}
