"""`maillage export FILE`: every list of the register as a file that loads back to the same register."""

from pathlib import Path
from typing import Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason


def run(file: Annotated[Path, typer.Argument(help="The YAML file to write; it appears whole or not at all.")]) -> None:
    """Write the lists of the register, with their sources, to a file that `maillage load` takes."""
    with running_site():
        from maillage.core.actors import SYSTEM
        from maillage.core.rows.export import write_lists
        from maillage.core.rows.withdrawn_list import file_lists

        draft = file.with_name(f".{file.name}.part")
        try:
            with draft.open("w", encoding="utf-8") as out:
                counts = write_lists(out, file_lists(), actor=SYSTEM)
            draft.replace(file)
        except OSError as error:
            draft.unlink(missing_ok=True)
            what = _("%(file)s cannot be written: %(reason)s.") % {"file": file, "reason": _(os_error_reason(error))}
            raise MaillageError(what, _("Choose another place or free space.")) from error
        typer.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
