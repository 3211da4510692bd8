"""What a view is handed: a request that the middleware has given its actor and its reading."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from maillage.core.actors import Actor
from maillage.core.as_of import AsOf

# Below it programs read and act: with tokens and problems, where pages have sessions and pages of refusal.
API_PREFIX = "/api/"


class Request(HttpRequest):
    actor: Actor
    as_of: AsOf
    htmx: HtmxDetails
