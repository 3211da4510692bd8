"""What every template knows."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The reading (day and moment) of the page."""
    return {"reading": getattr(request, "reading", None)}
