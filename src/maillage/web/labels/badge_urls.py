"""URLs of badges: pages have a language prefix; the addresses named in badges have none and never change."""

from django.urls import path

from maillage.web.labels import badge_file_views, badge_views

urlpatterns = [
    path("badges/verify", badge_views.verify_badge_page, name="verify-badge"),
    path("badges/<int:pk>", badge_views.badge_page, name="badge"),
    path("badges/<int:pk>.svg", badge_file_views.badge_picture, {"kind": "svg"}, name="badge-picture"),
    path("badges/<int:pk>.png", badge_file_views.badge_picture, {"kind": "png"}, name="badge-png"),
]

lasting_urlpatterns = [
    path(".well-known/jwks.json", badge_file_views.key_set, name="badge-keys"),
    path("badges/keys/<str:thumbprint>", badge_file_views.badge_key, name="badge-key"),
    path("badges/<int:pk>.jwt", badge_file_views.badge_token, name="badge-token"),
    path("badges/<int:pk>.json", badge_file_views.badge_json, name="badge-json"),
    path("badges/<int:pk>/status/<slug:seal>", badge_file_views.badge_status, name="badge-status"),
]
