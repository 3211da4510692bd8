"""A network that did not load the example meets no word of it: on pages, in feeds, files, mails and texts."""

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from django.utils import timezone, translation

import maillage
from maillage.core.actors import SYSTEM
from maillage.labels.models import Label
from maillage.offers.models import Offer, VocabularyConcept
from maillage.offers.offer_matcher import forget_matchers
from maillage.partnerships.models import Need
from maillage.register.actions.shown_organisations import choose_shown_organisations
from maillage.register.models import Organisation
from maillage.site.actions.site_settings import save_site_settings
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.hidden_records import create_person
from tests.web.clients import client_for

PACKAGE = Path(maillage.__file__).parent
# What the example is about; names of its organisations, labels and events come from its file.
SUBJECTS = ("opale", "leuk", "leuc", "carnot", "hémato", "haemato", "hemato", "xenogr", "xénogr", "bispecific", "car-t")
# Words of the example that are words of the language, or of the software, too.
COMMON = frozenset(
    {
        "right",
        "start",
        "region",
        "filo",
        "alfa",
        "anr",
        "agence nationale de la recherche",
        "french national research agency",
        "labcom",
        "hceres",
        "label",
        "inserm",
        "ifremer",
        "voies",
        "other",
        "iso 9001",
        "cnrs",
    }
)


# A programme of a funder: its name shows only where its projects are loaded.
PROGRAMME = re.compile("carnot institutes|instituts carnot", re.IGNORECASE)


def example_names() -> set[str]:
    """The names and acronyms of the example, folded to lower case."""
    lists: dict[str, Any] = yaml.safe_load((PACKAGE / "example" / "ecosystem.yaml").read_text("utf-8"))
    rows = [row for value in lists.values() if isinstance(value, list) for row in value if isinstance(row, dict)]
    fields = ("name", "name_fr", "name_en", "acronym", "short_title")
    names = {str(row[field]).casefold() for row in rows for field in fields if row.get(field)}
    return {name for name in names if len(name) >= 4 and name not in COMMON}


NAMES = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(example_names())))


def words_of_the_example(text: str) -> set[str]:
    folded = text.casefold()
    return {word for word in SUBJECTS if word in folded} | set(NAMES.findall(folded))


@pytest.fixture
def another_network() -> Iterator[None]:
    """A network of another field, as officers begin it: a name, an organisation, an offer, a label and a need."""
    VocabularyConcept.objects.all().delete()
    forget_matchers()
    publish_shipped_definitions(timezone.now())
    save_site_settings(actor=SYSTEM, at=timezone.now(), changes={"name_fr": "Réseau Récif", "name_en": "Reef network"})
    observatory = Organisation.objects.create(
        key="reef", kind="consortium", name_fr="Observatoire des récifs", name_en="Reef observatory", country="PT"
    )
    choose_shown_organisations(actor=SYSTEM, at=timezone.now(), organisation_ids=[observatory.pk])
    Label.objects.create(key="blue", name_fr="Label bleu", name_en="Blue label", authority=observatory)
    Offer.objects.create(key="dive", provider=observatory, title_fr="Plongée", title_en="Scientific diving")
    need = Need.objects.create(key="survey", title="Survey", text="A survey of a reef", stated_at=timezone.now())
    need.addresses.create(
        organisation=observatory, role="addressee", since=timezone.now(), promised_day=timezone.localdate()
    )
    yield
    forget_matchers()


def officer() -> Client:
    client = Client()
    client.force_login(create_person("Officer", is_officer=True))
    return client


def first_addresses(languages: tuple[str, ...]) -> Iterator[str]:
    """Every page without arguments, in these languages."""
    names = [name for name in get_resolver().reverse_dict if isinstance(name, str)]
    for language in languages:
        yield f"/{language}/"
        yield f"/{language}/answer?need=reef"
        for name in names:
            with translation.override(language):
                try:
                    yield reverse(name)
                except NoReverseMatch:
                    continue
    yield "/api/v1/openapi.json"


def page_kind(address: str) -> tuple[object, ...]:
    """The view of an address, with the list or process that it shows, its language and the names of its parameters."""
    parts = urlsplit(address)
    parameters = tuple(sorted(name for name, _value in parse_qsl(parts.query)))
    try:
        match = resolve(parts.path)
    except Resolver404:
        return parts.path, parameters
    shown = (match.kwargs.get("name"), match.kwargs.get("key"))
    return match.view_name, shown, parts.path[:4], parameters


def visited(client: Client, languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The address and the text of the pages that links lead to: one for each view, language and set of parameters."""
    queue, seen = deque(first_addresses(languages)), set[object]()
    while queue:
        address = queue.popleft()
        if address[1:3] in {"fr", "en"} - set(languages):
            continue
        if (key := page_kind(address)) in seen or re.search(r"/(sign-out|language)\b|\.xlsx|format=xlsx", address):
            continue
        seen.add(key)
        answer = client.get(address)
        if answer.status_code in (301, 302):
            queue.append(answer.url)
            continue
        if answer.streaming or not re.search("text|json|xml|svg|calendar", answer["Content-Type"]):
            continue
        text = answer.content.decode()
        yield address, text
        queue.extend(html.unescape(link) for link in re.findall(r'(?:href|src|hx-get)="(/[^"#]*)', text))


@pytest.mark.django_db
@pytest.mark.usefixtures("another_network", "own_storage", "own_search_index")
@pytest.mark.parametrize(
    ("reader", "languages"), [("anybody", ("fr", "en")), ("manager", ("en",)), ("officer", ("fr",))]
)
def test_no_page_of_another_network_says_a_word_of_the_example(reader: str, languages: tuple[str, ...]) -> None:
    client = {"anybody": Client, "manager": lambda: client_for("reef"), "officer": officer}[reader]()
    words = {address: words_of_the_example(text) for address, text in visited(client, languages)}
    assert {address: met for address, met in words.items() if met} == {}
    assert len(words) > 80


def test_no_template_and_no_translation_says_a_word_of_the_example() -> None:
    files = [file for end in ("html", "txt", "typ", "css", "xml") for file in PACKAGE.rglob(f"*.{end}")]
    files += PACKAGE.rglob("processes/*.yaml")
    texts = {file: PROGRAMME.sub("", file.read_text("utf-8")) for file in [*files, *PACKAGE.rglob("*.po")]}
    assert {file: words for file, text in texts.items() if (words := words_of_the_example(text))} == {}


def test_the_words_of_the_example_are_found_where_they_are() -> None:
    assert words_of_the_example("The OPALE institute") >= {"opale"}
    assert len(json.dumps(sorted(example_names()))) > 4_000
