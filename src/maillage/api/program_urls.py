"""Addresses of pages: the guide of the API, and the tokens and webhooks of the reader."""

from django.urls import URLPattern, URLResolver, path

from maillage.api import program_views
from maillage.api.guide import api_guide

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api_guide, name="api"),
    path("account/programs", program_views.programs_page, name="programs"),
    path("account/programs/tokens", program_views.create_token_view, name="new-token"),
    path("account/programs/tokens/<int:pk>/revoke", program_views.revoke_token_view, name="revoke-token"),
    path("account/programs/webhooks", program_views.create_webhook_view, name="new-webhook"),
    path("account/programs/webhooks/<int:pk>/<slug:what>", program_views.act_on_webhook, name="act-on-webhook"),
]
