"""The addresses of conventions."""

from django.urls import path

from maillage.web.conventions import acting, writing

_VERSION = "conventions/<int:pk>/<int:number>"

urlpatterns = [
    path("conventions/open/<int:pk>", acting.open_one, name="open-convention"),
    path("conventions/<int:pk>/amend", acting.amend, name="amend-convention"),
    path(f"{_VERSION}/drop", acting.drop, name="drop-amendment"),
    path(f"{_VERSION}/sign", acting.sign, name="sign-convention"),
    path(f"{_VERSION}/paper", acting.paper, name="convention-paper"),
    path(f"{_VERSION}/perimeter", writing.perimeter, name="convention-perimeter"),
    path(f"{_VERSION}/write/<slug:name>", writing.clause, name="write-clause"),
    path(f"{_VERSION}/write/<slug:name>/file", writing.attach, name="attach-clause"),
    path("conventions/<int:pk>/files/<str:digest>", writing.file, name="convention-file"),
]
