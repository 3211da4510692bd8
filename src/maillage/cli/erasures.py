"""`maillage erasures`: the list of erased requesters and accounts, and their erasure again after a restore."""

from pathlib import Path
from typing import Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Needs whose requester was erased, and erased accounts: their keys and days, no person."""


@app.command("list")
def list_() -> None:
    """Print the list as CSV, to keep it apart from the backups of the database."""
    with running_site():
        from maillage.partnerships.erasure_list import erasure_file, erasure_text, known_erasures, read_erasures

        typer.echo(erasure_text(read_erasures(erasure_file()) | known_erasures()), nl=False)


@app.command()
def replay(
    file: Annotated[
        Path | None, typer.Argument(help="A list that was printed; without one, that of the data folder")
    ] = None,
) -> None:
    """Erase again the requesters and accounts of a list, after a backup of the database was restored."""
    with running_site():
        from django.utils import timezone

        from maillage.core.actors import SYSTEM
        from maillage.partnerships.actions.erasures import replay_erasures
        from maillage.partnerships.erasure_list import erasure_file, read_erasures

        file = file or erasure_file()
        if not file.exists():
            raise MaillageError(_("There is no %s.") % file, _("Name the list: maillage erasures replay FILE"))
        erasures = read_erasures(file)
        count = replay_erasures(actor=SYSTEM, at=timezone.now(), erasures=erasures)
        typer.echo(_("%(read)d erasures read, %(count)d repeated.") % {"read": len(erasures), "count": count})
