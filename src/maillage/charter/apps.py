from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "maillage.charter"
    label = "charter"
