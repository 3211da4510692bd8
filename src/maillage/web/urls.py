"""All URLs of the site. Both languages have the same paths, so that switching keeps the page."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from maillage.web import language_views
from maillage.web.labels.badge_urls import lasting_urlpatterns
from maillage.web.site import urls as site_urls

# The pages of rooms come before the lists, whose URLs are made from the listings.
_PAGES = (
    "maillage.web.overview.urls",
    "maillage.web.publishing.urls",
    "maillage.api.program_urls",
    "maillage.web.partnerships.urls",
    "maillage.web.laboratories.urls",
    "maillage.web.offers.urls",
    "maillage.web.calls.urls",
    "maillage.web.labels.urls",
    "maillage.web.reviews.urls",
    "maillage.web.labels.badge_urls",
    "maillage.web.label_agreements.urls",
    "maillage.web.charter.urls",
    "maillage.web.proposals.urls",
    "maillage.web.facts.urls",
    "maillage.web.listing.urls",
    "maillage.web.search.urls",
    "maillage.web.core.urls",
    "maillage.web.people.urls",
    "maillage.web.desk.urls",
    "maillage.web.workflow.urls",
    "maillage.web.files.urls",
    "maillage.web.notifications.urls",
    "maillage.web.register.urls",
    "maillage.web.site.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", language_views.redirect_to_language, name="front-door"),
    path("language/<str:code>", language_views.choose_language, name="language"),
    path("api/v1/", include("maillage.api.urls")),
    *lasting_urlpatterns,
    *site_urls.lasting_urlpatterns,
    *i18n_patterns(*(path("", include(module)) for module in _PAGES)),
]

if settings.SOCIALACCOUNT_PROVIDERS:
    from maillage.web.people.provider_urls import fixed_urlpatterns

    urlpatterns += fixed_urlpatterns

handler429 = "maillage.web.error_views.too_many_requests"
handler400 = "maillage.web.error_views.bad_request"
handler403 = "maillage.web.error_views.forbidden"
handler404 = "maillage.web.error_views.not_found"
handler500 = "maillage.web.error_views.server_error"
