"""Feeds."""

from urllib.parse import urlsplit

from django.conf import settings


def entry_tag(kind: str, number: str) -> str:
    """An identity that never changes: a tag of RFC 4151."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{kind}/{number}"
