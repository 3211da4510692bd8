"""URLs of the search for laboratories."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.laboratories import search_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("laboratories", search_views.laboratories_page, name="laboratories"),
    path("laboratories.csv", search_views.laboratories_file, name="laboratories-file"),
]
