"""What a view is handed: a request that the middleware has given its actor and its reading."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from maillage.kernel.actors import Actor
from maillage.kernel.reading import Reading

# Below it programs read and act: with tokens and problems, where pages have sessions and pages of refusal.
API = "/api/"


class Request(HttpRequest):
    actor: Actor
    reading: Reading
    htmx: HtmxDetails
