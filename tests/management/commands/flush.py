"""What Django runs after a test that commits; takes the place of its own command of this name."""

from typing import Any

from django.core.management.base import BaseCommand

from tests.database_choice import DATABASE_CHOICE


class Command(BaseCommand):
    """Put the database back as it was before the test."""

    # What Django passes, and does not matter here.
    stealth_options = ("allow_cascade", "database", "inhibit_post_migrate", "interactive", "reset_sequences")

    def handle(self, **_: Any) -> None:
        DATABASE_CHOICE.restore()
