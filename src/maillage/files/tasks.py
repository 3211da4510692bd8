"""Jobs that remove unused content and interrupted uploads."""

import datetime as dt
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.files.actions.contents import remove_unused_content
from maillage.files.models import SHA256_LENGTH, Content
from maillage.files.storage import get_storage
from maillage.files.uploads import INCOMING_PREFIX


@app.task(name="files.sweep_content")
def remove_unused_content_task(digest: str) -> bool:
    """Remove the content with this digest if no file uses it."""
    return bool(remove_unused_content(actor=SYSTEM, at=timezone.now(), digest=digest))


@app.periodic(cron="40 3 * * *")
@app.task(name="files.sweep_all", queueing_lock="files.sweep_all")
def remove_all_unused_content(timestamp: int) -> int:
    """Remove all unused content and old incoming files, left by interrupted processes; return how many."""
    removed = remove_old_incoming_files(Path(settings.FILES_INCOMING))
    unused = Content.objects.filter(uses=None).values_list("digest", flat=True)
    for digest in {*_stored_digests(), *unused}:
        if not Content.objects.filter(digest=digest).exclude(uses=None).exists():
            removed += remove_unused_content(actor=SYSTEM, at=timezone.now(), digest=digest)
    return removed


def remove_old_incoming_files(folder: Path, older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Remove incoming files last written longer ago than `older_than`; return how many."""
    if not folder.is_dir():
        return 0
    limit = time.time() - older_than.total_seconds()
    old_files = [path for path in folder.glob(f"{INCOMING_PREFIX}*") if path.stat().st_mtime < limit]
    for path in old_files:
        path.unlink(missing_ok=True)
    return len(old_files)


def _stored_digests() -> list[str]:
    if not get_storage().exists(""):
        return []
    folders, _files = get_storage().listdir("")
    names = (name for folder in folders if len(folder) == 2 for name in get_storage().listdir(folder)[1])
    return [name for name in names if len(name) == SHA256_LENGTH]
