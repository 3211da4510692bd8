"""Pages by which officers set the site: an overview, and a form for each part."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.record_versions import form_version
from maillage.core.request import Request
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import require_officer, run_action_form
from maillage.register.actions.shown_organisations import choose_shown_organisations
from maillage.register.queries import shown_organisations
from maillage.site.actions.site_settings import SettingError, save_site_settings, set_logo, write_site_text
from maillage.site.models import SiteSettings, SiteText
from maillage.site.pictures import MAX_BYTES
from maillage.site.queries import reread_site
from maillage.web.files.uploads import accepts_upload, get_incoming_file
from maillage.web.site.first_steps import FROM_FIRST_STEPS
from maillage.web.site.forms import SettingsForm, ShownForm, TextForm
from maillage.web.site.parts import PARTS, part_states, shown_part


def _require_officer(request: Request) -> None:
    require_officer(request, _("The site is set by its officers."))


def _page_before(request: Request) -> str:
    """The page to which a form leads back: the first steps, if it was opened from there."""
    return "first-steps" if FROM_FIRST_STEPS in request.GET else "site-settings"


@require_safe
def settings_page(request: Request) -> HttpResponse:
    """Every part of the settings as it is, with a link to the page that changes it."""
    _require_officer(request)
    parts = list(part_states(reread_site(), request.actor))
    return render(request, "web/site/settings.html", {"parts": parts})


@require_http_methods(["GET", "POST"])
def part_page(request: Request, key: str) -> HttpResponse:
    """The form of one part of the settings."""
    _require_officer(request)
    if key not in PARTS:
        raise Http404(_("The settings have no such part."))
    part, row = PARTS[key], SiteSettings.objects.first() or SiteSettings(pk=1)
    form = SettingsForm(request, part, reread_site().values)
    success = _("Saved: %s.") % part.title
    version_of = None if row._state.adding else row
    if run_action_form(
        request,
        save_site_settings,
        form,
        arguments=lambda: {"changes": form.changes()},
        success=success,
        version_of=version_of,
    ):
        return redirect(_page_before(request))
    context: dict[str, object] = {"form": form, "heading": part.title, "intro": part.intro}
    context["version"] = form_version(request, row) if version_of else ""
    return _form_page(request, context, bound=form.is_bound)


def _form_page(request: Request, context: dict[str, object], *, bound: bool) -> HttpResponse:
    context["back"] = _page_before(request)
    return render(request, "web/site/form.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "POST"])
def shown_page(request: Request) -> HttpResponse:
    """The choice of the organisations whose ecosystem is shown."""
    _require_officer(request)
    form = ShownForm(request, shown_organisations(actor=request.actor))
    arguments = {"organisation_ids": form.organisation_ids}
    if run_action_form(
        request,
        choose_shown_organisations,
        form,
        arguments=lambda: arguments,
        success=_("Saved: %s.") % _("Organisations shown"),
    ):
        return redirect(_page_before(request))
    context: dict[str, object] = {
        "form": form,
        "parts": form.parts(),
        "heading": _("Organisations shown"),
        "intro": _("The home page shows the ecosystem of the first; each has a page of its own."),
        "locked": shown_part(request.actor).locked,
    }
    return _form_page(request, context, bound=form.is_bound)


@require_http_methods(["GET", "POST"])
def text_edit_page(request: Request, kind: str) -> HttpResponse:
    """The form of a text of the site."""
    _require_officer(request)
    if kind not in SiteText.Kind.values:
        raise Http404(_("The site has no such text."))
    text = SiteText.objects.filter(kind=kind).first() or SiteText(kind=kind)
    form = TextForm(request, text)
    version_of = text if text.pk else None
    if run_action_form(
        request,
        partial(write_site_text, kind=kind),
        form,
        success=_("Saved: %s.") % text,
        version_of=version_of,
    ):
        return redirect(_page_before(request))
    context: dict[str, object] = {"form": form, "heading": str(text), "wide": True}
    context["version"] = form_version(request, text) if version_of else ""
    return _form_page(request, context, bound=form.is_bound)


@accepts_upload
def logo_page(request: Request, intake: StreamingUploadHandler) -> HttpResponse:
    """The logo: uploading one, or removing the present one."""
    _require_officer(request)
    outcome = run_action_form(request, partial(_set_logo, request, intake), success=_("Saved: %s.") % _("Logo"))
    if outcome:
        return redirect(_page_before(request))
    if outcome.error:
        return redirect(request.get_full_path())
    context = {"logo": reread_site().logo, "kilobytes": MAX_BYTES // 1024, "back": _page_before(request)}
    return render(request, "web/site/logo.html", context)


def _set_logo(request: Request, intake: StreamingUploadHandler, **actor_and_time: object) -> object:
    if request.POST.get("do") == "remove":
        return set_logo(actor=request.actor, at=timezone.now(), content=b"")
    incoming = get_incoming_file(intake)
    if not incoming.size:
        raise SettingError(_("This file is empty; choose another."))
    with incoming:
        incoming.bytes.seek(0)
        content = incoming.bytes.read(MAX_BYTES + 1)
    return set_logo(actor=request.actor, at=timezone.now(), content=content)
