from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "maillage.people"
    label = "people"

    def ready(self) -> None:
        from maillage.people import notices  # noqa: F401 - it follows actions, and models are loaded only now
