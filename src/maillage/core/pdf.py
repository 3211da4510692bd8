"""PDF documents from Typst templates, which get all texts as data, never as markup."""

import json
from importlib.resources import files
from typing import Any


def render_pdf(room: str, template: str, content: dict[str, Any]) -> bytes:
    """The PDF of a room's template (`letter.typ` of `maillage.core`), which reads `content` as JSON."""
    import typst  # slow to import, and most processes make no PDF

    data = json.dumps(content, ensure_ascii=False)
    pdf: bytes = typst.compile((files(room) / template).read_bytes(), sys_inputs={"data": data}, format="pdf")
    return pdf
