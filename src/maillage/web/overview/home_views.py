"""The home page: tell a need, find who does what, see the network; on an empty register, what to do first."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.calls.queries import open_calls
from maillage.core.request import Request
from maillage.partnerships.queries import addressees
from maillage.publishing.models import ecosystem_address
from maillage.publishing.queries import shown_ecosystems
from maillage.register.models import Organisation
from maillage.site.queries import current_site
from maillage.web.facts.addresses import new_fact_address, sheet_address
from maillage.web.overview import home_queries
from maillage.web.overview.pictures import picture_links
from maillage.web.overview.ties_drawing import tie_natures, ties_drawing
from maillage.web.publishing.feed_views import latest_entries

# Parameters of the ecosystem page, which once stood at this address.
_OF_THE_ECOSYSTEM = ("why", "with", "on", "known")
_CALLS_SHOWN, _CHANGES_SHOWN = 3, 4
# Changes of these lists are shown, from so many events of each.
_CHANGED_LISTS, _EVENTS_READ = ("organisations", "ties", "offers", "awards", "trials", "events"), 30


@require_safe
def home_page(request: Request) -> HttpResponse:
    """The home page; an address with a sentence or a day leads to the ecosystem page, which it once named."""
    organisation = next(iter(shown_ecosystems(request.actor)), None)
    if organisation and any(name in request.GET for name in _OF_THE_ECOSYSTEM):
        return redirect(f"{ecosystem_address(organisation)}?{request.GET.urlencode()}")
    if not Organisation.objects.visible_to(request.actor).exists():
        return render(request, "web/overview/empty_home.html", _first_steps(request))
    return render(request, "web/overview/home.html", _home_context(request, organisation))


def _first_steps(request: Request) -> dict[str, object]:
    """Where the first facts are recorded, for those who may."""
    return {
        "new_organisation_url": new_fact_address(request, Organisation),
        "sheet_url": sheet_address(request, Organisation),
    }


def _home_context(request: Request, organisation: Organisation | None) -> dict[str, object]:
    today = timezone.localdate()
    own_ties = home_queries.ties_of(organisation, actor=request.actor) if organisation else []
    natures = tie_natures(organisation, own_ties, request) if organisation else []
    return {
        "organisation": organisation,
        "ecosystem_url": ecosystem_address(organisation) if organisation else "",
        "takes_needs": bool(addressees(today, actor=request.actor)),
        "example": next(iter(current_site().values.examples.splitlines()), ""),
        "counts": home_queries.list_counts(actor=request.actor),
        "natures": natures,
        "tie_count": sum(nature.total for nature in natures),
        "ended_count": sum(nature.total for nature in natures if nature.ended),
        "drawing": ties_drawing(organisation, natures, request) if organisation else None,
        "pictures": picture_links(),
        "figures": home_queries.key_figures(request, organisation, own_ties),
        "calls": open_calls(timezone.now(), actor=request.actor)[:_CALLS_SHOWN],
        "events": home_queries.coming_events(today, actor=request.actor),
        "changes": latest_entries(_CHANGES_SHOWN, lists=_CHANGED_LISTS, events_read=_EVENTS_READ),
        "today": today,
    }
