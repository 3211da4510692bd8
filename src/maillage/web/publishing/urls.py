"""URLs of the home page, of the ecosystem pages, of the answers to needs, and of the feed of changes."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.publishing import ecosystem_views, feed_views
from maillage.web.publishing.answer_views import answer_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", ecosystem_views.home, name="home"),
    path("ecosystems/<str:key>", ecosystem_views.ecosystem_page, name="ecosystem"),
    path("answer", answer_page, name="answer"),
    path("changes.atom", feed_views.changes_feed, name="changes"),
]
