"""URLs by which changes are proposed, confirmed, followed and answered."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.proposals import answer_views, propose_views, proposer_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("facts/<str:name>/propose", propose_views.propose_fact_page, name="propose-fact"),
    path("facts/<str:name>/<uuid:uid>/propose", propose_views.propose_correction_page, name="propose-correction"),
    path("facts/<str:name>/<uuid:uid>/propose/changes", propose_views.proposed_changes, name="proposed-changes"),
    path("facts/<str:name>/<uuid:uid>/propose/end", propose_views.propose_end_page, name="propose-end"),
    path(
        "facts/<str:name>/<uuid:uid>/propose/withdrawal",
        propose_views.propose_withdrawal_page,
        name="propose-withdrawal",
    ),
    path("proposals/", answer_views.list_page, name="proposals"),
    path("proposals/<int:pk>", answer_views.proposal_page, name="proposal"),
    path("proposals/<int:pk>/document", answer_views.document_download, name="proposed-document"),
    path("proposals/<int:pk>/accept", answer_views.accept_button, name="accept-proposal"),
    path("proposals/<int:pk>/amend", answer_views.amend_page, name="amend-proposal"),
    path("proposals/<int:pk>/refuse", answer_views.refuse_button, name="refuse-proposal"),
    path("proposals/confirm/<str:token>", proposer_views.confirm_page, name="confirm-proposal"),
    path("proposals/follow/<str:token>", proposer_views.follow_page, name="follow-proposal"),
    path("proposals/follow/<str:token>/take-back", proposer_views.take_back, name="take-back-proposal"),
]
