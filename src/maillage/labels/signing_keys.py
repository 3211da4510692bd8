"""Keys that sign badges as JSON Web Tokens by RS256, which every verifier of Open Badges must support.

The private key is encrypted in the database; the public key is published unless the key has leaked.
"""

import base64
import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _

from maillage.core.json_types import JsonObject
from maillage.core.security.encryption import decrypt, encrypt
from maillage.core.security.session_scope import read_everything
from maillage.labels.models import SigningKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ALGORITHM = "RS256"
_BITS, _EXPONENT = 2048, 65537
_PURPOSE = "badges"
# Only the signature is verified: a badge that has expired is still a signed badge.
_SIGNATURE_ONLY_OPTIONS = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}

JwtData = JsonObject


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key ready to sign, and its address."""

    kid: str
    private: "RSAPrivateKey"


class UnverifiedBadgeError(ValueError):
    """A badge that this site did not sign, or that was changed; the message says which."""


def create_signing_key(at: dt.datetime) -> SigningKey:
    """Create and store a key, and retire the earlier ones. Call it from an action only."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from jwt.algorithms import RSAAlgorithm

    private = rsa.generate_private_key(_EXPONENT, _BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    public = {name: jwk[name] for name in ("e", "kty", "n")}
    SigningKey.objects.filter(retired_at=None).update(retired_at=at)
    key: SigningKey = SigningKey.objects.create(
        thumbprint=_thumbprint(public), public=public, sealed_private=encrypt(pem.decode(), _PURPOSE), made_at=at
    )
    return key


def _thumbprint(public: JwtData) -> str:
    """The thumbprint of a JSON Web Key (RFC 7638)."""
    text = json.dumps(public, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def current_signer() -> Signer | None:
    """The current key; `None` if there is none, or if the site's secret key cannot decrypt it."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with read_everything():
        key: SigningKey | None = SigningKey.objects.filter(retired_at=None).order_by("-pk").first()
    if key is None:
        return None
    try:
        pem = decrypt(key.sealed_private, _PURPOSE)
    except InvalidToken:
        return None
    # Encryption protects it from changes; validating the key again would take a hundred times as long as signing.
    private = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    return Signer(_key_address(key), private)  # type: ignore[arg-type]


def _key_address(key: SigningKey) -> str:
    return f"{settings.SITE_URL}/badges/keys/{key.thumbprint}"


def public_jwk(key: SigningKey) -> JwtData:
    """The public key as a JSON Web Key; its `kid` is the address where it is published."""
    return {**key.public, "alg": ALGORITHM, "use": "sig", "kid": _key_address(key)}


def list_public_jwks() -> list[JwtData]:
    """The public keys that verify badges of this site, the newest first."""
    with read_everything():
        return [public_jwk(key) for key in SigningKey.objects.filter(leaked=False).order_by("-pk")]


def sign_claims(claims: JwtData, by: Signer) -> str:
    """A compact JSON Web Signature of these claims."""
    import jwt

    return jwt.encode(claims, by.private, algorithm=ALGORITHM, headers={"kid": by.kid, "typ": "JWT"})


def verified_claims(token: str) -> JwtData:
    """The claims of a token that a key of this site signed, expired or not. Raises `UnverifiedBadgeError`.

    Only the site's own keys are used, whatever keys or addresses the token contains; nothing is fetched.
    """
    import jwt

    key = _key_of_token(token)
    try:
        options: Any = _SIGNATURE_ONLY_OPTIONS  # Any: its type is no public name of the library
        return jwt.decode(token, jwt.PyJWK(public_jwk(key)).key, algorithms=[ALGORITHM], options=options)
    except jwt.InvalidSignatureError as error:
        message = _(
            "The signature does not fit: the badge was changed after it was signed, or somebody else signed it."
        )
        raise UnverifiedBadgeError(message) from error
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise UnverifiedBadgeError(_("What was signed cannot be read.")) from error


def _key_of_token(token: str) -> SigningKey:
    import jwt

    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise UnverifiedBadgeError(
            _("This is no signed badge; its text may have been cut off. Copy it whole.")
        ) from error
    if header.get("alg") != ALGORITHM:
        message = _("It claims to be signed by “%(claimed)s”; badges of this site are signed by %(ours)s alone.")
        raise UnverifiedBadgeError(message % {"claimed": str(header.get("alg"))[:20], "ours": ALGORITHM})
    name = str(header.get("kid", "")).rsplit("/", 1)[-1]
    with read_everything():
        keys_by_thumbprint = {key.thumbprint: key for key in SigningKey.objects.all()}
    key: SigningKey | None = keys_by_thumbprint.get(name)
    if key is None:
        raise UnverifiedBadgeError(_("The key that it names is none of this site: it was signed elsewhere."))
    if key.leaked:
        raise UnverifiedBadgeError(
            _("The key that signed it is not believed any more; fetch the badge anew from its page.")
        )
    return key
