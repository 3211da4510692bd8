"""Setting texts on paper: a PDF from a Typst template, to which all texts come as data, never as markup."""

import json
from importlib.resources import files
from typing import Any


def render_pdf(room: str, template: str, content: dict[str, Any]) -> bytes:
    """The PDF of a room's template (`letter.typ` of `maillage.core`) with this content."""
    import typst  # it takes a while to load, and most processes print nothing

    data = json.dumps(content, ensure_ascii=False)
    made: bytes = typst.compile((files(room) / template).read_bytes(), sys_inputs={"data": data}, format="pdf")
    return made
