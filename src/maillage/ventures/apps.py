from django.apps import AppConfig


class VenturesConfig(AppConfig):
    name = "maillage.ventures"
    label = "ventures"
