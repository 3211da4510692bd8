from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "maillage.kernel.processes"
    label = "processes"
