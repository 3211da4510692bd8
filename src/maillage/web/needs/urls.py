"""The addresses of needs."""

from django.urls import path

from maillage.web.needs import dealing, following, stating, teams

urlpatterns = [
    path("needs/new", stating.new, name="new-need"),
    path("needs/matches", stating.matches, name="need-matches"),
    path("needs/follow/<str:token>", following.follow, name="follow-need"),
    path("needs/follow/<str:token>/letter/<int:pk>", following.letter, name="need-letter"),
    path("needs/follow/<str:token>/files/<int:pk>", following.file, name="need-file"),
    path("needs/follow/<str:token>/attach", following.attach, name="attach-to-need"),
    path("needs/follow/<str:token>/withdraw", following.withdraw, name="withdraw-need"),
    path("needs/follow/<str:token>/rate", following.rate, name="rate-need"),
    path("needs/follow/<str:token>/complain", following.complaint, name="complain"),
    path("needs/follow/<str:token>/escalate", following.escalate, name="escalate-complaint"),
    path("needs/<str:key>/team", teams.team_page, name="need-team"),
    path("needs/<str:key>/compare", teams.compare, name="compare-offers"),
    path("needs/<str:key>/ask", dealing.ask, name="ask-teams"),
    path("needs/<str:key>/answer", dealing.answer, name="answer-need"),
    path("needs/<str:key>/redirect", dealing.redirect_on, name="redirect-need"),
    path("needs/<str:key>/decline", dealing.decline, name="decline-need"),
    path("needs/<str:key>/specify", dealing.specify, name="specify-need"),
    path("requests/", dealing.requests, name="team-requests"),
    path("requests/<int:pk>", dealing.reply, name="reply-to-request"),
]
