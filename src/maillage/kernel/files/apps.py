from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "maillage.kernel.files"
    label = "files"
