"""PDF documents from Typst templates, which get all texts as data, never as markup."""

import json
from collections.abc import Mapping
from importlib.resources import files


def render_pdf(room: str, template: str, content: Mapping[str, object]) -> bytes:
    """The PDF of a room's template (`letter.typ` of `maillage.core`), which reads `content` as JSON."""
    import typst  # slow to import, and most processes make no PDF

    data = json.dumps(content, ensure_ascii=False)
    pdf: bytes = typst.compile((files(room) / template).read_bytes(), sys_inputs={"data": data}, format="pdf")
    return pdf
