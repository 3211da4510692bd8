"""The ecosystem page is the home of the site; beside it the page of answers and the feed of what changed."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.publishing import ecosystem_views, feed_views
from maillage.web.publishing.answer_views import answer_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", ecosystem_views.ecosystem_page, name="home"),
    path("answer", answer_page, name="answer"),
    path("changes.atom", feed_views.changes_feed, name="changes"),
]
