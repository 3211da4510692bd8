"""The addresses of what is done with labels."""

from django.urls import re_path

from maillage.web.labels import terms

urlpatterns = [
    re_path(r"^awards/(?P<pk>\d{1,12})/(?P<what>end|extend|confirm)$", terms.change, name="change-award"),
]
