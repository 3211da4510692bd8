"""The fields of models, where any model may come."""

from typing import Any, TypeAlias

from django.db import models

ModelField: TypeAlias = "models.Field[Any, Any]"  # Any: what a field takes and gives depends on the field


AnyField: TypeAlias = Any  # Any: columns, relations and reverse relations share no class


def field_of(model: type[models.Model], name: str) -> AnyField:
    """The field of a model with this name."""
    return model._meta.get_field(name)
