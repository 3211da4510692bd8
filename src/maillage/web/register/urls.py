"""URLs of how organisations are described and merged."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.register import description_views, duplicate_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("organisations/<str:key>/describe", description_views.description_page, name="describe"),
    path("review/", duplicate_views.lookalikes_page, name="lookalikes"),
    path("review/<int:pk>", duplicate_views.decide_pair, name="decide-lookalike"),
    path("review/merges/<int:pk>/undo", duplicate_views.undo_merge, name="undo-merge"),
]
