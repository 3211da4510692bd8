from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "maillage.labels"
    label = "labels"
