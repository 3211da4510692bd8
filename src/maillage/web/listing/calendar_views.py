"""Calendars (iCalendar): a file per record, and an address per list to which calendar programs subscribe."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.actors import PUBLIC
from maillage.core.request import Request
from maillage.listing.listing import LISTINGS, Listing
from maillage.presentation import calendars


def _listing(name: str) -> Listing:
    listing = LISTINGS.get(name)
    if listing is None or not calendars.has_calendar(listing):
        raise Http404(_("This list has no calendar."))
    return listing


@require_safe
def list_calendar(request: Request, name: str) -> HttpResponse:
    """The calendar of the public records of a list: programs that subscribe to it do not sign in."""
    calendar = calendars.list_calendar(_listing(name), PUBLIC, timezone.now())
    return HttpResponse(calendar, content_type=calendars.CONTENT_TYPE)


@require_safe
def record_calendar(request: Request, name: str, slug: str) -> HttpResponse:
    """The file of one record, to open in a calendar program."""
    listing = _listing(name)
    record = listing.visible(request.actor).filter(**{listing.slug: slug}).first()
    if record is None or not calendars.has_entry(listing, record):
        raise Http404(_("No record has this address, or it is not for every reader."))
    response = HttpResponse(calendars.record_calendar(listing, [record]), content_type=calendars.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{listing.name}-{record.pk}.ics"'
    return response
