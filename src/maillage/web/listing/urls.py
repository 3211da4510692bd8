"""URLs of the list and the records of each listing that a room declares."""

from django.urls import URLPattern, URLResolver, include, path

from maillage.listing.listing import LISTINGS, Listing
from maillage.web.listing import calendar_views, list_views, record_views

_SLUGS = {"pk": "int", "number": "int", "key": "str"}


def _listing_urls(listing: Listing) -> URLResolver:
    name, converter = listing.name, _SLUGS[listing.slug]
    views = [
        path("", list_views.list_page, {"name": name}, name="list"),
        path(f"<{converter}:slug>", record_views.record_page, {"name": name}, name="record"),
    ]
    return path(f"{name}/", include((views, name)))


urlpatterns: list[URLPattern | URLResolver] = [
    path("calendars/<slug:name>.ics", calendar_views.list_calendar, name="list-calendar"),
    path("calendars/<slug:name>/<str:slug>.ics", calendar_views.record_calendar, name="record-calendar"),
    *(_listing_urls(listing) for listing in LISTINGS.values()),
]
