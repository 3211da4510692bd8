"""What Django runs after a test that commits; takes the place of its own command of this name."""

from typing import Any

from django.core.management.base import BaseCommand

from tests.database_choice import DATABASE_CHOICE


class Command(BaseCommand):
    """Leave the database behind: the next test gets a copy of the template."""

    def handle(self, **_: Any) -> None:
        DATABASE_CHOICE.discard()
