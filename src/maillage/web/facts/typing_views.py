"""Parts of the form of a fact that the page asks for while one types."""

import re

from django.http import HttpResponse
from django.shortcuts import render

from maillage.core.request import Request
from maillage.core.rows.list_register import FACT_LISTS
from maillage.register.models import Organisation
from maillage.web.facts.addresses import may_record
from maillage.web.facts.record_picker import PICKED_SUFFIX, picker_options
from maillage.web.facts.understood import understood_date

_RESEMBLING = 5
_SETTINGS = frozenset({"lists", "empty", "on", "known"})


def options(request: Request) -> HttpResponse:
    """The records that a picker offers; `lists` are the lists in which to look, the other parameter is the text."""
    name, text = _typed(request, 200)
    lists = [item for item in request.GET.get("lists", "").split(",") if item in FACT_LISTS]
    context = {
        "options": picker_options(request, text, lists) if lists else [],
        "picked_name": f"{name}{PICKED_SUFFIX}",
        "typed": text.strip(),
        "may_record": "organisations" in lists and may_record(FACT_LISTS["organisations"], request.actor),
    }
    return render(request, "web/facts/options.html", context)


def resembling(request: Request) -> HttpResponse:
    """The organisations that a name resembles, loaded from registers too: nobody types one of them again."""
    text = _typed(request, 200)[1]
    keys = [option.key for option in picker_options(request, text, ["organisations"])][:_RESEMBLING]
    records = Organisation.objects.visible_to(request.actor).in_bulk(keys, field_name="key")
    context = {"organisations": [records[key] for key in keys if key in records]}
    return render(request, "web/facts/resembling.html", context)


def understood(request: Request) -> HttpResponse:
    """What a date in words is understood as; `empty` is what no text means."""
    text = _typed(request, 40)[1]
    context = {"understood": understood_date(text, empty=request.GET.get("empty", ""))}
    return render(request, "web/facts/understood.html", context)


def _typed(request: Request, limit: int) -> tuple[str, str]:
    """The name and the text of the field that asks."""
    names = (name for name in request.GET if name not in _SETTINGS and re.fullmatch(r"[\w-]{1,60}", name))
    name = next(names, "")
    return name, str(request.GET.get(name, ""))[:limit].replace("\0", "")
