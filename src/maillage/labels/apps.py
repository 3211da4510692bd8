from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "maillage.labels"
    label = "labels"

    def ready(self) -> None:
        from maillage.labels.queries import labels, labels_held  # models are loaded only now
        from maillage.register.recognition import answers

        answers(labels_held, labels)
