"""The page of the lists in which a person may write."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.actions.facts import may_write
from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.listing.listing import listing_of_kind
from maillage.register.fact_addresses import list_address
from maillage.web.facts.addresses import new_fact_address, writable_lists


def writable_list(request: Request, name: str) -> AnyFactList:
    """The list of this name, if the reader may write in it. Raises `Http404`, `ActionForbiddenError`."""
    fact_list = FACT_LISTS.get(name)
    if fact_list is None:
        raise Http404(_("There is no list of this name."))
    if not may_write(fact_list, request.actor, timezone.now()):
        raise ActionForbiddenError(_("Facts of “%s” are recorded by officers of the site.") % fact_list.title)
    return fact_list


def lists_page(request: Request) -> HttpResponse:
    """The lists in which the reader may write."""
    lists = writable_lists(request.actor)
    if not lists:
        raise ActionForbiddenError(_("Facts are recorded by those who act for an organisation, and by officers."))
    rows = [
        {
            "title": fact_list.title,
            "about": listing.intro if (listing := listing_of_kind(fact_list.model.kind_name())) else "",
            "list_url": list_address(fact_list),
            "new_url": new_fact_address(request, fact_list.model),
        }
        for fact_list in lists
    ]
    return render(request, "web/facts/lists.html", {"rows": rows})
