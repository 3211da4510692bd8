"""Encryption of secrets that the site must read back, with a key that is not in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def encrypt(text: str, purpose: str) -> str:
    """Encrypt a text with a key derived from the site's secret key and a purpose."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def decrypt(sealed: str, purpose: str) -> str:
    """Decrypt a text. Raises `cryptography.fernet.InvalidToken` if it was encrypted with another key or purpose."""
    return _cipher(purpose).decrypt(sealed.encode()).decode()


def _cipher(purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
