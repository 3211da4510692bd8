"""Settings of the OpenID Connect provider, from the environment."""

from collections.abc import Mapping

from maillage.core.json_types import JsonObject
from maillage.errors import MaillageError

# Part of the redirect addresses registered with the provider.
OIDC_PROVIDER = "oidc"
_NAMES = ("MAILLAGE_OIDC_URL", "MAILLAGE_OIDC_CLIENT", "MAILLAGE_OIDC_SECRET")


def oidc_provider_settings(environment: Mapping[str, str]) -> JsonObject:
    """allauth's setting of providers, from MAILLAGE_OIDC_…; empty if unset. Raises `MaillageError` if set in part."""
    url, client, secret = (environment.get(name, "") for name in _NAMES)
    if not (url or client or secret):
        return {}
    missing = [name for name in _NAMES if not environment.get(name)]
    if missing:
        raise MaillageError(
            f"Sign-in by OpenID Connect lacks {' and '.join(missing)}.", "Set all three, or none of them."
        )
    app = {
        "provider_id": OIDC_PROVIDER,
        "name": environment.get("MAILLAGE_OIDC_NAME", "OpenID Connect"),
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
