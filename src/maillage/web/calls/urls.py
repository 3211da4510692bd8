"""URLs of calls and applications."""

from django.urls import path

from maillage.web.calls import application_views, call_change_views, call_views, feed_views, section_views

_REPLY = "dossiers/<str:key>/write/<slug:name>/<int:number>/<slug:question>"

urlpatterns = [
    path("calls.atom", feed_views.calls_feed, name="calls-feed"),
    path("calls/new", call_views.new_call_page, name="new-call"),
    path("calls/<str:key>/edit", call_views.edit_call_page, name="edit-call"),
    path("calls/<str:key>/<int:version>.yaml", call_views.call_file, name="call-file"),
    path("calls/<str:key>/begin", application_views.begin, name="begin-dossier"),
    path("calls/<str:key>/move", call_change_views.application_move_page, name="move-dossiers"),
    path("calls/<str:key>/withdraw", call_change_views.call_withdrawal_page, name="withdraw-call"),
    path("dossiers/<str:key>/write/<slug:name>", section_views.section_page, name="write-first"),
    path("dossiers/<str:key>/write/<slug:name>/<int:number>", section_views.section_page, name="write-section"),
    path(_REPLY, section_views.save_reply, name="write-reply"),
    path(f"{_REPLY}/figure", section_views.fill_in_figure, name="pull-figure"),
    path(f"{_REPLY}/file", section_views.attach, name="attach-to-dossier"),
    path("dossiers/<str:key>/files/<str:digest>", section_views.application_file, name="dossier-file"),
    path("dossiers/<str:key>/parties", application_views.parties_page, name="dossier-parties"),
    path("dossiers/<str:key>/parties/<int:pk>/leave", application_views.leave, name="leave-dossier"),
    path("dossiers/<str:key>/duties/<slug:name>", application_views.set_section_writers, name="dossier-duties"),
    path("dossiers/<str:key>/changes", application_views.changes_page, name="dossier-changes"),
    path("dossiers/<str:key>/paper", application_views.application_pdf, name="dossier-paper"),
    path("dossiers/<str:key>/sign", application_views.sign, name="sign-dossier"),
    path("dossiers/<str:key>/send", application_views.send, name="send-dossier"),
    path("dossiers/<str:key>/back", application_views.recall, name="take-back"),
    path("dossiers/<str:key>/withdraw", application_views.withdraw, name="withdraw-dossier"),
    path("dossiers/<str:key>/check", application_views.check_rules, name="check-dossier"),
    path("dossiers/<str:key>/verdicts/<int:pk>", application_views.overrule_rule, name="overrule"),
]
