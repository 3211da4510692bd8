"""How labels, waves, awards and the parameters of schemes are listed, exported and shown."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actors import PUBLIC
from maillage.kernel.listing import (
    NEWEST,
    NOTE,
    OLDEST,
    PERIOD,
    PERIOD_DATA,
    Column,
    FactRow,
    Filter,
    Folded,
    Listing,
    Money,
    Partial,
    Records,
    Said,
    Sort,
    between,
    body,
    choice,
    data_columns,
    present,
    register,
    said,
    spoken,
)
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.labels.vocabulary import CHOICES, Kind, Mark, ParameterName

_YES_OR_NO = (("yes", _("yes")), ("no", _("no")))


def _label_facts(label: Label) -> list[FactRow]:
    return present(
        FactRow("purpose", _("Purpose"), said(label, "purpose")),
        FactRow("authority", _("Given by"), body(label.authority, label.authority_text)),
        FactRow("managed_by", _("Managed by"), body(label.managed_by)),
        FactRow("period", _("Existence"), between(label)),
        FactRow("note", _("Note"), said(label, "note")),
    )


LABELS = register(
    Listing(
        name="labels",
        model=Label,
        title=_("Labels"),
        one=_("label"),
        intro=_("The recognitions that authorities give, and what each is for."),
        columns=(
            Column("name", _("Label"), lambda label: said(label, "name", label.get_absolute_url())),
            Column("authority", _("Given by"), lambda label: body(label.authority, label.authority_text)),
            Column("purpose", _("Purpose"), lambda label: said(label, "purpose")),
            PERIOD,
            *data_columns(
                key=lambda label: label.key,
                name_fr=lambda label: label.name_fr,
                name_en=lambda label: label.name_en,
                authority_key=lambda label: label.authority.key if label.authority else "",
                managed_by_key=lambda label: label.managed_by.key if label.managed_by else "",
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(Sort("name", _("by name"), (spoken("name"),)), OLDEST, NEWEST),
        text=(Folded("name_fr"), Folded("name_en"), Folded("purpose_fr"), Folded("purpose_en")),
        slug="key",
        body_paths=("authority", "managed_by"),
        select_related=("authority", "managed_by"),
        heading=lambda label: said(label, "name"),
        facts=_label_facts,
        bodies=lambda label: [body for body in (label.authority, label.managed_by) if body],
    )
)


def _day(day: dt.date | None) -> Partial | str:
    return Partial(day.isoformat()) if day else ""


def _award_facts(award: Award) -> list[FactRow]:
    return present(
        FactRow("label", _("Label"), said(award.label, "name", award.label.get_absolute_url())),
        FactRow("holder", _("Holder"), body(award.holder, award.holder_text)),
        FactRow("period", _("Period"), between(award)),
        FactRow("probation", _("On probation until"), _day(award.probation_until)),
        FactRow("attested", _("Last attested"), Partial(award.attested) if award.attested else ""),
        FactRow("evidence", _("Evidence"), said(award, "evidence")),
        FactRow("note", _("Note"), said(award, "note")),
        FactRow("simulated", _("Simulated"), _("made to try something out") if award.simulated else ""),
    )


def award_link(award: Award) -> Said | None:
    """An award by its label."""
    return marked(said(award.label, "name", award.get_absolute_url()), award)


def marked(link: Said | None, award: Award) -> Said | None:
    """What speaks of an award, with the mark of one made to try something out."""
    return replace(link, text=gettext("%s (simulated)") % link.text) if link and award.simulated else link


def _simulated(awards: Records, value: str) -> Records:
    return awards.filter(simulated=value == "yes")


def _label_choices() -> list[tuple[str, Said | None]]:
    return [
        (label.key, said(label, "name")) for label in Label.objects.visible_to(PUBLIC).order_by("name_fr", "id")[:200]
    ]


def _wave_choices() -> list[tuple[str, Said | None]]:
    waves = Wave.objects.visible_to(PUBLIC).order_by("label__name_fr", "period_start", "id")
    return [(wave.key, Said(str(wave))) for wave in waves[:200]]


def _wave_link(wave: Wave) -> Said:
    return said(wave, "name", wave.get_absolute_url()) or Said(wave.key, wave.get_absolute_url())


def _decided(wave: Wave) -> Partial | None:
    return Partial(wave.decided) if wave.decided else None


WAVES = register(
    Listing(
        name="waves",
        model=Wave,
        title=_("Waves of labels"),
        one=_("wave of a label"),
        intro=_("The editions of each label’s call. The period is the term of the labels then awarded."),
        columns=(
            Column("name", _("Wave"), _wave_link),
            Column("label", _("Label"), lambda wave: said(wave.label, "name", wave.label.get_absolute_url())),
            Column("decided", _("Decision"), _decided),
            PERIOD,
            Column("mark", _("How sure"), lambda wave: wave.get_mark_display()),
            Column("outcome", _("Outcome"), lambda wave: said(wave, "outcome")),
            *data_columns(
                key=lambda wave: wave.key,
                label_key=lambda wave: wave.label.key,
                decided_on=lambda wave: wave.decided,
                mark_key=lambda wave: wave.mark,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(NEWEST, OLDEST, Sort("label", _("by label"), (spoken("label__name"), F("key")), nullable=True)),
        filters=(Filter("label", _("Label"), _label_choices, lambda records, value: records.filter(label__key=value)),),
        text=(Folded("name_fr"), Folded("name_en"), Folded("label__name_fr"), Folded("label__name_en")),
        body_paths=("label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by"),
        heading=lambda wave: said(wave, "name") or Said(wave.key),
        facts=lambda wave: present(
            FactRow("label", _("Label"), said(wave.label, "name", wave.label.get_absolute_url())),
            FactRow("decided", _("Decision"), _decided(wave)),
            FactRow("term", _("Term"), between(wave)),
            FactRow("mark", _("How sure"), wave.get_mark_display()),
            FactRow("outcome", _("Outcome"), said(wave, "outcome")),
            FactRow("note", _("Note"), said(wave, "note")),
        ),
        bodies=lambda wave: [each for each in (wave.label.authority, wave.label.managed_by) if each],
    )
)


AWARDS = register(
    Listing(
        name="awards",
        model=Award,
        title=_("Awards"),
        one=_("award"),
        intro=_("Who holds which label, and over which period."),
        columns=(
            Column("label", _("Award of the label"), award_link),
            Column("holder", _("Holder"), lambda award: body(award.holder, award.holder_text)),
            PERIOD,
            Column("evidence", _("Evidence"), lambda award: said(award, "evidence")),
            *data_columns(
                label_key=lambda award: award.label.key,
                holder_key=lambda award: award.holder.key if award.holder else "",
                simulated=lambda award: "yes" if award.simulated else "",
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("label", _("by label"), (spoken("label__name"), F("holder__sort_name")), nullable=True),
            Sort("holder", _("by holder"), (F("holder__sort_name"), spoken("label__name")), nullable=True),
            NEWEST,
            OLDEST,
        ),
        filters=(
            Filter("label", _("Label"), _label_choices, lambda records, value: records.filter(label__key=value)),
            Filter("simulated", _("Simulated"), lambda: _YES_OR_NO, _simulated),
        ),
        text=(
            Folded("label__name_fr"),
            Folded("label__name_en"),
            Folded("holder__sort_name"),
            Folded("holder__acronym"),
            Folded("holder_text"),
        ),
        body_paths=("holder",),
        select_related=("label", "holder"),
        facts=_award_facts,
        bodies=lambda award: [award.holder] if award.holder else [],
    )
)


def value_of(parameter: Parameter) -> Any:
    """The value of a parameter for a cell: a body, a text, months, a count, a day, money, or words of a vocabulary."""
    if parameter.currency:
        return Money(parameter.number or Decimal(0), parameter.currency)
    if parameter.number is not None:
        return months(parameter.whole) if parameter.kind is Kind.MONTHS else parameter.whole
    if parameter.day:
        return Partial(parameter.day)
    if parameter.chosen:
        words = dict(CHOICES[parameter.name].choices)
        return [str(words[one]) for one in parameter.chosen if one in words]
    return body(parameter.body) or said(parameter, "text")


def months(count: int) -> str:
    """A length in words: `48 months`."""
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def _parameter_facts(parameter: Parameter) -> list[FactRow]:
    return present(
        FactRow("label", _("Label"), said(parameter.label, "name", parameter.label.get_absolute_url())),
        FactRow("wave", _("Wave"), _wave_link(parameter.wave) if parameter.wave else None),
        FactRow("value", parameter.get_name_display(), value_of(parameter)),
        FactRow("mark", _("How sure"), parameter.get_mark_display()),
        FactRow("period", _("Period"), between(parameter)),
        FactRow("note", _("Note"), said(parameter, "note")),
    )


PARAMETERS = register(
    Listing(
        name="parameters",
        model=Parameter,
        title=_("Parameters of schemes"),
        one=_("parameter of a scheme"),
        intro=_(
            "What is known of each label’s scheme and of its waves, and how sure it is. What is missing is not known."
        ),
        columns=(
            Column("name", _("Parameter"), lambda one: Said(one.get_name_display(), one.get_absolute_url())),
            Column("label", _("Label"), lambda one: said(one.label, "name", one.label.get_absolute_url())),
            Column("wave", _("Wave"), lambda one: _wave_link(one.wave) if one.wave else None),
            Column("value", _("Value"), value_of),
            Column("mark", _("How sure"), lambda one: one.get_mark_display()),
            PERIOD,
            *data_columns(
                label_key=lambda one: one.label.key,
                wave_key=lambda one: one.wave.key if one.wave else "",
                name_key=lambda one: one.name,
                number=lambda one: one.number,
                currency=lambda one: one.currency,
                day=lambda one: one.day,
                body_key=lambda one: one.body.key if one.body else "",
                chosen=lambda one: one.chosen,
                mark_key=lambda one: one.mark,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(Sort("label", _("by label"), (spoken("label__name"), F("name")), nullable=True), OLDEST, NEWEST),
        filters=(
            Filter("label", _("Label"), _label_choices, lambda records, value: records.filter(label__key=value)),
            Filter("wave", _("Wave"), _wave_choices, lambda records, value: records.filter(wave__key=value)),
            choice("name", _("Parameter"), "name", ParameterName.choices),
            choice("mark", _("How sure"), "mark", Mark.choices),
        ),
        text=(Folded("label__name_fr"), Folded("label__name_en"), Folded("text_fr"), Folded("text_en")),
        body_paths=("body", "label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by", "wave", "body"),
        facts=_parameter_facts,
        bodies=lambda one: [each for each in (one.label.authority, one.label.managed_by, one.body) if each],
    )
)
