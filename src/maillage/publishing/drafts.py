"""The draft of an ecosystem page, written from the facts of its organisation.

The patterns of `draft_patterns.yaml` become sentences in the syntax of statements, each bound to facts. A pattern
without facts gives a sentence that no day shows.
"""

import copy
import functools
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files

import yaml

from maillage.community.models import Agreement, AgreementParty, Event
from maillage.core.actors import Actor
from maillage.core.json_types import Json, JsonObject
from maillage.core.periods import OPEN, UNKNOWN
from maillage.publishing.models import Section, Statement
from maillage.register.models import Organisation

# The most names that a sentence lists, and agreements or events that a draft has sentences for.
MAX_NAMES, MAX_EACH = 12, 20

Sentence = JsonObject
_UNSURE = {
    "fr": "D’après le registre, qui n’en connaît pas toutes les dates, ",
    "en": "According to the register, which does not know all the dates, ",
}
_AND = {"fr": " et ", "en": " and "}


def draft_statements(organisation: Organisation, actor: Actor) -> list[Statement]:
    """The sentences of a draft, as statements that are not saved, in the order of the page.

    Their numbers are places in the draft: they change with the facts.
    """
    statements: list[Statement] = []
    for position, entry in enumerate(_patterns()):
        titles = {"title_fr": entry["title_fr"], "title_en": entry["title_en"]}
        section = Section(organisation=organisation, key=entry["key"], position=position, **titles)
        for sentence in _sentences(entry["patterns"], organisation, actor):
            statements.append(_statement(sentence, section, len(statements) + 1))
    return statements


@functools.cache
def _patterns() -> list[JsonObject]:
    text = (files("maillage.publishing") / "draft_patterns.yaml").read_text(encoding="utf-8")
    sections: list[JsonObject] = yaml.safe_load(text)["sections"]
    return sections


def _statement(sentence: Sentence, section: Section, number: int) -> Statement:
    templates = {name: text for name, text in sentence.items() if name not in ("bind", "holds")}
    about = [["organisations", section.organisation.key]]
    return Statement(
        number=number,
        section=section,
        position=number,
        about=about,
        sentence=templates,
        bind=sentence["bind"],
        holds=sentence["holds"],
    )


def _sentences(patterns: list[JsonObject], organisation: Organisation, actor: Actor) -> Iterator[Sentence]:
    for pattern in patterns:
        if "each" in pattern:
            yield from _EACH[pattern["each"]](organisation, actor)
        elif "list" in pattern:
            yield _list_sentence(pattern, organisation)
        elif organisation.period_start not in (OPEN, UNKNOWN):
            yield _existence(pattern, organisation)


def _existence(pattern: Mapping[str, Json], organisation: Organisation) -> Sentence:
    holds = {"exists": organisation.key}
    bind = {"org": {"link": organisation.key}, **_with_key(pattern["bind"], organisation.key)}
    return {**_templates(pattern), "holds": holds, "bind": bind}


def _list_sentence(pattern: Mapping[str, Json], organisation: Organisation) -> Sentence:
    records = _with_key(pattern["list"], organisation.key)
    names = {**records, "form": pattern["form"], "dated": True, "most": MAX_NAMES}
    bind = {"org": {"link": organisation.key}, "list": names}
    ended = {f"ended_{language}": pattern[language] for language in ("fr", "en")}
    return {**_unsure(pattern), **ended, **_templates(pattern), "holds": _within(organisation, records), "bind": bind}


def _within(organisation: Organisation, records: JsonObject) -> JsonObject:
    """Some fact of a set holds, and the organisation exists if it is known since when."""
    some = {"some": records}
    if organisation.period_start in (OPEN, UNKNOWN):
        return some
    return {"all": [{"organisation": organisation.key}, some]}


def _templates(pattern: Mapping[str, Json]) -> dict[str, str]:
    return {name: text for name, text in pattern.items() if name.endswith(("fr", "en"))}


def _unsure(pattern: Mapping[str, str]) -> dict[str, str]:
    """The sentence, after words that say that its dates are not all known."""
    return {f"unsure_{language}": _UNSURE[language] + _continued(pattern[language]) for language in ("fr", "en")}


def _continued(template: str) -> str:
    """A template that no longer begins its sentence."""
    if template.startswith("{"):
        return template.replace("{org.start}", "{org.the}", 1)
    return template[0].lower() + template[1:]


def _with_key(form: Json, key: str) -> Json:
    """A form of the patterns with the key of the organisation in the place of `KEY`."""
    if isinstance(form, dict):
        return {name: _with_key(value, key) for name, value in form.items()}
    if isinstance(form, list):
        return [_with_key(value, key) for value in form]
    return key if form == "KEY" else copy.copy(form)


def _agreements(organisation: Organisation, actor: Actor) -> Iterator[Sentence]:
    own = AgreementParty.objects.filter(organisation=organisation).values("agreement_id")
    agreements = Agreement.objects.visible_to(actor).filter(pk__in=own).prefetch_related("parties__organisation")
    visible = Organisation.objects.visible_to(actor).only("pk")
    for agreement in agreements.order_by("-period_start", "key")[:MAX_EACH]:
        parties = [party.organisation for party in agreement.parties.all()]
        others = [party for party in parties if party and party.pk != organisation.pk]
        known = set(visible.filter(pk__in=[party.pk for party in others]).values_list("pk", flat=True))
        named = [party for party in others if party.pk in known][:MAX_NAMES]
        yield _agreement_sentence(agreement, organisation, named, whole=len(named) == len(parties) - 1)


def _agreement_sentence(
    agreement: Agreement, organisation: Organisation, others: list[Organisation], *, whole: bool
) -> Sentence:
    kinds = {
        "text_fr": _in_sentence(agreement.kind_fr or agreement.kind_en),
        "text_en": _in_sentence(agreement.kind_en),
    }
    bind: JsonObject = {
        "org": {"link": organisation.key},
        "agreement": {"record": ["agreements", agreement.key], **kinds},
    }
    bind |= {f"party_{_letter(place)}": {"link": party.key} for place, party in enumerate(others)}
    known = agreement.period_start not in (OPEN, UNKNOWN)
    if known:
        bind["signed"] = {"date": "signed", "of": ["agreements", agreement.key]}
    parties = {language: _enumerated(language, len(others), whole) for language in ("fr", "en")}
    signed = {"fr": ", signé {signed.on}," if known else "", "en": ", signed {signed.on}," if known else ""}
    fr = f"Un accord ({{agreement}}){signed['fr']} %s {{org.the}}{parties['fr']}%s."
    en = f"An agreement ({{agreement}}){signed['en']} %s {{org.the}}{parties['en']}%s."
    return {
        "fr": fr % ("lie", ""),
        "en": en % ("binds", ""),
        "unsure_fr": fr % ("lie ou a lié", " ; sa durée n’est pas connue"),
        "unsure_en": en % ("binds or has bound", "; its duration is not known"),
        "ended_fr": fr % ("a lié", " (fin : {end})"),
        "ended_en": en % ("bound", " (end: {end})"),
        "holds": {"agreement": agreement.key},
        "bind": bind,
    }


def _in_sentence(kind: str) -> str:
    """A kind within a sentence: in small letters unless it begins with an abbreviation."""
    return kind if kind[:2].isupper() else kind[:1].lower() + kind[1:]


def _letter(place: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[place]


def _enumerated(language: str, count: int, whole: bool) -> str:
    """The other parties after the first: `, {party_a.the} et {party_b.the}`."""
    names = [f"{{party_{_letter(place)}.the}}" for place in range(count)]
    if not whole:
        names.append({"fr": "d’autres parties", "en": "other parties"}[language])
    *first, last = names or [""]
    return "".join(f", {name}" for name in first) + (_AND[language] + last if last else "")


def _events(organisation: Organisation, actor: Actor) -> Iterator[Sentence]:
    events = Event.objects.visible_to(actor).filter(organiser=organisation)
    for event in events.order_by("-period_start", "key")[:MAX_EACH]:
        known = event.period_start not in (OPEN, UNKNOWN)
        when = " ({when})" if known else ""
        bind: JsonObject = {"org": {"link": organisation.key}, "event": {"record": ["events", event.key]}}
        if known:
            bind["when"] = {"date": "date", "of": ["events", event.key]}
        yield {
            "fr": f"{{org.start}} organise « {{event}} »{when}.",
            "en": f"{{org.start}} organises “{{event}}”{when}.",
            "unsure_fr": f"{{org.start}} organise ou a organisé « {{event}} »{when}.",
            "unsure_en": f"{{org.start}} organises or has organised “{{event}}”{when}.",
            "ended_fr": f"{{org.start}} a organisé « {{event}} »{when}.",
            "ended_en": f"{{org.start}} organised “{{event}}”{when}.",
            "holds": {"announced": event.key},
            "bind": bind,
        }


_EACH: Mapping[str, Callable[[Organisation, Actor], Iterator[Sentence]]] = {
    "agreements": _agreements,
    "events": _events,
}
