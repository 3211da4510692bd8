"""The dossier as a file to print and to keep."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from maillage.calls.paper import paper_of
from maillage.kernel.request import Request
from maillage.web.calls.writing import dossier_of


@require_safe
def paper(request: Request, key: str) -> HttpResponse:
    """The PDF of a dossier, for whoever reads it."""
    dossier = dossier_of(request, key)
    name = f"{dossier.key}.pdf"
    return HttpResponse(
        paper_of(dossier),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )
