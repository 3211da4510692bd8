"""Files of a badge that programs fetch: signed token, picture with the token in it, status and public keys."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.request import Request
from maillage.labels.badges import get_badge_award, revocation_list, sign_badge
from maillage.labels.models import Award
from maillage.labels.signing_keys import list_public_jwks
from maillage.web.labels.badge_pictures import badge_png, badge_svg

_OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}

View = Callable[..., HttpResponse]


def as_of_today(view: View) -> View:
    """Redirect to the badge as it is today where the address names another day or moment."""

    @wraps(view)
    def wrapper(request: Request, **url_arguments: object) -> HttpResponse:
        return view(request, **url_arguments) if request.as_of.is_now else redirect(request.path)

    return wrapper


def get_award(pk: int) -> Award:
    """The award of a badge. Raises `Http404` where there is none that is public."""
    award = get_badge_award(pk)
    if award is None:
        raise Http404(_("No public award of an organisation has this number."))
    return award


@require_safe
@as_of_today
def badge_token(request: Request, pk: int) -> HttpResponse:
    """The signed badge as a file, by section 5.1 of Open Badges."""
    return HttpResponse(sign_badge(get_award(pk)), content_type="text/plain; charset=ascii", headers=_OPEN)


@require_safe
@as_of_today
def badge_json(request: Request, pk: int) -> HttpResponse:
    """The signed badge as JSON: an `EnvelopedVerifiableCredential` of the W3C's data model 2.0."""
    token = sign_badge(get_award(pk))
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }
    return JsonResponse(envelope, content_type="application/vc", headers=_OPEN)


@require_safe
@as_of_today
def badge_picture(request: Request, pk: int, kind: str) -> HttpResponse:
    """The badge as a picture with the token baked in, by section 5.3 of Open Badges."""
    award = get_award(pk)
    token = sign_badge(award)
    svg = badge_svg(award, token)
    if kind == "png":
        return HttpResponse(badge_png(svg, token), content_type="image/png", headers=_OPEN)
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8", headers=_OPEN)


@require_safe
@as_of_today
def badge_status(request: Request, pk: int, seal: str) -> HttpResponse:
    """The revocation list that a badge names; it lists the badge once the award is no longer valid."""
    return JsonResponse(revocation_list(pk, seal, timezone.localdate()), headers=_OPEN)


@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys that still verify badges, as a JWK set."""
    return JsonResponse({"keys": list_public_jwks()}, content_type="application/jwk-set+json", headers=_OPEN)


@require_safe
def badge_key(request: HttpRequest, thumbprint: str) -> HttpResponse:
    """One public key, at the address named in the header of a badge."""
    for key in list_public_jwks():
        if key["kid"].endswith(f"/{thumbprint}"):
            return JsonResponse(key, content_type="application/jwk+json", headers=_OPEN)
    raise Http404(_("No key of this site that is still believed has this name."))
