"""`maillage publish DIR`: the public ecosystem pages, and what they link to, as a static site."""

from pathlib import Path
from typing import Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason


def run(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one that this command has written before.")],
    organisation: Annotated[
        list[str] | None,
        typer.Option("--organisation", help="The key of an organisation; several may be named."),
    ] = None,
    live_site: Annotated[
        str, typer.Option("--site", help="The address of the living site, to which other links lead.")
    ] = "",
) -> None:
    """Write the public ecosystem pages, and what they link to, as files that any web server can serve."""
    with running_site() as data:
        from maillage.cli.preparation import collect_static
        from maillage.cli.progress_bar import progress_bar
        from maillage.web.publishing.static_site.writer import publish_site

        try:
            with progress_bar() as progress:
                collect_static(data, progress)
                count = publish_site(folder, organisation or [], live_site.rstrip("/"), progress)
        except OSError as error:
            what = _("%(file)s cannot be written: %(reason)s.") % {"file": folder, "reason": _(os_error_reason(error))}
            raise MaillageError(what, _("Choose another place or free space.")) from error
        typer.echo(_("%(count)d pages are in %(folder)s.") % {"count": count, "folder": folder})
