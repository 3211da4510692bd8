"""Secrets that the site must be able to say again, kept so that the database alone does not give them away."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def encrypt(text: str, purpose: str) -> str:
    """A text under a key made of the site's secret key and of what it is for."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def decrypt(sealed: str, purpose: str) -> str:
    """The text again. Raises `cryptography.fernet.InvalidToken` for what was sealed under another key or purpose."""
    return _cipher(purpose).decrypt(sealed.encode()).decode()


def _cipher(purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
