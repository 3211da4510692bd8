"""URLs of the forms of awards."""

from django.urls import re_path

from maillage.web.labels import award_views

urlpatterns = [
    re_path(
        r"^awards/(?P<pk>\d{1,12})/(?P<what>end|extend|confirm)$", award_views.award_term_page, name="change-award"
    ),
]
