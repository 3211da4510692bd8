"""The addresses of reviews."""

from django.urls import path

from maillage.web.reviews import decisions, panel, ranking, reviewer

urlpatterns = [
    path("reviews/", reviewer.own, name="own-reviews"),
    path("reviews/<int:pk>", reviewer.review, name="write-review"),
    path("reviews/<int:pk>/paper", reviewer.paper, name="review-paper"),
    path("reviews/<int:pk>/files/<str:section>/<int:number>/<str:question>", reviewer.file, name="review-file"),
    path("reviews/<int:pk>/conflict", reviewer.declare, name="declare-conflict"),
    path("reviews/<int:pk>/decline", reviewer.decline, name="decline-review"),
    path("calls/<str:key>/panel", panel.panel, name="call-panel"),
    path("calls/<str:key>/panel/assign", panel.assign, name="assign-reviews"),
    path("calls/<str:key>/panel/advance", panel.advance, name="advance-panel"),
    path("calls/<str:key>/panel/<int:pk>/replace", panel.replace, name="replace-reviewer"),
    path("calls/<str:key>/ranking", ranking.ranking, name="call-ranking"),
    path("calls/<str:key>/ranking/order", ranking.order, name="call-order"),
    path("calls/<str:key>/ranking/move", ranking.move, name="place-dossier"),
    path("calls/<str:key>/ranking/weights", ranking.weights, name="call-weights"),
    path("calls/<str:key>/ranking/minutes", ranking.minutes, name="call-minutes"),
    path("calls/<str:key>/ranking/minutes/<int:pk>", ranking.paper, name="minutes-paper"),
    path("calls/<str:key>/ranking/<int:pk>", ranking.propose, name="propose-outcome"),
    path("calls/<str:key>/decisions", decisions.decisions, name="call-decisions"),
    path("calls/<str:key>/decisions/conclude", decisions.conclude, name="conclude-call"),
    path("calls/<str:key>/decisions/<int:pk>/reopen", decisions.reopen, name="reopen-decision"),
    path("calls/<str:key>/decisions/letters.zip", decisions.letters, name="call-letters"),
    path("calls/<str:key>/decisions/appeals/<int:pk>", decisions.answer, name="answer-appeal"),
    path("dossiers/<str:key>/letter", decisions.letter, name="decision-letter"),
    path("dossiers/<str:key>/appeal", decisions.appeal, name="appeal"),
]
