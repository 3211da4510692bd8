"""The need that the link of a requester opens, and whether the link has ended."""

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.partnerships.access_tokens import LINK_LIFETIME, is_old_token, need_id_of_token, need_id_to_erase
from maillage.partnerships.models import Need, Requester
from maillage.partnerships.queries import last_step_at
from maillage.web.link_errors import LinkError


def find_need(token: str) -> Need:
    """The need of a link, though it has ended. Raises `LinkError` for a wrong link."""
    try:
        return _need(need_id_of_token(token))
    except signing.BadSignature as error:
        raise LinkError(_("This link is cut or wrong; copy it whole.")) from error


def need_of_token(token: str) -> Need:
    """The need of a link. Raises `LinkError` for a wrong link, or one that has ended."""
    need = find_need(token)
    if need.is_erased:
        raise LinkError(_("Who stated this need, and what was written about it, is erased."))
    if has_ended(need, token):
        raise LinkError(_("This link has ended; open the page of your need by it to get a new one."))
    return need


def has_ended(need: Need, token: str) -> bool:
    """Whether the link is old, and so is the last step of the need; a need that is dealt with keeps its links."""
    last, running = last_step_at(need)
    return not running and last < timezone.now() - LINK_LIFETIME and is_old_token(token)


def need_to_erase(token: str) -> Need:
    """The need of the link in a mail that erases who stated it. Raises `LinkError` for a wrong link or an ended one."""
    try:
        return _need(need_id_to_erase(token))
    except signing.BadSignature as error:
        raise LinkError(
            _("This link is cut, wrong or older than a week; ask for another one on the page of your need.")
        ) from error


def _need(pk: int) -> Need:
    need: Need | None = Need.objects.filter(pk=pk).first()
    if need is None or not Requester.objects.filter(need=need).exists():
        raise LinkError(_("This need is not there any more."))
    return need
