"""`maillage schema KIND`: the JSON Schema of a kind of document, for editors that check YAML as it is written."""

import json
from typing import Annotated

import typer

from maillage.cli.site_session import set_up_django
from maillage.errors import MaillageError
from maillage.language import gettext as _

_KINDS = ("call", "charter", "lists", "process")


def run(kind: Annotated[str, typer.Argument(help="call, charter, process, or lists")]) -> None:
    """Print the JSON Schema of calls, charters, processes, or of the lists of the register."""
    if kind not in _KINDS:
        raise MaillageError(_("No document is called “%s”.") % kind, _("Use one of: %s.") % ", ".join(_KINDS))
    set_up_django()
    print(json.dumps(_schema(kind), ensure_ascii=False, indent=2))


def _schema(kind: str) -> dict[str, object]:
    from maillage.calls.call_document import CallDocument
    from maillage.charter.charter_document import CharterDocument
    from maillage.core.rows.withdrawn_list import file_lists
    from maillage.documents.document_model import DocumentModel
    from maillage.documents.json_schema import json_schema
    from maillage.documents.list_schema import lists_schema
    from maillage.workflow.definition import Definition

    if kind == "lists":
        return lists_schema(file_lists())
    models: dict[str, type[DocumentModel]] = {"call": CallDocument, "charter": CharterDocument, "process": Definition}
    return json_schema(models[kind])
