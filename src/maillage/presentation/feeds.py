"""Identifiers of feed entries."""

from urllib.parse import urlsplit

from django.conf import settings


def entry_tag(kind: str, number: str) -> str:
    """The permanent identifier of a feed entry: a tag URI (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{kind}/{number}"
