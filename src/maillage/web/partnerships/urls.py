"""URLs of needs."""

from django.urls import path

from maillage.web.partnerships import addressee_views, need_views, new_need_views, requester_views, team_views

urlpatterns = [
    path("needs/new", new_need_views.new_need_page, name="new-need"),
    path("needs/matches", new_need_views.matches_fragment, name="need-matches"),
    path("needs/follow/<str:token>", requester_views.follow_page, name="follow-need"),
    path("needs/follow/<str:token>/letter/<int:pk>", requester_views.letter_file, name="need-letter"),
    path("needs/follow/<str:token>/files/<int:pk>", requester_views.need_file, name="need-file"),
    path("needs/follow/<str:token>/attach", requester_views.attach, name="attach-to-need"),
    path("needs/follow/<str:token>/words", requester_views.reword_page, name="reword-need"),
    path("needs/follow/<str:token>/withdraw", requester_views.withdraw, name="withdraw-need"),
    path("needs/follow/<str:token>/rate", requester_views.rate, name="rate-need"),
    path("needs/follow/<str:token>/complain", requester_views.file_complaint, name="complain"),
    path("needs/follow/<str:token>/escalate", requester_views.escalate, name="escalate-complaint"),
    path("needs/asked/<str:token>", addressee_views.answer_by_link_page, name="answer-by-link"),
    path("needs/asked/<str:token>/files/<int:pk>", addressee_views.addressee_file, name="addressee-file"),
    path("needs/<str:key>/mail/<int:pk>", addressee_views.mail_need_page, name="mail-need"),
    path("needs/<str:key>/team", team_views.team_page, name="need-team"),
    path("needs/<str:key>/compare", team_views.offer_comparison_page, name="compare-offers"),
    path("needs/<str:key>/ask", need_views.ask_teams_page, name="ask-teams"),
    path("needs/<str:key>/answer", need_views.answer_page, name="answer-need"),
    path("needs/<str:key>/redirect", need_views.redirect_page, name="redirect-need"),
    path("needs/<str:key>/decline", need_views.decline_page, name="decline-need"),
    path("needs/<str:key>/specify", need_views.terms_page, name="specify-need"),
    path("requests/", need_views.team_requests_page, name="team-requests"),
    path("requests/<int:pk>", need_views.reply_page, name="reply-to-request"),
]
