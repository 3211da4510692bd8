"""URLs of label agreements."""

from django.urls import path

from maillage.web.label_agreements import agreement_views, clause_views, perimeter_views

_VERSION = "conventions/<int:pk>/<int:number>"

urlpatterns = [
    path("conventions/open/<int:pk>", agreement_views.open_for_decision, name="open-convention"),
    path("conventions/<int:pk>/amend", agreement_views.amend, name="amend-convention"),
    path(f"{_VERSION}/drop", agreement_views.drop, name="drop-amendment"),
    path(f"{_VERSION}/sign", agreement_views.sign, name="sign-convention"),
    path(f"{_VERSION}/paper", agreement_views.agreement_pdf, name="convention-paper"),
    path(f"{_VERSION}/perimeter", perimeter_views.perimeter_page, name="convention-perimeter"),
    path(f"{_VERSION}/write/<slug:name>", clause_views.clause_page, name="write-clause"),
    path(f"{_VERSION}/write/<slug:name>/file", clause_views.attach, name="attach-clause"),
    path("conventions/<int:pk>/files/<str:digest>", clause_views.agreement_file, name="convention-file"),
]
