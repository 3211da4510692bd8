"""The request as the middleware leaves it: who asks, and when the page is read at."""

from typing import Any

from django.http import HttpRequest

from maillage.kernel.actors import Actor
from maillage.kernel.reading import Reading


class Request(HttpRequest):
    actor: Actor
    reading: Reading
    htmx: Any
