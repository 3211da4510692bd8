"""The addresses of badges: those of pages have a language; those that badges name outlive it."""

from django.urls import path

from maillage.web.badges import files, pages

urlpatterns = [
    path("badges/verify", pages.verify, name="verify-badge"),
    path("badges/<int:pk>", pages.badge_page, name="badge"),
    path("badges/<int:pk>.svg", files.picture, {"kind": "svg"}, name="badge-picture"),
    path("badges/<int:pk>.png", files.picture, {"kind": "png"}, name="badge-png"),
]

lasting = [
    path(".well-known/jwks.json", files.key_set, name="badge-keys"),
    path("badges/keys/<str:thumbprint>", files.one_key, name="badge-key"),
    path("badges/<int:pk>.jwt", files.token, name="badge-token"),
    path("badges/<int:pk>.json", files.enveloped, name="badge-json"),
    path("badges/<int:pk>/status/<slug:seal>", files.status, name="badge-status"),
]
