"""The steps of the way of a sheet, ours and those of django-import-export, each side in a process of its own.

`python -m benchmarks.sheet_steps ours|peer FILE.xlsx` prints one line of JSON for each step, then one of the memory.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.__main__ import running_site


def main(side: str, path: Path) -> None:
    """Take the steps of one side."""
    with running_site():
        from django.utils import translation

        with translation.override("fr"):
            {"ours": run_ours, "peer": run_peer}[side](path)
    print(json.dumps({"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def step(title: str, work: Callable[[], Any], words: Callable[[Any], str] = lambda _value: "") -> Any:
    """Do a piece of work, and print how long it took."""
    began, cpu = time.perf_counter(), time.process_time()
    value = work()
    if " refused" in words(value):
        sys.exit(f"{title}: {words(value)}; the measure does not fit the list any more.")
    taken = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps({"title": title, **taken, "words": words(value)}), flush=True)
    return value


def run_ours(path: Path) -> None:
    """Read, preview, load, preview again, download, and preview what was downloaded."""
    from django.utils import timezone

    from maillage.core.actions.sheets import load_sheet
    from maillage.core.actors import OFFICER, Actor
    from maillage.core.rows.export import export_rows
    from maillage.core.rows.list_register import FACT_LISTS
    from maillage.core.sheets.columns import read_table
    from maillage.core.sheets.load import preview_sheet
    from maillage.core.sheets.sheet_writer import write_list
    from maillage.core.sheets.workbook_reader import read_sheet

    organisations, officer = FACT_LISTS["organisations"], Actor("officer", frozenset({OFFICER}))
    now = {"actor": officer, "at": timezone.now()}

    def read() -> Any:
        return read_table(read_sheet(path, path.name), organisations, {})

    def counts(report: Any) -> str:
        return ", ".join(f"{count:,} {fate}" for fate, count in report.counts.items() if count)

    table = step("read the workbook", read)
    step("preview of new rows, rolled back", lambda: preview_sheet(organisations, table, **now), counts)
    given = {"list_name": "organisations", "table": table, "reason": "Measure."}
    step("load", lambda: load_sheet(**given, **now), counts)
    step("preview of the same file again", lambda: preview_sheet(organisations, table, **now), counts)
    downloaded = step("download the list", lambda: write_list(organisations, export_rows(organisations, actor=officer)))
    path.write_bytes(downloaded.read())
    table = step("read the downloaded list", read)
    step("preview of the downloaded list", lambda: preview_sheet(organisations, table, **now), counts)


def run_peer(path: Path) -> None:
    """Read, preview and import the columns of the organisation alone: no names, no sources, no citations."""
    from import_export.formats.base_formats import XLSX

    from maillage.core.security.session_scope import ACTION_SCOPE, use_scope

    dataset = step("read the workbook", lambda: XLSX().create_dataset(path.read_bytes()))
    with use_scope(ACTION_SCOPE):
        peer = _peer_resource()
        step("dry run, bulk", lambda: peer().import_data(dataset, dry_run=True), _peer_counts)
        step("import, bulk", lambda: peer().import_data(dataset, dry_run=False), _peer_counts)


def _peer_counts(result: Any) -> str:
    faults = [str(error.error) for _number, errors in result.row_errors() for error in errors]
    counts = {**result.totals, "errors": len(faults)}
    return ", ".join([*(f"{count:,} {kind}" for kind, count in counts.items() if count), *faults[:1]])


def _peer_resource() -> Any:
    """The fastest way of the peer: by bulk statements, without the differences that its preview shows."""
    from import_export.fields import Field
    from import_export.resources import ModelResource

    from maillage.register.models import Organisation

    columns = {"key": "Clé", "name_fr": "Nom en français", "name_en": "Nom en anglais", "acronym": "Sigle",
               "kind": "Type", "city": "Ville", "country": "Pays", "website": "Site web"}  # fmt: skip

    class Meta:
        model = Organisation
        import_id_fields = ("key",)
        fields = tuple(columns)
        use_bulk = True
        batch_size = 1000
        skip_diff = True

    def prepare(_resource: Any, instance: Any, _row: Any, **_more: Any) -> None:
        instance.prepare()

    fields = {name: Field(attribute=name, column_name=title) for name, title in columns.items()}
    return type("PeerResource", (ModelResource,), {**fields, "Meta": Meta, "before_save_instance": prepare})


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
