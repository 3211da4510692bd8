from django.apps import AppConfig


class ClinicalConfig(AppConfig):
    name = "maillage.clinical"
    label = "clinical"
