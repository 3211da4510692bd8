"""The page of a badge, and the page where anybody verifies one."""

import datetime as dt
import json
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from maillage.kernel import wording
from maillage.kernel.actors import PUBLIC
from maillage.kernel.certainty import evidence_of
from maillage.kernel.periods import UNKNOWN
from maillage.kernel.request import Request
from maillage.labels.badges import award_of, credential_of, names_of, token_in, withdrawn_because
from maillage.labels.keys import Unverified, verified
from maillage.labels.models import Award
from maillage.web import marks
from maillage.web.acting import posted
from maillage.web.badges.files import of_today
from maillage.web.badges.pictures import unbaked

# A badge has some 5,000 characters, its picture some 8,000 as SVG and 40,000 as PNG.
_LARGEST = 100_000
# What a form adds to the file it carries.
_AROUND = 64 * 1024


@require_safe
@of_today
def badge_page(request: Request, pk: int) -> HttpResponse:
    """What a badge says, whether it holds today, and how it is verified."""
    award = award_of(pk)
    if award is None:
        words = {
            "title": _("No badge stands here"),
            "advice": _("No public award has this number: a badge that bears it does not hold today."),
        }
        return render(request, "web/refusal.html", words, status=404)
    key = (Award.kind_name(), award.pk)
    context = {
        "award": award,
        "citations": evidence_of([key], actor=PUBLIC)[key].citations,
        "shown": json.dumps(credential_of(award), ensure_ascii=False, indent=2),
        "keys_url": f"{settings.SITE_URL}/.well-known/jwks.json",
        **_today(award),
    }
    return render(request, "web/badges/badge.html", context)


def _today(award: Award) -> dict[str, Any]:
    day = timezone.localdate()
    return {
        "today": day,
        "force": marks.force_mark(marks.force_of(award, day)),
        "state": marks.force_of(award, day).name,
        "end_unknown": award.period_end == UNKNOWN,
    }


class BadgeForm(forms.Form):
    """A badge to verify, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("The badge as a text (JWT)"), required=False, max_length=_LARGEST,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Or its file: SVG, PNG, JSON or JWT"), required=False, max_length=200, allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".svg,.png,.json,.jwt,.jws,.txt"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if file := given.get("file"):
            if file.size > _LARGEST:
                told = _("This file has %(size)d bytes; a badge has fewer than %(most)d.")
                raise forms.ValidationError(told % {"size": file.size, "most": _LARGEST})
            given["text"] = unbaked(file.read(_LARGEST)).decode("utf-8", errors="replace")
        if not self.errors and not given.get("text", "").strip():
            raise forms.ValidationError(_("Paste a badge or choose its file."))
        return given


@csrf_exempt  # What is too large is refused before the form is read for its token, which is then demanded.
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """The form that verifies a badge, and its answer; nothing large is even read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= _LARGEST + _AROUND:
        return _verify(request)
    told = _("This is too large for a badge, which has fewer than %(most)d bytes.") % {"most": _LARGEST}
    return render(request, "web/badges/verify.html", {"form": BadgeForm(), "refused": told}, status=413)


@csrf_protect
def _verify(request: Request) -> HttpResponse:
    """Say whether this site signed a badge and nobody changed it, and what is so today. Nothing is fetched or kept."""
    form = BadgeForm(posted(request), request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        try:
            context |= _found_today(verified(_token(form.cleaned_data["text"])))
        except Unverified as error:
            context["refused"] = str(error)
    failed = form.is_bound and "claims" not in context
    return render(request, "web/badges/verify.html", context, status=422 if failed else 200)


def _token(text: str) -> str:
    token = token_in(text)
    if not token:
        raise Unverified(_("No signed badge is in this text: one begins with “eyJ” and has three parts between dots."))
    return token


def _found_today(claims: dict[str, Any]) -> dict[str, Any]:
    """What was signed, and what the register says of it now."""
    number, seal = names_of(claims)
    award = award_of(number)
    return {
        "claims": claims,
        "valid": {"from": _day(claims.get("validFrom")), "until": _day(claims.get("validUntil"))},
        "withdrawn": withdrawn_because(number, seal, timezone.localdate()),
        "award": award,
        **(_today(award) if award else {}),
    }


def _day(moment: Any) -> str:
    return wording.day(timezone.localtime(dt.datetime.fromisoformat(moment)).date()) if moment else ""
