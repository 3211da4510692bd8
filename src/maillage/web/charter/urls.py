"""URLs of charters and of actions on a follow-up."""

from django.urls import path

from maillage.web.charter import charter_views, evidence_views, finding_views, objective_views, review_views

_OF = "follow-ups/<int:pk>"

urlpatterns = [
    path("charters/new", charter_views.new_charter_page, name="new-charter"),
    path("charters/<str:key>/edit", charter_views.edit_charter_page, name="edit-charter"),
    path("charters/<str:key>/<int:version>.yaml", charter_views.charter_file, name="charter-file"),
    path(f"{_OF}/prove/<slug:name>", evidence_views.evidence_page, name="prove"),
    path(f"{_OF}/certificates/new", evidence_views.new_certificate_page, name="new-certificate"),
    path(f"{_OF}/certificates/<int:number>/remove", evidence_views.take_out_certificate, name="remove-certificate"),
    path(f"{_OF}/objectives/new", objective_views.objective_page, name="new-objective"),
    path(f"{_OF}/objectives/<slug:name>", objective_views.objective_page, name="edit-objective"),
    path(f"{_OF}/objectives/<slug:name>/<int:year>", objective_views.result_page, name="declare-reached"),
    path(f"{_OF}/reviews/<slug:name>", review_views.review_page, name="hold-review"),
    path(f"{_OF}/findings/new", finding_views.new_finding_page, name="new-finding"),
    path(f"{_OF}/findings/<int:number>", finding_views.finding_page, name="charter-finding"),
    path(f"{_OF}/findings/<int:number>/judge", finding_views.judge, name="judge-finding"),
    path(f"{_OF}/findings/<int:number>/steps/<int:step>", finding_views.complete_step, name="finish-step"),
]
