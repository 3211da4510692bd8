"""A verifier of badges that shares nothing with the site: it has the token, the published keys, and RFC 7515."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256


def base64url_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify_badge(token: str, key_set: dict[str, Any]) -> dict[str, Any]:
    """The claims; raises `InvalidSignature`, or `KeyError` for a key that is not published."""
    head, body, signature = token.split(".")
    header = json.loads(base64url_bytes(head))
    assert header["alg"] == "RS256"
    key = {one["kid"]: one for one in key_set["keys"]}[header["kid"]]
    n, e = (int.from_bytes(base64url_bytes(key[name]), "big") for name in ("n", "e"))
    RSAPublicNumbers(e, n).public_key().verify(
        base64url_bytes(signature), f"{head}.{body}".encode(), PKCS1v15(), SHA256()
    )
    claims: dict[str, Any] = json.loads(base64url_bytes(body))
    return claims
