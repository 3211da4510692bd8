"""Template tags and filters: addresses that keep the reading, localised values, marks."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from maillage.core import formats
from maillage.core.models import Fact, Source
from maillage.core.periods import TruthOnDay
from maillage.core.text import label_and_value
from maillage.files.models import File
from maillage.files.source_documents import source_documents
from maillage.listing.values import LocalisedText
from maillage.people.roles import Role
from maillage.presentation import cells, links, marks
from maillage.presentation.action_forms import is_action_allowed
from maillage.register.label_provider import HeldLabel
from maillage.register.models import Organisation
from maillage.register.noun_phrases import Form, organisation_phrase

register = template.Library()
_SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def at(context: Context, url: str) -> str:
    """An address of this site, carrying the day and the moment the page is read at."""
    return links.link_as_of(str(url), context.get("reading"))


@register.simple_tag(takes_context=True)
def action_allowed(context: Context, action: str, **about: object) -> bool:
    """Whether the reader may run an action: `{% action_allowed "offers.end_offer" offer_id=record.pk as may_end %}`."""
    return is_action_allowed(context["request"], action, **about)


@register.filter
def role_name(role: str) -> str:
    """A role of a mandate in words."""
    return str(Role(role).label)


@register.simple_tag(takes_context=True)
def here(context: Context, **changes: str | None) -> str:
    """This page's address with parameters changed: `{% here sort="name" %}`."""
    return links.with_parameters(context["request"], **changes)


@register.simple_tag(takes_context=True)
def hidden(context: Context, *changed: str) -> SafeString:
    """Hidden fields that repeat this page's parameters in a form, but for those the form sets."""
    return _fields(links.hidden_fields(context["request"], *changed))


@register.simple_tag(takes_context=True)
def hidden_reading(context: Context) -> SafeString:
    """Hidden fields that carry the reading to the page a form leads to."""
    return _fields(links.as_of_fields(context.get("reading")))


def _fields(pairs: list[tuple[str, str]]) -> SafeString:
    fields = (format_html('<input type="hidden" name="{}" value="{}">', name, value) for name, value in pairs)
    return mark_safe("".join(fields))  # noqa: S308 - each part is escaped above


@register.filter
def phrase(organisation: Organisation, form: str = "the") -> str:
    """The name of an organisation in a sentence: with its article, or with a preposition (`of`, `to`, `start`)."""
    return organisation_phrase(organisation, Form(form))


@register.filter
def phrases(organisations: Iterable[Organisation], form: str = "the") -> str:
    """The names of organisations in a sentence, enumerated, each as `phrase`."""
    return formats.enumeration(organisation_phrase(one, Form(form)) for one in organisations)


@register.filter
def short_phrase(organisation: Organisation, form: str = "the") -> str:
    """The short name of an organisation in a sentence, as `phrase`."""
    return organisation_phrase(organisation, Form(form), organisation.short_name)


@register.filter
def edtf(text: str) -> str:
    """A partial date in words."""
    return formats.partial_date(text)


@register.filter
def period_words(fact: Fact) -> str:
    """The period of a fact in words."""
    return formats.period(fact.period_start, fact.period_end)


@register.filter
def day_words(date: dt.date) -> str:
    """A day in words; of a moment, the day it falls on here."""
    return formats.day(timezone.localdate(date) if isinstance(date, dt.datetime) else date)


@register.filter
def short_day(date: dt.date) -> str:
    """A day for a narrow place; of a moment, the day it falls on here."""
    return formats.short_day(timezone.localdate(date) if isinstance(date, dt.datetime) else date)


@register.filter
def short_moment(when: dt.datetime) -> str:
    """A moment for a narrow place."""
    return formats.short_moment(when)


@register.filter
def moment_words(when: dt.datetime) -> str:
    """A moment in words."""
    return formats.moment(when)


@register.filter
def beside(row: Iterable[object], others: Iterable[object]) -> list[tuple[object, object]]:
    """Pair each item of a row with the item at the same position of the others."""
    return list(zip(row, others, strict=False))


@register.filter
def percent(share: float) -> str:
    """A share as the language writes it: `12 %`."""
    return formats.percent(share)


@register.filter
def number(value: int | float | Decimal) -> str:
    """A number with the separators of the language."""
    return formats.number(value)


@register.filter
def amount(value: Decimal, currency: str) -> str:
    """An amount of money, as the language writes it."""
    return formats.amount(value, currency)


@register.simple_tag
def standing_mark(standing: str, words: bool = False, counted: int = 0) -> SafeString:
    """The mark of a certainty: `words=True` shows its word too, and `counted=8` the word for eight of them."""
    return marks.certainty_mark(standing, words=words, counted=counted)


@register.simple_tag(takes_context=True)
def force_mark(context: Context, fact: Fact) -> SafeString:
    """The mark of whether a fact is true on the day read."""
    return marks.fact_state_mark(marks.fact_state_on(fact, context["reading"].on))


@register.simple_tag
def held_mark(label: HeldLabel) -> SafeString:
    """The mark of whether a label is held on the day read, surely or perhaps."""
    return marks.fact_state_mark(marks.UNSURE if label.certainty is TruthOnDay.UNSURE else marks.IN_FORCE)


@register.simple_tag(takes_context=True)
def source_document(context: Context, source: Source) -> File | None:
    """The file of the document that is attached to a source, if the reader may read it."""
    return source_documents([source.digest], actor=context["request"].actor).get(source.digest)


@register.simple_tag
def colon() -> str:
    """The colon between a label and its value, as the language spaces it, where either holds markup."""
    return label_and_value("", "")


@register.simple_tag
def semicolon() -> str:
    """The semicolon between two items of an enumeration, as the language spaces it."""
    return formats.join_items(("", ""))


@register.filter
def breakable(source: object) -> SafeString:
    """A domain, or a title, that a narrow column may break after a dot or a hyphen and nowhere else."""
    return mark_safe(re.sub(r"(?<=\w)([.-])(?=\w)", r"\1<wbr>", escape(source)))  # noqa: S308 - escaped here


@register.simple_tag
def in_language(record: object, name: str) -> SafeString:
    """A text kept in two languages; marked with its own language where the active one is missing."""
    text, language = bilingual_text(record, name)
    return format_html('<span lang="{}">{}</span>', language, text) if language else format_html("{}", text)


def bilingual_text(record: object, name: str) -> tuple[str, str]:
    """The text to show of a bilingual field, and its language if that is not the active one."""
    active = "fr" if (get_language() or "fr").startswith("fr") else "en"
    other = "en" if active == "fr" else "fr"
    text = getattr(record, f"{name}_{active}")
    return (text, "") if text else (getattr(record, f"{name}_{other}"), other)


@register.simple_tag
def json_ld(data: Mapping[str, object]) -> SafeString:
    """Linked data as a script block that browsers do not run."""
    text = json.dumps(data, ensure_ascii=False).translate(_SCRIPT_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - angle brackets are escaped


@register.simple_tag
def name_in_its_language(name: LocalisedText) -> SafeString:
    """A name without its link, with its language and its direction where they are not those of the page."""
    return cells.render_html(LocalisedText(name.text, "", name.language), None)
