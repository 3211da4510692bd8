"""Access tokens: signed texts by which a requester follows a need, with or without an account."""

import datetime as dt

from django.core import signing

from maillage.partnerships.models import Need

_SALT = "maillage.need"
_MAIL_SALT = "maillage.need.mailed"
_ERASURE_SALT = "maillage.need.erase"
# A link to the page of a need ends so long after it was made, but not before the need has ended for as long.
LINK_LIFETIME = dt.timedelta(days=180)
# For so long the link in a mail erases who stated a need.
ERASURE_LINK_LIFETIME = dt.timedelta(days=7)


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


def is_old_token(token: str) -> bool:
    """Whether a valid access token was made longer ago than `LINK_LIFETIME`."""
    salt = _MAIL_SALT if is_mailed_token(token) else _SALT
    try:
        signing.loads(token, salt=salt, max_age=LINK_LIFETIME)
    except signing.SignatureExpired:
        return True
    return False


def make_erasure_token(need: Need) -> str:
    """The signed text of the link that erases who stated a need, for a mail to their address."""
    return signing.dumps(need.pk, salt=_ERASURE_SALT)


def need_id_to_erase(token: str) -> int:
    """The id of the need of an erasure link. Raises `signing.BadSignature` for a wrong one or one that has ended."""
    return int(signing.loads(token, salt=_ERASURE_SALT, max_age=ERASURE_LINK_LIFETIME))
