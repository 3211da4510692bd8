"""URLs of records that look alike, and of merges of organisations."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.register import duplicate_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("review/", duplicate_views.lookalikes_page, name="lookalikes"),
    path("review/<int:pk>", duplicate_views.decide_pair, name="decide-lookalike"),
    path("review/merges/<int:pk>/undo", duplicate_views.undo_merge, name="undo-merge"),
]
