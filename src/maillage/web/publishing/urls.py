"""URLs of the ecosystem pages, of the answers to needs, and of the feed of changes."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.publishing import ecosystem_views, feed_views, page_editor_views
from maillage.web.publishing.answer_views import answer_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("ecosystems/", ecosystem_views.ecosystems_page, name="ecosystems"),
    path("ecosystems/<str:key>/embed", ecosystem_views.embedded_page, name="embed-ecosystem"),
    path("ecosystems/<str:key>", ecosystem_views.ecosystem_page, name="ecosystem"),
    path("ecosystems/<str:key>/edit", page_editor_views.editor_page, name="edit-ecosystem"),
    path("ecosystems/<str:key>/edit/start", page_editor_views.start_page, name="start-ecosystem"),
    path("ecosystems/<str:key>/edit/sections", page_editor_views.add_section, name="add-section"),
    path("ecosystems/<str:key>/edit/sections/<int:pk>", page_editor_views.change_section, name="change-section"),
    path("ecosystems/<str:key>/edit/sections/<int:pk>/new", page_editor_views.new_sentence_page, name="add-sentence"),
    path("ecosystems/<str:key>/edit/<int:number>", page_editor_views.sentence_page, name="edit-sentence"),
    path("ecosystems/<str:key>/edit/<int:number>/act", page_editor_views.change_sentence, name="change-sentence"),
    path("answer", answer_page, name="answer"),
    path("changes.atom", feed_views.changes_feed, name="changes"),
]
