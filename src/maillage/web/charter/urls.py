"""The addresses of charters and of what is done on a follow-up."""

from django.urls import path

from maillage.web.charter import acting, editing, findings

_OF = "follow-ups/<int:pk>"

urlpatterns = [
    path("charters/new", editing.new, name="new-charter"),
    path("charters/<str:key>/edit", editing.edit, name="edit-charter"),
    path("charters/<str:key>/<int:version>.yaml", editing.export, name="charter-file"),
    path(f"{_OF}/prove/<slug:name>", acting.prove, name="prove"),
    path(f"{_OF}/certificates/new", acting.certify, name="new-certificate"),
    path(f"{_OF}/certificates/<int:number>/remove", acting.uncertify, name="remove-certificate"),
    path(f"{_OF}/objectives/new", acting.objective, name="new-objective"),
    path(f"{_OF}/objectives/<slug:name>", acting.objective, name="edit-objective"),
    path(f"{_OF}/objectives/<slug:name>/<int:year>", acting.reached, name="declare-reached"),
    path(f"{_OF}/reviews/<slug:name>", acting.review, name="hold-review"),
    path(f"{_OF}/findings/new", findings.make, name="new-finding"),
    path(f"{_OF}/findings/<int:number>", findings.page, name="charter-finding"),
    path(f"{_OF}/findings/<int:number>/judge", findings.judge, name="judge-finding"),
    path(f"{_OF}/findings/<int:number>/steps/<int:step>", findings.finish, name="finish-step"),
]
