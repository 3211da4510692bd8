"""What every reader gets of the settings: the texts of the site, its logo and its colours."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.request import Request
from maillage.site.models import Logo, SiteText
from maillage.site.queries import current_site
from maillage.web.site.text_blocks import text_blocks

_YEAR = 365 * 24 * 3600
_LASTING = f"public, max-age={_YEAR}, immutable"
# A picture must not act in the name of the site, whatever its bytes are.
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_safe
def text_page(request: Request, kind: str) -> HttpResponse:
    """A text of the site."""
    text = SiteText.objects.filter(kind=kind).first()
    if text is None or not text.text:
        raise Http404(_("This text is not written yet."))
    return render(request, "web/site/text.html", {"text": text, "blocks": list(text_blocks(text.text))})


@require_safe
def logo_picture(request: HttpRequest, digest: str) -> HttpResponse:
    """The bytes of the logo with this digest."""
    logo = Logo.objects.filter(digest=digest).first()
    if logo is None:
        raise Http404(_("The site has no such logo."))
    headers = {
        "Content-Disposition": "inline",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": _LASTING,
    }
    return HttpResponse(bytes(logo.content), content_type=logo.media_type, headers=headers)


@require_safe
def colour_sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The style sheet of the site's colours; `digest` is that of the sheet, so that browsers may keep it."""
    site = current_site()
    caching = _LASTING if digest == site.colour_digest else "no-cache"
    return HttpResponse(
        site.values.colour_sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": caching}
    )
