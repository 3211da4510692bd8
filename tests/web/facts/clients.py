"""Clients and facts of the tests of forms of facts."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from maillage.core.actions.facts import record_fact
from maillage.core.actors import OFFICER, Actor
from maillage.core.rows.list_register import FACT_LISTS
from tests.web.clients import page_text

OFFICER_ACTOR = Actor("officer", frozenset({OFFICER}))
PAGE = "https://example.org/deed"


def record(list_name: str, **values: Any) -> Any:
    """A fact that an officer recorded."""
    return record_fact(actor=OFFICER_ACTOR, at=timezone.now(), list_name=list_name, values=values)


def new_address(list_name: str, language: str = "en") -> str:
    return f"/{language}/facts/{list_name}/new"


def address(fact: Any, act: str) -> str:
    """The page of an act (correct, end, withdraw) on a fact."""
    fact_list = next(fact_list for fact_list in FACT_LISTS.values() if fact_list.model is type(fact))
    return f"/en/facts/{fact_list.name}/{fact.uid}/{act}"


def form_values(client: Client, at: str) -> dict[str, str]:
    """What a browser would send of the form of a fact, as it is shown."""
    return values_of(page_text(client.get(at)))


def values_of(page: str) -> dict[str, str]:
    """What a browser would send of the form of a page."""
    form = page[page.index('id="fact-form"') : page.index("</form>", page.index('id="fact-form"'))]
    values = {}
    for tag in re.findall(r"<input [^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") != "radio" or " checked" in tag:
            values[found["name"]] = unescape(found.get("value", ""))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[name] = unescape(text.strip("\r\n"))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = unescape(chosen[1]) if chosen else ""
    values.pop("csrfmiddlewaretoken", None)
    return values


def words(response: Any) -> str:
    """What a page says, without its tags."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_text(response))))
