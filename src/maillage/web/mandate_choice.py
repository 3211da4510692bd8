"""The mandate that a page needs: chosen among those of its reader, so that nobody has to use one first.

A form is sent by the mandate under which it was opened, whatever another page has put in use meanwhile.
"""

import re
import sys
from collections.abc import Callable, Iterator
from typing import cast

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from maillage.core.actors import Actor
from maillage.core.request import API_PREFIX
from maillage.core.security.session_scope import actor_scope, read_everything
from maillage.desk.providers import MANDATE_PARAMETER
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of, mandates_of

# The key under which the session keeps the mandate in use.
MANDATE_SESSION_KEY = "mandate"
# The hidden field of a form with the mandate under which it was opened; empty for none.
FORM_MANDATE = "opened_under"
# Buttons that need no mandate.
_WITHOUT_MANDATE = frozenset({"use-mandate", "sign-out", "account_logout", "language", "desk-rows"})
# Fields that are not what a person typed.
_NOT_TYPED = re.compile(r"csrfmiddlewaretoken|opened_under|version|initial-.*|.*password.*|next")
_MAX_SHOWN = 200
# The most mandates that are tried for a page.
_MAX_TRIED = 20

GetResponse = Callable[[HttpRequest], HttpResponse]


def mandate_id_of(request: HttpRequest) -> str:
    """The mandate in use on a page, as the text of a hidden field; empty for none."""
    acting = request.actor.acting  # type: ignore[attr-defined]
    return str(acting.mandate_id) if acting else ""


class FormMandateMiddleware:
    """Have a form that was sent answered under the mandate under which it was opened.

    Forms with files are read by their views, which do the same.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path.startswith(API_PREFIX) or _reads_form_itself(request):
            return self.get_response(request)
        return answer_form(request, self.get_response)


def answer_form(request: HttpRequest, answer: GetResponse) -> HttpResponse:
    """The answer to a form, under the mandate under which it was opened; what was typed is shown if that has ended."""
    opened_under = request.POST.get(FORM_MANDATE)
    person = request.user
    if opened_under is None or not isinstance(person, User) or opened_under == mandate_id_of(request):
        return answer(request)
    request.actor = actor_of(person, timezone.now(), _mandate_id(opened_under))  # type: ignore[attr-defined]
    if opened_under != mandate_id_of(request):
        return _ended(request)
    with actor_scope(request.actor):  # type: ignore[attr-defined]
        response = answer(request)
    if response.status_code == HttpResponseRedirect.status_code and not _says_error(request):
        messages.info(request, _form_words(request.actor))  # type: ignore[attr-defined]
    return response


def _says_error(request: HttpRequest) -> bool:
    """Whether the next page says an error, so that nothing was sent."""
    waiting = cast(BaseStorage, messages.get_messages(request))
    has_error = any(message.level >= messages.ERROR for message in waiting)
    # They were only looked at: the next page shows them.
    waiting.used = False
    return has_error


def _mandate_id(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _form_words(actor: Actor) -> str:
    if actor.acting is None:
        return _("Sent without a mandate, as the form was opened.")
    with read_everything():
        mandate = Mandate.objects.select_related("organisation").get(pk=actor.acting.mandate_id)
    return _("Sent as: %s, as the form was opened.") % mandate


def _ended(request: HttpRequest) -> HttpResponse:
    """The page that says that the mandate of a form is not held any more, with what was typed."""
    fields = [(name, text) for name in request.POST for text in request.POST.getlist(name) if text.strip()]
    labels = _field_labels(request)
    typed = [(labels.get(name, ""), text) for name, text in fields if not _NOT_TYPED.fullmatch(name)]
    context = {"typed": typed[:_MAX_SHOWN], "back": request.get_full_path()}
    return render(request, "web/mandate_ended.html", context, status=HttpResponseForbidden.status_code)


def _field_labels(request: HttpRequest) -> dict[str, str]:
    """The labels of fields as the forms of the page name them, else as any other form does."""
    module = sys.modules.get(resolve(request.path_info).func.__module__)
    own = [form for form in vars(module or object).values() if isinstance(form, type) and issubclass(form, BaseForm)]
    labels: dict[str, str] = {}
    for form in (*own, *_all_forms(BaseForm)):
        for name, field in getattr(form, "base_fields", {}).items():
            if field.label:
                labels.setdefault(name, str(field.label))
    return labels


def _all_forms(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for narrower in form.__subclasses__():
        yield narrower
        yield from _all_forms(narrower)


def _reads_form_itself(request: HttpRequest) -> bool:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return True
    return match.url_name in _WITHOUT_MANDATE or getattr(match.func, "csrf_exempt", False)


class MandateChoiceMiddleware:
    """A page that the mandate in use does not open is opened by another of the reader's mandates, which is named.

    Only pages that are read are tried again: a form is sent by its own mandate, and refused if that may not send it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if redirection := self._use_named_mandate(request):
            return redirection
        response = self.get_response(request)
        if response.status_code not in (403, 404) or not _may_be_tried(request):
            return response
        used: Actor = request.actor  # type: ignore[attr-defined]
        for mandate, actor in _other_actors(request.user, used):
            if self._opens(request, actor):
                request.session[MANDATE_SESSION_KEY] = mandate.pk
                messages.info(request, _("You act here as: %s.") % mandate)
                return redirect(escape_leading_slashes(request.get_full_path()))
        request.actor = used  # type: ignore[attr-defined]
        return response

    def _use_named_mandate(self, request: HttpRequest) -> HttpResponse | None:
        """Use the mandate that the address names, if its reader holds it, and lead to the page itself."""
        named = _mandate_id(request.GET.get(MANDATE_PARAMETER, ""))
        if named is None or not isinstance(request.user, User) or not _is_page(request):
            return None
        used: Actor = request.actor  # type: ignore[attr-defined]
        held = next((one for one in mandates_of(request.user, timezone.localdate()) if one.pk == named), None)
        if held and (used.acting is None or used.acting.mandate_id != held.pk):
            request.session[MANDATE_SESSION_KEY] = held.pk
            messages.info(request, _("You act here as: %s.") % held)
        return redirect(_without_mandate(request))

    def _opens(self, request: HttpRequest, actor: Actor) -> bool:
        """Whether the page answers this actor."""
        request.actor = actor  # type: ignore[attr-defined]
        with actor_scope(actor):
            return self.get_response(request).status_code < 400


def _may_be_tried(request: HttpRequest) -> bool:
    if not _is_page(request) or request.resolver_match is None:
        return False
    # Within a past moment mandates too would be read as they were then.
    return request.as_of.known is None  # type: ignore[attr-defined]


def _is_page(request: HttpRequest) -> bool:
    return request.method == "GET" and not request.path.startswith(API_PREFIX)


def _without_mandate(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop(MANDATE_PARAMETER, None)
    path = escape_leading_slashes(request.path)
    return f"{path}?{query.urlencode()}" if query else path


def _other_actors(person: object, used: Actor) -> Iterator[tuple[Mandate, Actor]]:
    """The mandates that a person holds beside the one in use, each with its actor."""
    if not isinstance(person, User):
        return
    now = timezone.now()
    for mandate in mandates_of(person, timezone.localdate(now))[:_MAX_TRIED]:
        if used.acting is None or used.acting.mandate_id != mandate.pk:
            yield mandate, actor_of(person, now, mandate.pk)
