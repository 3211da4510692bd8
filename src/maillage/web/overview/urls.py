"""URLs of the home page and of the ecosystem in pictures."""

from django.urls import path

from maillage.web.overview import home_views

urlpatterns = [
    path("", home_views.home_page, name="home"),
]
