"""The ecosystem page of an organisation: sentences on the day read, the sources of each, changes from another day."""

import datetime as dt

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from maillage.core.actors import PUBLIC
from maillage.core.as_of import AsOf, InvalidMomentError
from maillage.core.request import Request
from maillage.presentation.links import link_as_of
from maillage.publishing.models import ecosystem_address
from maillage.publishing.queries import (
    EcosystemPage,
    PageComparison,
    compare_pages,
    explain_sentence,
    get_ecosystem_page,
    shown_ecosystems,
)
from maillage.register.models import Organisation

# Linked data names at most this many organisations of the page.
MAX_MENTIONS = 100
# The page within a frame has no script and no form; any site may frame it.
_EMBEDDED_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors *"
)


@require_safe
def ecosystem_page(request: Request, key: str) -> HttpResponse:
    """The page of an organisation, with the sources of a sentence (`?why=6`) or against a day (`?with=2021-01-01`)."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.actor), key=key)
    if organisation.merged_into is not None:
        address = ecosystem_address(organisation.merged_into)
        return HttpResponseRedirect(link_as_of(address, request.as_of))
    return _ecosystem_response(request, organisation)


@require_safe
def ecosystems_page(request: Request) -> HttpResponse:
    """The organisations whose ecosystem pages somebody has edited."""
    return render(request, "publishing/ecosystems.html", {"organisations": shown_ecosystems(request.actor)})


@require_safe
@xframe_options_exempt
def embedded_page(request: Request, key: str) -> HttpResponse:
    """The sentences alone, as every reader sees them, for a frame on another site."""
    organisation = get_object_or_404(Organisation.objects.visible_to(PUBLIC).filter(merged_into=None), key=key)
    page = get_ecosystem_page(organisation, actor=PUBLIC, day=request.as_of.on, today=timezone.localdate())
    address = f"{settings.SITE_URL}{link_as_of(ecosystem_address(organisation), request.as_of)}"
    response = render(request, "publishing/embed.html", {"page": page, "address": address})
    response.headers["Content-Security-Policy"] = _EMBEDDED_POLICY
    return response


def _ecosystem_response(request: Request, organisation: Organisation) -> HttpResponse:
    today = timezone.localdate()
    page = get_ecosystem_page(organisation, actor=request.actor, day=request.as_of.on, today=today)
    number = request.GET.get("why", "")
    context = {
        "page": page,
        "why": explain_sentence(page, int(number)) if number.isascii() and number.isdigit() else None,
        "linked_data": _json_ld(page),
        "embed_address": f"{settings.SITE_URL}{reverse('embed-ecosystem', args=[organisation.key])}",
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
    other_page = get_ecosystem_page(page.organisation, actor=request.actor, day=other, today=today)
    return compare_pages(page, other_page)


def _json_ld(page: EcosystemPage) -> dict[str, object]:
    """The page in schema.org terms: the organisation it is about, and the organisations it mentions."""
    address = f"{settings.SITE_URL}{ecosystem_address(page.organisation)}"
    mentions = [_organisation_json_ld(organisation) for organisation in page.mentions()[:MAX_MENTIONS]]
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": _("The %(name)s ecosystem") % {"name": page.organisation.short_name},
        "inLanguage": (get_language() or "fr")[:2],
        "contentReferenceTime": page.day.isoformat(),
        "mentions": mentions,
        "about": _organisation_json_ld(page.organisation),
    }


def _organisation_json_ld(organisation: Organisation) -> dict[str, str]:
    data = {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}{organisation.get_absolute_url()}",
        "name": str(organisation.name),
        "alternateName": organisation.acronym,
        "url": organisation.website,
    }
    return {name: value for name, value in data.items() if value}
