"""`maillage vocabulary load FILE`: larger vocabularies, read where they lie."""

from pathlib import Path
from typing import Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The words in which needs and offers meet."""


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="EuroVoc (CSV, YAML), HPO (Babelon table) or our own YAML; .gz or not")],
    form: Annotated[str, typer.Option("--form", help="eurovoc, hpo or maillage; guessed from the name")] = "",
    synonyms: Annotated[Path | None, typer.Option("--synonyms", help="HPO's table of French synonyms")] = None,
) -> None:
    """Load a vocabulary; an earlier load of the same one is replaced."""
    with running_site():
        from django.utils import timezone

        from maillage.core.action_registry import ActionError
        from maillage.core.actors import SYSTEM
        from maillage.matching.vocabulary_files import VocabularyError
        from maillage.offers.actions.vocabularies import load_vocabulary

        try:
            entry, loaded = load_vocabulary(actor=SYSTEM, at=timezone.now(), path=file, form=form, synonyms=synonyms)
        except (VocabularyError, ActionError) as error:
            raise MaillageError(str(error), _("Nothing was written.")) from error
        for refusal in loaded.refused:
            typer.echo(str(refusal), err=True)
        summary = _("%(source)s: %(read)d rows read, %(concepts)d concepts, %(refused)d refused")
        counts = {"read": loaded.read, "concepts": entry.concepts, "refused": entry.refused}
        typer.echo(summary % {"source": entry.source, **counts})
        if loaded.refused:
            raise typer.Exit(1)
