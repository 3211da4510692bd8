"""The action that removes unused content."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.files.models import Content, File
from maillage.files.storage import get_storage, lock_content


@action(title=gettext_lazy("Remove bytes without a use"))
def remove_unused_content(*, actor: Actor, at: dt.datetime, digest: str) -> bool:
    """Remove the content with this digest if no file uses it; return whether none does."""
    with lock_content(digest) as path:
        if File.objects.filter(content__digest=digest).exists():
            return False
        Content.objects.filter(digest=digest).delete()
        # Once the deletion of the row is committed; if this fails, the nightly job removes content without a row.
        transaction.on_commit(lambda: _delete_if_unused(digest, path))
    return True


def _delete_if_unused(digest: str, path: str) -> None:
    with transaction.atomic(), lock_content(digest):
        if not Content.objects.filter(digest=digest).exists():
            get_storage().delete(path)
