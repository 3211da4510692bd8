"""Every address of the site. Both languages have the same paths, so that a page keeps its place when they change."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from maillage.api.guide import describe as describe_api
from maillage.calls import listing as _calls  # noqa: F401
from maillage.charter import listing as _charter  # noqa: F401 - each room declares its lists when it is imported
from maillage.clinical import listing as _clinical  # noqa: F401
from maillage.community import listing as _community  # noqa: F401
from maillage.conventions import listing as _conventions  # noqa: F401
from maillage.kernel.listing import LISTINGS, Listing
from maillage.labels import listing as _labels  # noqa: F401
from maillage.offers import listing as _offers  # noqa: F401
from maillage.partnerships import listing as _partnerships  # noqa: F401
from maillage.projects import listing as _projects  # noqa: F401
from maillage.publishing import listing as _publishing  # noqa: F401
from maillage.publishing import lists as _files  # noqa: F401 - its actions are named in the history of records
from maillage.register import listing as _register  # noqa: F401
from maillage.reviews import listing as _reviews  # noqa: F401
from maillage.ventures import listing as _ventures  # noqa: F401
from maillage.web import (
    access,
    audit,
    cases,
    contradictions,
    describe,
    disclosure,
    feed,
    files,
    finding,
    lists,
    mandates,
    notices,
    processes,
    programs,
    record,
    reports,
    review,
)
from maillage.web.answer import answer
from maillage.web.badges import urls as badges

_SLUGS = {"pk": "int", "number": "int", "key": "str"}


def _room(listing: Listing) -> URLPattern | URLResolver:
    name, converter = listing.name, _SLUGS[listing.slug]
    views = [
        path("", lists.list_page, {"name": name}, name="list"),
        path(f"<{converter}:slug>", record.record_page, {"name": name}, name="record"),
    ]
    return path(f"{name}/", include((views, name)))


_NOTICES = [
    path("", notices.notices, name="list"),
    path("read", notices.read, name="read"),
    path("choices", notices.choices, name="choices"),
    path("stop/<str:token>", notices.stop, name="stop"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", access.front_door, name="front-door"),
    path("language/<str:code>", access.choose_language, name="language"),
    path("api/v1/", include("maillage.api.urls")),
    *badges.lasting,
    *i18n_patterns(
        path("", include("maillage.publishing.urls")),
        path("api/", describe_api, name="api"),
        path("", include("maillage.web.needs.urls")),
        path("", include("maillage.web.offers.urls")),
        path("", include("maillage.web.calls.urls")),
        path("", include("maillage.web.labels.urls")),
        path("", include("maillage.web.reviews.urls")),
        path("", include("maillage.web.badges.urls")),
        path("", include("maillage.web.conventions.urls")),
        path("", include("maillage.web.charter.urls")),
        *(_room(listing) for listing in LISTINGS.values()),
        path("answer", answer, name="answer"),
        path("find", finding.find_page, name="find"),
        path("changes.atom", feed.what_changed, name="changes"),
        path("contradictions/<int:pk>/settle", contradictions.settle, name="settle"),
        path("contradictions/<int:pk>/reopen", contradictions.reopen, name="reopen"),
        path("visibility/<str:name>/<int:pk>", disclosure.disclose, name="disclose"),
        path("visibility/<str:name>/<int:pk>/name", disclosure.name, name="name-reader"),
        path("visibility/<str:name>/<int:pk>/<int:person>/unname", disclosure.unname, name="unname-reader"),
        path("audit/", audit.entries, name="audit"),
        path("audit/<uuid:pk>", audit.entry, name="audit-entry"),
        path("mandates/", mandates.own, name="mandates"),
        path("mandates/use", mandates.use, name="use-mandate"),
        path("mandates/hand-over", mandates.hand_over, name="hand-over"),
        path("mandates/of/<str:key>", mandates.of_organisation, name="mandates-of"),
        path("mandates/of/<str:key>/invite", mandates.invite, name="invite"),
        path("mandates/of/<str:key>/invitations/<int:pk>/withdraw", mandates.withdraw, name="withdraw-invitation"),
        path("mandates/of/<str:key>/<int:pk>/end", mandates.end, name="end-mandate"),
        path("invitation/<str:secret>", mandates.invitation, name="invitation"),
        path("organisations/<str:key>/describe", describe.describe, name="describe"),
        path("", include("maillage.web.account_urls")),
        path("account/programs", programs.programs, name="programs"),
        path("account/programs/tokens", programs.new_token, name="new-token"),
        path("account/programs/tokens/<int:pk>/revoke", programs.revoke_token, name="revoke-token"),
        path("account/programs/webhooks", programs.new_webhook, name="new-webhook"),
        path("account/programs/webhooks/<int:pk>/<slug:what>", programs.act_on_webhook, name="act-on-webhook"),
        path("processes/", processes.process_list, name="processes"),
        path("processes/<slug:name>/", processes.process_page, name="process"),
        path("processes/<slug:name>/versions/<int:version>", processes.process_page, name="process-version"),
        path("processes/<slug:name>/edit", processes.process_edit, name="process-edit"),
        path("cases/", cases.waiting, name="waiting"),
        path("cases/<int:pk>", cases.case_page, name="case"),
        path("cases/<int:pk>/take-on", cases.take_on, name="take-on"),
        path("cases/<int:pk>/move", cases.move, name="move-case"),
        path("reports/new/<slug:name>/<str:slug>", reports.report, name="new-report"),
        path("reports/<str:token>", reports.report_page, name="report"),
        path("files/<int:pk>/<str:name>", files.give_out, name="file"),
        path("files/<int:pk>/remove/", files.remove, name="remove-file"),
        path("attach/<str:name>/<int:pk>", files.attach, name="attach-file"),
        path("notices/", include((_NOTICES, "notices"))),
        path("review/", review.lookalikes, name="lookalikes"),
        path("review/<int:pk>", review.decide, name="decide-lookalike"),
        path("review/merges/<int:pk>/undo", review.undo_merge, name="undo-merge"),
    ),
]

if settings.SOCIALACCOUNT_PROVIDERS:
    from maillage.web.provider import fixed

    urlpatterns += fixed

handler429 = "maillage.web.refusals.too_many"
handler400 = "maillage.web.refusals.bad_request"
handler403 = "maillage.web.refusals.forbidden"
handler404 = "maillage.web.refusals.not_found"
handler500 = "maillage.web.refusals.broken"
