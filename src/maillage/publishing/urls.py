"""The ecosystem page is the home of the site."""

from django.urls import URLPattern, path

from maillage.publishing import views

urlpatterns: list[URLPattern] = [path("", views.ecosystem_page, name="home")]
