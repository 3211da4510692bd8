"""`maillage page`: the ecosystem page of an organisation, from a file and to one."""

from pathlib import Path
from typing import Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command()
def load(file: Annotated[Path, typer.Argument(help="A YAML file of sections and sentences.")]) -> None:
    """Publish the sentences of a file on the page of its organisation; those it leaves out are taken off."""
    with running_site():
        from django.utils import timezone

        from maillage.core.actors import SYSTEM
        from maillage.core.rows.errors import InvalidFileError
        from maillage.publishing.actions.sentences import publish_sentences

        try:
            report = publish_sentences(actor=SYSTEM, at=timezone.now(), path=file)
        except InvalidFileError as error:
            raise MaillageError(str(error), _("Nothing was written.")) from error
        words = {"published": report.published, "changed": report.changed, "withdrawn": report.withdrawn}
        typer.echo(
            _("%(published)d sentences on the page, %(changed)d of them changed; %(withdrawn)d taken off.") % words
        )


@app.command()
def write(
    key: Annotated[str, typer.Argument(help="The key of the organisation: the end of the address of its page.")],
    file: Annotated[Path, typer.Argument(help="The YAML file to write.")],
) -> None:
    """Write the page of an organisation, or its draft, to a file that `maillage page load` takes."""
    with running_site():
        from maillage.core.actors import PUBLIC
        from maillage.publishing.page_file import page_text
        from maillage.register.models import Organisation

        organisation = Organisation.objects.visible_to(PUBLIC).filter(key=key, merged_into=None).first()
        if organisation is None:
            what = _("There is no public organisation with the key “%s”.") % key
            raise MaillageError(what, _("Correct it; the address of its page ends in it."))
        try:
            file.write_text(page_text(organisation, PUBLIC), encoding="utf-8")
        except OSError as error:
            what = _("%(file)s cannot be written: %(reason)s.") % {"file": file, "reason": _(os_error_reason(error))}
            raise MaillageError(what, _("Choose another place or free space.")) from error
