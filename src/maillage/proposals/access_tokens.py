"""Signed texts by which somebody follows and confirms a proposal, with or without an account."""

import datetime as dt

from django.core import signing

from maillage.proposals.models import Proposal

CONFIRMATION_DELAY = dt.timedelta(days=7)
_FOLLOW_SALT, _CONFIRM_SALT = "maillage.proposal", "maillage.proposal.confirm"


def make_proposal_token(proposal: Proposal) -> str:
    """The access token of the page of a proposal."""
    return signing.dumps(proposal.pk, salt=_FOLLOW_SALT)


def proposal_id_of_token(token: str) -> int:
    """The id of the proposal of an access token. Raises `signing.BadSignature`."""
    return int(signing.loads(token, salt=_FOLLOW_SALT))


def make_confirmation_token(proposal: Proposal) -> str:
    """The token that confirms the mail address; it is sent to that address and shown nowhere else."""
    return signing.dumps(proposal.pk, salt=_CONFIRM_SALT)


def proposal_id_to_confirm(token: str) -> int:
    """The id of the proposal of a confirmation token. Raises `signing.BadSignature`, also for one that is too old."""
    return int(signing.loads(token, salt=_CONFIRM_SALT, max_age=CONFIRMATION_DELAY))
