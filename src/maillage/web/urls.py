"""Every address of the site. Both languages have the same paths, so that a page keeps its place when they change."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from maillage.api.guide import describe
from maillage.clinical import listing as _clinical  # noqa: F401 - each room declares its lists when it is imported
from maillage.community import listing as _community  # noqa: F401
from maillage.kernel.listing import LISTINGS, Listing
from maillage.labels import listing as _labels  # noqa: F401
from maillage.offers import listing as _offers  # noqa: F401
from maillage.publishing import listing as _publishing  # noqa: F401
from maillage.publishing import lists as _files  # noqa: F401 - its actions are named in the history of records
from maillage.register import listing as _register  # noqa: F401
from maillage.ventures import listing as _ventures  # noqa: F401
from maillage.web import access, contradictions, feed, finding, lists, record, review
from maillage.web.answer import answer

_SLUGS = {"pk": "int", "number": "int", "key": "str"}


def _room(listing: Listing) -> URLPattern | URLResolver:
    name, converter = listing.name, _SLUGS[listing.slug]
    views = [
        path("", lists.list_page, {"name": name}, name="list"),
        path(f"<{converter}:slug>", record.record_page, {"name": name}, name="record"),
    ]
    return path(f"{name}/", include((views, name)))


urlpatterns: list[URLPattern | URLResolver] = [
    path("", access.front_door, name="front-door"),
    path("language/<str:code>", access.choose_language, name="language"),
    path("api/v1/", include("maillage.api.urls")),
    *i18n_patterns(
        path("", include("maillage.publishing.urls")),
        path("api/", describe, name="api"),
        *(_room(listing) for listing in LISTINGS.values()),
        path("answer", answer, name="answer"),
        path("find", finding.find_page, name="find"),
        path("changes.atom", feed.what_changed, name="changes"),
        path("contradictions/<int:pk>/settle", contradictions.settle, name="settle"),
        path("contradictions/<int:pk>/reopen", contradictions.reopen, name="reopen"),
        path("sign-in", access.SignIn.as_view(), name="sign-in"),
        path("sign-out", access.SignOut.as_view(), name="sign-out"),
        path("review/", review.lookalikes, name="lookalikes"),
        path("review/<int:pk>", review.decide, name="decide-lookalike"),
        path("review/merges/<int:pk>/undo", review.undo_merge, name="undo-merge"),
    ),
]

handler400 = "maillage.web.refusals.bad_request"
handler403 = "maillage.web.refusals.forbidden"
handler404 = "maillage.web.refusals.not_found"
handler500 = "maillage.web.refusals.broken"
