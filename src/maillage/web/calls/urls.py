"""The addresses of calls and dossiers."""

from django.urls import path

from maillage.web.calls import acting, editing, feed, moving, paper, writing

_REPLY = "dossiers/<str:key>/write/<slug:name>/<int:number>/<slug:question>"

urlpatterns = [
    path("calls.atom", feed.open_calls, name="calls-feed"),
    path("calls/new", editing.new, name="new-call"),
    path("calls/<str:key>/edit", editing.edit, name="edit-call"),
    path("calls/<str:key>/<int:version>.yaml", editing.export, name="call-file"),
    path("calls/<str:key>/begin", acting.begin, name="begin-dossier"),
    path("calls/<str:key>/move", moving.move, name="move-dossiers"),
    path("calls/<str:key>/withdraw", moving.withdraw, name="withdraw-call"),
    path("dossiers/<str:key>/write/<slug:name>", writing.section, name="write-first"),
    path("dossiers/<str:key>/write/<slug:name>/<int:number>", writing.section, name="write-section"),
    path(_REPLY, writing.reply, name="write-reply"),
    path(f"{_REPLY}/figure", writing.figure, name="pull-figure"),
    path(f"{_REPLY}/file", writing.attach, name="attach-to-dossier"),
    path("dossiers/<str:key>/files/<str:digest>", writing.file, name="dossier-file"),
    path("dossiers/<str:key>/parties", acting.parties, name="dossier-parties"),
    path("dossiers/<str:key>/parties/<int:pk>/leave", acting.leave, name="leave-dossier"),
    path("dossiers/<str:key>/duties/<slug:name>", acting.duties, name="dossier-duties"),
    path("dossiers/<str:key>/changes", acting.changes, name="dossier-changes"),
    path("dossiers/<str:key>/paper", paper.paper, name="dossier-paper"),
    path("dossiers/<str:key>/sign", acting.sign, name="sign-dossier"),
    path("dossiers/<str:key>/send", acting.send, name="send-dossier"),
    path("dossiers/<str:key>/back", acting.back, name="take-back"),
    path("dossiers/<str:key>/withdraw", acting.withdraw, name="withdraw-dossier"),
    path("dossiers/<str:key>/check", acting.check, name="check-dossier"),
    path("dossiers/<str:key>/verdicts/<int:pk>", acting.decide_otherwise, name="overrule"),
]
