"""Work on files that is left to the worker."""

import datetime as dt
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.kernel.actors import SYSTEM
from maillage.kernel.files.actions import sweep
from maillage.kernel.files.intake import PREFIX
from maillage.kernel.files.models import SHA256, Content
from maillage.kernel.files.storage import storage


@app.task(name="files.sweep_content")
def sweep_content(digest: str) -> bool:
    """Remove the bytes of a digest where no file uses them."""
    return bool(sweep(actor=SYSTEM, at=timezone.now(), digest=digest))


@app.periodic(cron="40 3 * * *")
@app.task(name="files.sweep_all", queueing_lock="files.sweep_all")
def sweep_all(timestamp: int) -> int:
    """Remove what a machine that stopped in the middle left behind; return how many."""
    swept = sweep_incoming(Path(settings.FILES_INCOMING))
    unused = Content.objects.filter(uses=None).values_list("digest", flat=True)
    for digest in {*_stored_digests(), *unused}:
        if not Content.objects.filter(digest=digest).exclude(uses=None).exists():
            swept += sweep(actor=SYSTEM, at=timezone.now(), digest=digest)
    return swept


def sweep_incoming(folder: Path, older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Remove what was coming in longer ago than any upload lasts; return how many."""
    if not folder.is_dir():
        return 0
    line = time.time() - older_than.total_seconds()
    left = [path for path in folder.glob(f"{PREFIX}*") if path.stat().st_mtime < line]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _stored_digests() -> list[str]:
    if not storage().exists(""):
        return []
    folders, _files = storage().listdir("")
    names = (name for folder in folders if len(folder) == 2 for name in storage().listdir(folder)[1])
    return [name for name in names if len(name) == SHA256]
