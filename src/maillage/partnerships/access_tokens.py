"""The signed word by which a requester follows a need, with or without an account."""

from django.core import signing

from maillage.partnerships.models import Need

_SALT = "maillage.need"


def make_need_token(need: Need) -> str:
    """The word that opens the requester's page of a need."""
    return signing.dumps(need.pk, salt=_SALT)


def need_id_of_token(token: str) -> int:
    """The id of the need that a word opens. Raises `signing.BadSignature` for what this site has not signed."""
    return int(signing.loads(token, salt=_SALT))
