from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "maillage.api"
    label = "api"

    def ready(self) -> None:
        from maillage.api.models import ApiToken, GivenAnswer  # models are loaded only now
        from maillage.people.personal import Held, hold

        hold(
            Held("tokens", ApiToken, "person", ("name", "scopes", "created_at", "expires_at", "used_at", "revoked_at"))
        )
        hold(Held("answers", GivenAnswer, "person", ("key", "given_at")))
