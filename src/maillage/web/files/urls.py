"""URLs of attached files."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.files import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("files/<int:pk>/<str:name>", views.file_download, name="file"),
    path("files/<int:pk>/remove/", views.remove, name="remove-file"),
    path("attach/<str:name>/<int:pk>", views.attach, name="attach-file"),
]
