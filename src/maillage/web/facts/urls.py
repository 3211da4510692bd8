"""URLs by which facts of every list are recorded, corrected, ended, withdrawn and restored."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.facts import (
    citation_views,
    list_views,
    sheet_views,
    typing_views,
    undo_views,
    views,
    withdrawn_views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("facts/", list_views.lists_page, name="fact-lists"),
    path("facts/options", typing_views.options, name="picker-options"),
    path("facts/resembling", typing_views.resembling, name="resembling-organisations"),
    path("facts/understood", typing_views.understood, name="understood-date"),
    path("facts/citations/<int:pk>/accept", citation_views.accept_citation_button, name="accept-citation"),
    path("facts/citations/<int:pk>/document", citation_views.attach_document_page, name="attach-document"),
    path("facts/citations/<int:pk>/correct", citation_views.correct_citation_page, name="correct-citation"),
    path("facts/citations/<int:pk>/remove", citation_views.remove_citation_page, name="remove-citation"),
    path("facts/withdrawn/", withdrawn_views.withdrawn_page, name="withdrawn-facts"),
    path("facts/withdrawn/<int:pk>/restore", withdrawn_views.restore_fact_page, name="restore-fact"),
    path("facts/<str:name>/sheet", sheet_views.sheet_page, name="sheet"),
    path("facts/<str:name>/sheet/template", sheet_views.sheet_template, name="sheet-template"),
    path("facts/<str:name>/sheet/list", sheet_views.sheet_of_list, name="sheet-of-list"),
    path("facts/<str:name>/sheet/preview", sheet_views.sheet_preview_page, name="sheet-preview"),
    path("facts/<str:name>/sheet/cancel", sheet_views.cancel_sheet, name="cancel-sheet"),
    path("facts/<str:name>/sheet/apply", sheet_views.apply_sheet, name="apply-sheet"),
    path("facts/<str:name>/sheet/refused", sheet_views.refused_rows, name="refused-rows"),
    path("facts/<str:name>/new", views.new_fact_page, name="new-fact"),
    path("facts/<str:name>/<uuid:uid>/correct", views.correct_fact_page, name="correct-fact"),
    path("facts/<str:name>/<uuid:uid>/changes", views.correction_changes, name="correction-changes"),
    path("facts/<str:name>/<uuid:uid>/end", views.end_fact_page, name="end-fact"),
    path("facts/<str:name>/<uuid:uid>/undo/<uuid:change>", undo_views.undo_page, name="undo-change"),
    path("facts/<str:name>/<uuid:uid>/withdraw", views.withdraw_fact_page, name="withdraw-fact"),
]
