"""The tables of the rooms."""

from django.apps import apps


def room_tables() -> list[str]:
    """The tables of the rooms, histories included."""
    models = (model for model in apps.get_models() if model.__module__.startswith(("maillage.", "pghistory.")))
    return sorted({model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy})
