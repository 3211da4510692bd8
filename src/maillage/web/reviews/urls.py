"""URLs of reviews."""

from django.urls import path

from maillage.web.reviews import decision_views, panel_views, ranking_views, reviewer_views

urlpatterns = [
    path("reviews/", reviewer_views.own_reviews_page, name="own-reviews"),
    path("reviews/<int:pk>", reviewer_views.review_page, name="write-review"),
    path("reviews/<int:pk>/paper", reviewer_views.reviewed_application_pdf, name="review-paper"),
    path(
        "reviews/<int:pk>/files/<str:section>/<int:number>/<str:question>",
        reviewer_views.reviewed_application_file,
        name="review-file",
    ),
    path("reviews/<int:pk>/conflict", reviewer_views.report_conflict, name="declare-conflict"),
    path("reviews/<int:pk>/decline", reviewer_views.decline, name="decline-review"),
    path("calls/<str:key>/panel", panel_views.panel_page, name="call-panel"),
    path("calls/<str:key>/panel/assign", panel_views.assign, name="assign-reviews"),
    path("calls/<str:key>/panel/advance", panel_views.advance, name="advance-panel"),
    path("calls/<str:key>/panel/<int:pk>/replace", panel_views.replacement_page, name="replace-reviewer"),
    path("calls/<str:key>/ranking", ranking_views.ranking_page, name="call-ranking"),
    path("calls/<str:key>/ranking/order", ranking_views.ranking_order, name="call-order"),
    path("calls/<str:key>/ranking/move", ranking_views.move_application, name="place-dossier"),
    path("calls/<str:key>/ranking/weights", ranking_views.weights_page, name="call-weights"),
    path("calls/<str:key>/ranking/minutes", ranking_views.minutes_page, name="call-minutes"),
    path("calls/<str:key>/ranking/minutes/<int:pk>", ranking_views.minutes_file, name="minutes-paper"),
    path("calls/<str:key>/ranking/<int:pk>", ranking_views.propose, name="propose-outcome"),
    path("calls/<str:key>/decisions", decision_views.decisions_page, name="call-decisions"),
    path("calls/<str:key>/decisions/conclude", decision_views.conclude, name="conclude-call"),
    path("calls/<str:key>/decisions/<int:pk>/reopen", decision_views.reopen, name="reopen-decision"),
    path("calls/<str:key>/decisions/letters.zip", decision_views.letters_archive, name="call-letters"),
    path("calls/<str:key>/decisions/appeals/<int:pk>", decision_views.reply_to_appeal, name="answer-appeal"),
    path("dossiers/<str:key>/letter", decision_views.letter_file, name="decision-letter"),
    path("dossiers/<str:key>/appeal", decision_views.appeal_page, name="appeal"),
]
