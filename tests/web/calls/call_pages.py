"""Call pages."""

import datetime as dt

from django.test import Client
from django.utils import timezone

from maillage.calls.models import Application
from tests.calls.sample_call import TEXT


def open_call_text() -> str:
    """The call of the tests, for a label of the example, open today."""
    today = timezone.localdate()
    names = {"label: mark-ahead": "label: carnot-tremplin", "label: mark\n": "label: carnot\n",
             "label: mark,": "label: carnot,", "decides: ministry": "decides: mesr", "runs: agency": "runs: anr",
             "holders: [institute]": "holders: [consortium]",
             "2026-03-02T09:00": f"{today - dt.timedelta(days=1)}T09:00",
             "2026-04-30T13:00": f"{today + dt.timedelta(days=30)}T13:00"}  # fmt: skip
    found = TEXT
    for old, new in names.items():
        found = found.replace(old, new)
    return found


def write_reply(client: Client, application: Application, place: str, value: str, base: int = 0, **headers):
    section, question = place.split("/")
    address = f"/en/dossiers/{application.key}/write/{section}/1/{question}"
    return client.post(address, {"value": value, "base": base}, **headers)
