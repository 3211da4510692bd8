"""The addresses at which offers are changed."""

from django.urls import path

from maillage.web.offers import changing, joining

urlpatterns = [
    path("organisations/<str:key>/offers/new", changing.propose, name="propose-offer"),
    path("organisations/<str:key>/offers/joint", joining.join, name="join-offers"),
    path("organisations/<str:key>/offers/asked", joining.asked_last_year, name="asked-last-year"),
    path("organisations/<str:key>/capacity", changing.capacity, name="say-capacity"),
    path("organisations/<str:key>/promise", changing.promise, name="promise-delay"),
    path("offers/<str:key>/revise", changing.revise, name="revise-offer"),
    path("offers/<str:key>/end", changing.end, name="end-offer"),
]
