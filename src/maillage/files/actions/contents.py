"""Contents."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.files.models import Content, File
from maillage.files.storage import get_storage, lock_content


@action(title=gettext_lazy("Remove bytes without a use"))
def remove_unused_content(*, actor: Actor, at: dt.datetime, digest: str) -> bool:
    """Remove the bytes of a digest where no file uses them; return whether nothing is left of them."""
    with lock_content(digest) as place:
        if File.objects.filter(content__digest=digest).exists():
            return False
        Content.objects.filter(digest=digest).delete()
        # After the row is surely gone; should this fail, the nightly sweep finds bytes without a row.
        transaction.on_commit(lambda: _delete_if_unused(digest, place))
    return True


def _delete_if_unused(digest: str, place: str) -> None:
    with transaction.atomic(), lock_content(digest):
        if not Content.objects.filter(digest=digest).exists():
            get_storage().delete(place)
