from django.apps import AppConfig


class ClinicalConfig(AppConfig):
    name = "maillage.clinical"
    label = "clinical"

    def ready(self) -> None:
        from maillage.clinical.queries import trials_together  # models are loaded only now
        from maillage.register.collaboration import tells_of_work

        tells_of_work(trials_together)
