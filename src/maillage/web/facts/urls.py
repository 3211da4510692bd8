"""URLs by which facts of every list are recorded, corrected, ended, withdrawn and restored."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.facts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("facts/suggestions", views.suggestions, name="suggested-organisations"),
    path("facts/understood", views.understood, name="understood-date"),
    path("facts/citations/<int:pk>/accept", views.accept_citation_button, name="accept-citation"),
    path("facts/withdrawn/", views.withdrawn_page, name="withdrawn-facts"),
    path("facts/withdrawn/<int:pk>/restore", views.restore_fact_page, name="restore-fact"),
    path("facts/<str:name>/new", views.new_fact_page, name="new-fact"),
    path("facts/<str:name>/<uuid:uid>/correct", views.correct_fact_page, name="correct-fact"),
    path("facts/<str:name>/<uuid:uid>/end", views.end_fact_page, name="end-fact"),
    path("facts/<str:name>/<uuid:uid>/withdraw", views.withdraw_fact_page, name="withdraw-fact"),
]
