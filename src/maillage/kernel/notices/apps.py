from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "maillage.kernel.notices"
    label = "notices"
