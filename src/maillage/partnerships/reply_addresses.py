"""Addresses to which a person may answer by mail: each holds a signed token of one conversation and one recipient.

A token is short and in lower case, since some servers change the case of addresses: the id of the need, the
conversation and the person (0 for the requester) in base 36, then a hundred bits of a signature.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from maillage.partnerships.conversations import Thread, is_conversation_open
from maillage.partnerships.models import MessageThread, Need

_SALT = "maillage.conversation"
_LETTERS = {MessageThread.REQUESTER.value: "r", MessageThread.TEAM.value: "t"}
_PATTERN = r"[0-9a-z]+-[rt][0-9a-z]+-[0-9a-z]+-[a-z2-7]{20}"


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """The conversation to which an answer belongs, and who answers: a person (id), or 0 for the requester."""

    need_id: int
    thread: Thread
    person_id: int


def reply_address(need: Need, thread: Thread, person_id: int = 0) -> str:
    """The address for answers of a person, or of the requester; empty without a mailbox, or once the need has ended."""
    if settings.INBOX is None or not is_conversation_open(need):
        return ""
    return settings.INBOX.address_with(make_reply_token(ReplyTarget(need.pk, thread, person_id)))


def make_reply_token(target: ReplyTarget) -> str:
    """The signed token of a conversation and a recipient."""
    thread = _LETTERS[target.thread.kind] + int_to_base36(target.thread.team_id or 0)
    content = f"{int_to_base36(target.need_id)}-{thread}-{int_to_base36(target.person_id)}"
    return f"{content}-{_signature(content)}"


def _signature(content: str) -> str:
    digest = salted_hmac(_SALT, content, algorithm="sha256").digest()
    return base64.b32encode(digest)[:20].decode().lower()


def read_reply_token(token: str) -> ReplyTarget:
    """The conversation of a token. Raises `signing.BadSignature` for one that this site did not sign."""
    content, _sep, signature = token.lower().rpartition("-")
    if not re.fullmatch(_PATTERN, token.lower()) or not constant_time_compare(signature, _signature(content)):
        raise signing.BadSignature("not a token of this site")
    need, thread, person = content.split("-")
    kind = next(kind for kind, letter in _LETTERS.items() if letter == thread[0])
    return ReplyTarget(base36_to_int(need), Thread(kind, base36_to_int(thread[1:]) or None), base36_to_int(person))


def find_reply_token(headers: Iterable[str]) -> str:
    """The token in the headers that name the recipients of a mail; empty if there is none."""
    if settings.INBOX is None:
        return ""
    before, _sep, after = settings.INBOX.address.partition("*")
    pattern = re.compile(f"{re.escape(before)}({_PATTERN}){re.escape(after)}", re.IGNORECASE)
    return next((match.group(1).lower() for text in headers if (match := pattern.search(text))), "")
