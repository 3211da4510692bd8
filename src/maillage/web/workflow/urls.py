"""URLs of processes, their cases, and reports of readers."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.workflow import case_views, own_process_views, process_views, report_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("processes/", process_views.process_list_page, name="processes"),
    path("processes/new", own_process_views.new_process_page, name="new-process"),
    path("processes/preview", own_process_views.process_preview, name="process-preview"),
    path("processes/<slug:name>/open", own_process_views.open_case_button, name="open-case"),
    path("processes/<slug:name>/", process_views.process_page, name="process"),
    path("processes/<slug:name>/versions/<int:version>", process_views.process_page, name="process-version"),
    path("processes/<slug:name>/edit", process_views.process_edit_page, name="process-edit"),
    path("cases/<int:pk>", case_views.case_page, name="case"),
    path("cases/<int:pk>/take-on", case_views.apply_case_transition, name="take-on"),
    path("cases/<int:pk>/move", case_views.move_case, name="move-case"),
    path("reports/new/<slug:name>/<str:slug>", report_views.report_form_page, name="new-report"),
    path("reports/<str:token>", report_views.report_status_page, name="report"),
]
