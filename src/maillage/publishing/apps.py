from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "maillage.publishing"
    label = "publishing"
