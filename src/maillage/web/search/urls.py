"""URL of the search."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.search import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("find", views.search_page, name="find"),
]
