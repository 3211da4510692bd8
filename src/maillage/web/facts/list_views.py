"""Pages of the lists in which a person may write, and of the facts of one list."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.actions.facts import may_write
from maillage.core.request import Request
from maillage.core.rows.fact_list import FACT_LISTS, FactList
from maillage.web.facts.addresses import fact_links, list_address, may_record, new_fact_address, writable_lists

_PAGE_SIZE = 50


def writable_list(request: Request, name: str) -> FactList[Any]:
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
            "about": _(" ".join((fact_list.row.__doc__ or "").split())),
            "list_url": list_address(fact_list),
            "new_url": new_fact_address(request, fact_list.model),
        }
        for fact_list in lists
    ]
    return render(request, "web/facts/lists.html", {"rows": rows})


def facts_page(request: Request, name: str) -> HttpResponse:
    """The facts of a list that has no page for every reader, with how each of them is changed."""
    fact_list = writable_list(request, name)
    records = fact_list.model.objects.visible_to(request.actor).order_by("-pk")
    page = Paginator(records, _PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "fact_list": fact_list,
        "rows": [(record, fact_links(request, record)) for record in page],
        "page": page,
        "new_url": new_fact_address(request, fact_list.model) if may_record(fact_list, request.actor) else "",
    }
    return render(request, "web/facts/facts.html", context)
