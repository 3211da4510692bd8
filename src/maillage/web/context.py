"""What every template knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actors import PUBLIC
from maillage.kernel.notices.queries import unread
from maillage.people.models import User
from maillage.people.queries import COUNTED, Waiting, waiting_for
from maillage.web import links


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the navigation; `under` are the namespaces or names of the pages it stands for."""

    title: str | Promise
    view: str
    under: tuple[str, ...]


MAIN = (
    Entry(_("Ecosystem"), "home", ("home", "ecosystem", "publishing", "statements")),
    Entry(_("Organisations"), "organisations:list", ("organisations", "ties", "offices")),
    Entry(_("Offers"), "offers:list", ("offers",)),
    Entry(
        _("Labels"),
        "labels:list",
        ("labels", "awards", "waves", "parameters", "badge", "verify-badge", "perimeters", "conventions"),
    ),
    Entry(_("Trials"), "trials:list", ("trials",)),
    Entry(_("Agenda"), "events:list", ("events",)),
)
MORE = (
    Entry(_("Needs"), "needs:list", ("needs",)),
    Entry(_("Calls"), "calls:list", ("calls",)),
    Entry(_("Promises of answer"), "answer-delays:list", ("answer-delays",)),
    Entry(_("Start-ups"), "startups:list", ("startups",)),
    Entry(_("Agreements"), "agreements:list", ("agreements",)),
    Entry(_("Funding"), "funding:list", ("funding",)),
    Entry(_("Past projects"), "projects:list", ("projects",)),
    Entry(_("Parties of projects"), "parties:list", ("parties",)),
    Entry(_("Ties"), "ties:list", ("ties",)),
    Entry(_("Offices"), "offices:list", ("offices",)),
    Entry(_("Awards"), "awards:list", ("awards",)),
    Entry(_("Waves of labels"), "waves:list", ("waves",)),
    Entry(_("Parameters of schemes"), "parameters:list", ("parameters",)),
    Entry(_("Charters"), "charters:list", ("charters", "follow-ups")),
    Entry(_("Statements"), "statements:list", ("statements",)),
    Entry(_("Contradictions"), "contradictions:list", ("contradictions",)),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The reading (day and moment) of the page, the navigation, and the page in the other language."""
    return {
        "reading": getattr(request, "reading", None),
        "actor": getattr(request, "actor", PUBLIC),
        "site_url": settings.SITE_URL,
        "main_navigation": list(_navigation(request, MAIN)),
        "more_navigation": list(_navigation(request, MORE)),
        "unread": SimpleLazyObject(lambda: unread(actor=getattr(request, "actor", PUBLIC))),
        "waits": SimpleLazyObject(lambda: _waits(request)),
        "waits_counted": COUNTED,
        "languages": list(_languages(request)),
    }


def _waits(request: HttpRequest) -> Waiting:
    """How many cases wait for whoever is signed in, by all of their mandates, and how many of them are overdue."""
    reading = getattr(request, "reading", None)
    if not isinstance(request.user, User) or reading is None or reading.known:
        return Waiting()
    return waiting_for(request.user, timezone.now())


def _navigation(request: HttpRequest, entries: tuple[Entry, ...]) -> Iterator[dict[str, Any]]:
    match = request.resolver_match
    place = {*match.namespaces, match.url_name} if match else set()
    for entry in entries:
        current = bool(place & set(entry.under))
        yield {"title": entry.title, "url": reverse(entry.view), "current": current}


def _languages(request: HttpRequest) -> Iterator[dict[str, Any]]:
    active = (get_language() or "fr")[:2]
    for code, name in settings.LANGUAGES:
        yield {"code": code, "name": name, "url": links.in_other_language(request, code), "current": code == active}
