"""URLs of contradictions, of who reads a record, and of the audit."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.core import audit_views, contradiction_views, visibility_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("contradictions/<int:pk>/settle", contradiction_views.settle, name="settle"),
    path("contradictions/<int:pk>/reopen", contradiction_views.reopen, name="reopen"),
    path("visibility/<str:name>/<int:pk>", visibility_views.change_visibility, name="disclose"),
    path("visibility/<str:name>/<int:pk>/name", visibility_views.name_reader, name="name-reader"),
    path("visibility/<str:name>/<int:pk>/<int:person>/unname", visibility_views.remove_reader, name="unname-reader"),
    path("audit/", audit_views.audit_page, name="audit"),
    path("audit/<uuid:pk>", audit_views.audit_entry_page, name="audit-entry"),
]
