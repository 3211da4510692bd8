"""URLs of the home page and of the ecosystem in pictures."""

from django.urls import path

from maillage.web.overview import figures_views, home_views, map_views, network_views, timeline_views

urlpatterns = [
    path("", home_views.home_page, name="home"),
    path("network", network_views.network_page, name="network"),
    path("map", map_views.map_page, name="map"),
    path("labels/timeline", timeline_views.timeline_page, name="label-timeline"),
    path("figures", figures_views.figures_page, name="yearly-figures"),
]
