"""Access tokens: signed texts by which a requester follows a need, with or without an account."""

from django.core import signing

from maillage.partnerships.models import Need

_SALT = "maillage.need"


def make_need_token(need: Need) -> str:
    """The access token of the requester's page of a need."""
    return signing.dumps(need.pk, salt=_SALT)


def need_id_of_token(token: str) -> int:
    """The id of the need of an access token. Raises `signing.BadSignature` for a token this site did not sign."""
    return int(signing.loads(token, salt=_SALT))
