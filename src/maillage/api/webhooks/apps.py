from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "maillage.api.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from maillage.api.webhooks import telling  # noqa: F401 - it follows actions, and models are loaded only now
        from maillage.api.webhooks.models import Webhook
        from maillage.people.personal import Held, hold

        hold(Held("webhooks", Webhook, "person", ("url", "actions", "created_at", "paused_at")))
