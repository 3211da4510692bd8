"""Loading the lists of the register from a file."""

import datetime as dt
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import OFFICER, Actor
from maillage.core.rows.file_load import LoadReport, ProgressCallback, load_file
from maillage.core.rows.withdrawn_list import file_lists
from maillage.core.table_statistics import refresh_statistics_on_commit


@action(OFFICER, title=gettext_lazy("Load a file of lists"), over_api=False)
def load_lists(
    *, actor: Actor, at: dt.datetime, path: Path, dry_run: bool = False, progress: ProgressCallback | None = None
) -> LoadReport:
    """Load every list of a YAML file; see `core.rows.file_load.load_file` for the report and the errors."""
    if not dry_run:
        refresh_statistics_on_commit()
    return load_file(path, file_lists(), read_on=timezone.localdate(at), dry_run=dry_run, progress=progress)
