from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "maillage.calls"
    label = "calls"
