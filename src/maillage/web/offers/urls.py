"""URLs of the forms of offers."""

from django.urls import path

from maillage.web.offers import joint_offer_views, offer_views

urlpatterns = [
    path("organisations/<str:key>/offers/new", offer_views.new_offer_page, name="propose-offer"),
    path("organisations/<str:key>/offers/joint", joint_offer_views.joint_offer_page, name="join-offers"),
    path("organisations/<str:key>/offers/asked", joint_offer_views.demand_page, name="asked-last-year"),
    path("organisations/<str:key>/capacity", offer_views.capacity_page, name="say-capacity"),
    path("organisations/<str:key>/promise", offer_views.delay_promise_page, name="promise-delay"),
    path("offers/<str:key>/revise", offer_views.revise_offer_page, name="revise-offer"),
    path("offers/<str:key>/end", offer_views.end_offer_page, name="end-offer"),
]
