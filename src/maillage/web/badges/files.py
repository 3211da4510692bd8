"""What programs fetch of a badge: the signed token, its picture with the token in it, its status, the public keys."""

import textwrap
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.kernel import wording
from maillage.kernel.request import Request
from maillage.labels.badges import award_of, status_of, token_of
from maillage.labels.keys import public_keys
from maillage.labels.models import Award

_OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
# Characters in a line of the picture, lines at most, and the height of a line.
_HOLDER, _LABEL = (34, 3, 30), (28, 2, 38)

View = Callable[..., HttpResponse]


def of_today(view: View) -> View:
    """A badge is told as it is today, whatever day or moment the address asks for."""

    @wraps(view)
    def told(request: Request, **found: Any) -> HttpResponse:
        return view(request, **found) if request.reading.is_now else redirect(request.path)

    return told


def found(pk: int) -> Award:
    """The award of a badge. Raises `Http404`."""
    award = award_of(pk)
    if award is None:
        raise Http404(_("No public award of an organisation has this number."))
    return award


@require_safe
@of_today
def token(request: Request, pk: int) -> HttpResponse:
    """The signed badge: a file of Open Badges by its section 5.1."""
    return HttpResponse(token_of(found(pk)), content_type="text/plain; charset=ascii", headers=_OPEN)


@require_safe
@of_today
def enveloped(request: Request, pk: int) -> HttpResponse:
    """The signed badge as JSON: an `EnvelopedVerifiableCredential` of the W3C's data model 2.0."""
    signed = token_of(found(pk))
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vc+jwt,{signed}",
        "type": "EnvelopedVerifiableCredential",
    }
    return JsonResponse(envelope, content_type="application/vc", headers=_OPEN)


@require_safe
@of_today
def picture(request: Request, pk: int) -> HttpResponse:
    """The badge as a picture with the token baked in: section 5.3.2 of Open Badges."""
    award = found(pk)
    label, holder = _plain(str(award.label)), _plain(str(award.holder))
    label_lines, place = _lines(label, 96, *_LABEL)
    holder_lines, place = _lines(holder, place + 18, *_HOLDER)
    context = {
        "award": award,
        "token": token_of(award),
        "title": f"{label} – {holder}",
        "label_lines": label_lines,
        "holder_lines": holder_lines,
        "term": _plain(wording.period(award.period_start, award.period_end)),
        "below": place + 12,
        "by": _plain(str(award.label.authority or award.label.authority_text)),
        "address": f"{settings.SITE_URL.split('://')[-1]}/badges/{award.pk}",
    }
    drawn = render_to_string("web/badges/badge.xml", context)
    return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8", headers=_OPEN)


def _lines(text: str, top: int, width: int, most: int, height: int) -> tuple[list[tuple[int, str]], int]:
    """A text in lines, each with its height, and the height below them."""
    lines = textwrap.wrap(text, width, max_lines=most, placeholder=" …")
    placed = [(top + number * height, line) for number, line in enumerate(lines)]
    return placed, top + len(lines) * height


def _plain(text: str) -> str:
    """A text without the control characters that no XML may hold."""
    return "".join(character for character in text if not unicodedata.category(character).startswith("C"))


@require_safe
@of_today
def status(request: Request, pk: int, seal: str) -> HttpResponse:
    """The revocation list that a badge names: it stands there once the award does not hold any more."""
    return JsonResponse(status_of(pk, seal, timezone.localdate()), headers=_OPEN)


@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys of all badges that are still believed."""
    return JsonResponse({"keys": public_keys()}, content_type="application/jwk-set+json", headers=_OPEN)


@require_safe
def one_key(request: HttpRequest, thumbprint: str) -> HttpResponse:
    """One public key, where the header of a badge looks for it."""
    for key in public_keys():
        if key["kid"].endswith(f"/{thumbprint}"):
            return JsonResponse(key, content_type="application/jwk+json", headers=_OPEN)
    raise Http404(_("No key of this site that is still believed has this name."))
