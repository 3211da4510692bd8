"""The addresses of the API."""

from django.urls import path

from maillage.api import action_endpoints, fact_lists, list_endpoints, openapi_schema
from maillage.api.endpoints import api

urlpatterns = [
    path("", lambda request: list_endpoints.api_index(), name="index"),
    path("openapi.json", openapi_schema.openapi, name="openapi"),
    path("schemas", lambda request: fact_lists.schema_index(), name="schemas"),
    path("schemas/<str:name>", lambda request, name: fact_lists.schema_response(name), name="schema"),
    path("actions", lambda request: action_endpoints.action_index(), name="actions"),
    *api.urls[0],
]
