"""URLs of the desk."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.desk import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk", views.desk_page, name="desk"),
    path("desk/rows", views.change_rows, name="desk-rows"),
    path("cases/", views.old_address, name="waiting"),
]
