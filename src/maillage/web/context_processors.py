"""The context that every template has."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import PUBLIC
from maillage.core.request import Request
from maillage.desk.queries import MAX_COUNTED_ROWS
from maillage.notifications.queries import unread_count
from maillage.presentation import links
from maillage.site.queries import current_site
from maillage.web.desk.header_count import waiting_count
from maillage.web.fragments import NOTICES, notice_words
from maillage.web.overview.pictures import PICTURES
from maillage.web.site.first_steps import waits_for_first_steps


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """An entry of the navigation; it is current on the pages whose namespace or URL name is in `under`."""

    title: str | Promise
    view: str
    under: tuple[str, ...]


MAIN_NAVIGATION = (
    NavigationEntry(_("Ecosystem"), "home", ("home", "ecosystem", "publishing", "statements")),
    NavigationEntry(_("Organisations"), "organisations:list", ("organisations", "ties", "offices")),
    NavigationEntry(_("Offers"), "offers:list", ("offers",)),
    NavigationEntry(
        _("Labels"),
        "labels:list",
        ("labels", "awards", "waves", "parameters", "badge", "verify-badge", "perimeters", "conventions"),
    ),
    NavigationEntry(_("Trials"), "trials:list", ("trials",)),
    NavigationEntry(_("Agenda"), "events:list", ("events",)),
)
MORE_NAVIGATION = (
    NavigationEntry(_("The ecosystem in pictures"), "network", tuple(picture.view for picture in PICTURES)),
    NavigationEntry(_("Needs"), "needs:list", ("needs",)),
    NavigationEntry(_("Calls"), "calls:list", ("calls",)),
    NavigationEntry(_("Promises of answer"), "answer-delays:list", ("answer-delays",)),
    NavigationEntry(_("Start-ups"), "startups:list", ("startups",)),
    NavigationEntry(_("Agreements"), "agreements:list", ("agreements",)),
    NavigationEntry(_("Funding"), "funding:list", ("funding",)),
    NavigationEntry(_("Past projects"), "projects:list", ("projects",)),
    NavigationEntry(_("Parties of projects"), "parties:list", ("parties",)),
    NavigationEntry(_("Ties"), "ties:list", ("ties",)),
    NavigationEntry(_("Offices"), "offices:list", ("offices",)),
    NavigationEntry(_("Awards"), "awards:list", ("awards",)),
    NavigationEntry(_("Waves of labels"), "waves:list", ("waves",)),
    NavigationEntry(_("Parameters of schemes"), "parameters:list", ("parameters",)),
    NavigationEntry(_("Charters"), "charters:list", ("charters", "follow-ups")),
    NavigationEntry(_("Statements"), "statements:list", ("statements",)),
    NavigationEntry(_("Contradictions"), "contradictions:list", ("contradictions",)),
    NavigationEntry(_("Sources"), "sources:list", ("sources",)),
)


def page_context(request: HttpRequest) -> dict[str, object]:
    """The reading (day and moment) of the page, the navigation, and the page in the other language."""
    return {
        "reading": getattr(request, "as_of", None),
        "actor": getattr(request, "actor", PUBLIC),
        # Not `site`: pages of django-allauth have one of their own, the host.
        "this_site": current_site(),
        "site_url": settings.SITE_URL,
        "main_navigation": list(_navigation(request, MAIN_NAVIGATION)),
        "more_navigation": list(_navigation(request, MORE_NAVIGATION)),
        "unread": SimpleLazyObject(lambda: unread_count(actor=getattr(request, "actor", PUBLIC))),
        "waits": SimpleLazyObject(lambda: waiting_count(request)),
        "waits_for_first_steps": SimpleLazyObject(lambda: waits_for_first_steps(cast(Request, request))),
        "waits_counted": MAX_COUNTED_ROWS,
        "notices": {status: notice_words(status) for status in NOTICES},
        "languages": list(_languages(request)),
    }


def _navigation(request: HttpRequest, entries: tuple[NavigationEntry, ...]) -> Iterator[dict[str, object]]:
    match = request.resolver_match
    current_names = {*match.namespaces, match.url_name} if match else set()
    for entry in entries:
        current = bool(current_names & set(entry.under))
        yield {"title": entry.title, "url": reverse(entry.view), "current": current}


def _languages(request: HttpRequest) -> Iterator[dict[str, object]]:
    active = (get_language() or "fr")[:2]
    names = dict(settings.LANGUAGES)
    for code, name in ((code, names[code]) for code in current_site().values.languages):
        yield {"code": code, "name": name, "url": links.in_other_language(request, code), "current": code == active}
