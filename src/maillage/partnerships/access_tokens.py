"""Access tokens: signed texts by which a requester follows a need, with or without an account."""

from django.core import signing

from maillage.partnerships.models import Need

_SALT = "maillage.need"
_MAIL_SALT = "maillage.need.mailed"


def make_need_token(need: Need, *, mailed: bool = False) -> str:
    """The access token of the requester's page of a need; a `mailed` one also shows that its address was reached."""
    return signing.dumps(need.pk, salt=_MAIL_SALT if mailed else _SALT)


def need_id_of_token(token: str) -> int:
    """The id of the need of an access token. Raises `signing.BadSignature` for a token this site did not sign."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return int(signing.loads(token, salt=_MAIL_SALT))


def is_mailed_token(token: str) -> bool:
    """Whether the token was sent to the requester's mail address: whoever has it reads that mailbox."""
    try:
        signing.loads(token, salt=_MAIL_SALT)
    except signing.BadSignature:
        return False
    return True
