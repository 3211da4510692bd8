"""URLs of notices and of the choice of mails."""

from django.urls import URLPattern, URLResolver, include, path

from maillage.web.notifications import views

_NOTICES: list[URLPattern | URLResolver] = [
    path("", views.notifications_page, name="list"),
    path("read", views.mark_as_read, name="read"),
    path("choices", views.mail_choices_page, name="choices"),
    path("stop/<str:token>", views.unsubscribe, name="stop"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("notices/", include((_NOTICES, "notices"))),
]
