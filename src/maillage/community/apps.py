from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "maillage.community"
    label = "community"

    def ready(self) -> None:
        from maillage.community.queries import agreements_together  # models are loaded only now
        from maillage.register.collaboration import tells_of_work

        tells_of_work(agreements_together)
