"""The application of a page."""

from django.shortcuts import get_object_or_404

from maillage.calls.models import Application
from maillage.calls.queries import applications
from maillage.core.request import Request


def get_application(request: Request, key: str) -> Application:
    """The application with this key. Raises `Http404` where there is none that the reader may see."""
    application: Application = get_object_or_404(applications(actor=request.actor), key=key)
    return application
