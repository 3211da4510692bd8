"""URLs of the desk."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.desk import exports, row_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk", views.desk_page, name="desk"),
    path("desk.csv", exports.desk_file, name="desk-file"),
    path("desk/calendar/<str:token>.ics", exports.desk_calendar, name="desk-calendar"),
    path("desk/rows", row_views.change_rows, name="desk-rows"),
    path("cases/", views.old_address, name="waiting"),
]
