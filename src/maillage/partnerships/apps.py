from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "maillage.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        from maillage.partnerships import figures, following, notices, personal  # noqa: F401 - models are loaded only now
