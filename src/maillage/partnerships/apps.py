from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "maillage.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        from maillage.partnerships import following, personal  # noqa: F401 - models are loaded only now
