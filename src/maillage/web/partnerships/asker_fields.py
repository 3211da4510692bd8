"""Who asks, as a posted form says it, and the button that leaves out what ties laboratories to them."""

from collections.abc import Mapping

from maillage.core.request import Request
from maillage.partnerships.requester_ties import Asker

# The fields of a form that tie laboratories to who asks, as `Asker` names them.
ASKER_FIELDS = ("organisation", "country", "place", "sector")
_MAX_LENGTH = 300


def ties_left_out(request: Request) -> bool:
    """Whether the reader left ties out: by the button now, or before and it stayed so."""
    return request.POST.get("ties", request.POST.get("ties_were", "")) == "off"


def posted_asker_values(request: Request) -> dict[str, str]:
    """The posted fields that say who asks; fields that are empty are left out."""
    posted = {name: _clean(request.POST.get(name, "")) for name in ASKER_FIELDS}
    return {name: value for name, value in posted.items() if value}


def posted_asker(request: Request) -> Asker | None:
    """Who asks; `None` where the form does not say it or the reader left ties out."""
    values = posted_asker_values(request)
    return asker_of(values) if values and not ties_left_out(request) else None


def asker_of(values: Mapping[str, str]) -> Asker:
    """Who asks, by the values of `ASKER_FIELDS`; those that are missing are not known."""
    organisation, country, place, sector = (_clean(values.get(name, "")) for name in ASKER_FIELDS)
    return Asker(organisation, country, place, sector)


def _clean(value: str) -> str:
    """A value that the database can be asked about, whatever was posted."""
    return value.replace("\0", "").strip()[:_MAX_LENGTH]
