"""The type of the requests that views get: the middleware has set the actor and the day and moment read."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from maillage.core.actors import Actor
from maillage.core.as_of import AsOf

# Addresses of the API, which uses access tokens and problem responses instead of sessions and error pages.
API_PREFIX = "/api/"


class Request(HttpRequest):
    actor: Actor
    as_of: AsOf
    htmx: HtmxDetails
