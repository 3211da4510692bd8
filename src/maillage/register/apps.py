from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "maillage.register"
    label = "register"
