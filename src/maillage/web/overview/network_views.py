"""The page of the whole network on a day."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.core import formats
from maillage.core.periods import TruthOnDay
from maillage.core.request import Request
from maillage.register.models import Organisation, Tie
from maillage.register.network import Network, get_network
from maillage.register.vocabulary import TieKind
from maillage.web.overview.days import day_links
from maillage.web.overview.network_drawing import network_drawing
from maillage.web.overview.pictures import picture_links


@dataclass(frozen=True, slots=True)
class TieRow:
    """A tie as the table says it."""

    subject: Organisation
    kind: str
    object: Organisation
    period: str
    unsure: bool
    url: str


@require_safe
def network_page(request: Request) -> HttpResponse:
    """The network on the day read; `?tie=` keeps the ties of one kind."""
    kind = request.GET.get("tie", "")
    kind = kind if kind in TieKind.values else ""
    network = get_network(actor=request.actor, on=request.as_of.on, kind=kind)
    context = {
        "pictures": picture_links("network"),
        "days": day_links(request),
        "network": network,
        "drawing": network_drawing(network, request),
        "rows": list(_rows(network, request)),
        "tie_kinds": [(value, label, value == kind) for value, label in TieKind.choices],
    }
    return render(request, "web/overview/network.html", context)


def _rows(network: Network, request: Request) -> Iterator[TieRow]:
    for tie in network.ties:
        unsure = tie.in_force(request.as_of.on) is TruthOnDay.UNSURE
        yield TieRow(tie.subject, _kind(tie), tie.object, _period(tie), unsure, tie.get_absolute_url())


def _kind(tie: Tie) -> str:
    return str(tie.get_kind_display())


def _period(tie: Tie) -> str:
    return formats.period(tie.period_start, tie.period_end)
