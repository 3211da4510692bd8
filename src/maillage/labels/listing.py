"""Listings of labels, waves, awards and the parameters of schemes."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import PUBLIC
from maillage.core.folded_text import FoldedText
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.labels.vocabulary import PARAMETER_CHOICES, CertaintyMark, ParameterKind, ParameterName
from maillage.listing.columns import NOTE, PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter, choice_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import NEWEST, OLDEST, Sort, localised_sort_key, organisation_sort_key
from maillage.listing.values import (
    LocalisedText,
    Money,
    PartialDate,
    Records,
    localised_text,
    organisation_link,
    period_value,
)

_YES_OR_NO = (("yes", _("yes")), ("no", _("no")))


def _label_facts(label: Label) -> list[FactRow]:
    return non_empty_rows(
        FactRow("purpose", _("Purpose"), localised_text(label, "purpose")),
        FactRow("authority", _("Given by"), organisation_link(label.authority, label.authority_text)),
        FactRow("managed_by", _("Managed by"), organisation_link(label.managed_by)),
        FactRow("period", _("Existence"), period_value(label)),
        FactRow("note", _("Note"), localised_text(label, "note")),
    )


LABELS = register_listing(
    Listing(
        name="labels",
        model=Label,
        title=_("Labels"),
        singular=_("label"),
        intro=_("The recognitions that authorities give, and what each is for."),
        columns=(
            Column("name", _("Label"), lambda label: localised_text(label, "name", label.get_absolute_url())),
            Column("authority", _("Given by"), lambda label: organisation_link(label.authority, label.authority_text)),
            Column("purpose", _("Purpose"), lambda label: localised_text(label, "purpose")),
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
        sorts=(Sort("name", _("by name"), (localised_sort_key("name"),)), OLDEST, NEWEST),
        text=(FoldedText("name_fr"), FoldedText("name_en"), FoldedText("purpose_fr"), FoldedText("purpose_en")),
        slug="key",
        organisation_paths=("authority", "managed_by"),
        select_related=("authority", "managed_by"),
        heading=lambda label: localised_text(label, "name"),
        facts=_label_facts,
        organisations=lambda label: [
            organisation for organisation in (label.authority, label.managed_by) if organisation
        ],
    )
)


def _day_value(day: dt.date | None) -> PartialDate | str:
    return PartialDate(day.isoformat()) if day else ""


def _award_facts(award: Award) -> list[FactRow]:
    return non_empty_rows(
        FactRow("label", _("Label"), localised_text(award.label, "name", award.label.get_absolute_url())),
        FactRow("holder", _("Holder"), organisation_link(award.holder, award.holder_text)),
        FactRow("period", _("Period"), period_value(award)),
        FactRow("probation", _("On probation until"), _day_value(award.probation_until)),
        FactRow("attested", _("Last attested"), PartialDate(award.attested) if award.attested else ""),
        FactRow("evidence", _("Evidence"), localised_text(award, "evidence")),
        FactRow("note", _("Note"), localised_text(award, "note")),
        FactRow("simulated", _("Simulated"), _("made to try something out") if award.simulated else ""),
    )


def award_link(award: Award) -> LocalisedText | None:
    """A link to an award, with the name of its label as text."""
    return mark_if_simulated(localised_text(award.label, "name", award.get_absolute_url()), award)


def mark_if_simulated(link: LocalisedText | None, award: Award) -> LocalisedText | None:
    """The link, marked as simulated if the award is."""
    return replace(link, text=gettext("%s (simulated)") % link.text) if link and award.simulated else link


def _filter_simulated(awards: Records, value: str) -> Records:
    return awards.filter(simulated=value == "yes")


def _label_choices() -> list[tuple[str, LocalisedText | None]]:
    return [
        (label.key, localised_text(label, "name"))
        for label in Label.objects.visible_to(PUBLIC).order_by("name_fr", "id")[:200]
    ]


def _wave_choices() -> list[tuple[str, LocalisedText | None]]:
    waves = Wave.objects.visible_to(PUBLIC).order_by("label__name_fr", "period_start", "id")
    return [(wave.key, LocalisedText(str(wave))) for wave in waves[:200]]


def _wave_link(wave: Wave) -> LocalisedText:
    return localised_text(wave, "name", wave.get_absolute_url()) or LocalisedText(wave.key, wave.get_absolute_url())


def _decision_day(wave: Wave) -> PartialDate | None:
    return PartialDate(wave.decided) if wave.decided else None


WAVES = register_listing(
    Listing(
        name="waves",
        model=Wave,
        title=_("Waves of labels"),
        singular=_("wave of a label"),
        intro=_("The editions of each label’s call. The period is the term of the labels then awarded."),
        columns=(
            Column("name", _("Wave"), _wave_link),
            Column("label", _("Label"), lambda wave: localised_text(wave.label, "name", wave.label.get_absolute_url())),
            Column("decided", _("Decision"), _decision_day),
            PERIOD,
            Column("mark", _("How sure"), lambda wave: wave.get_mark_display()),
            Column("outcome", _("Outcome"), lambda wave: localised_text(wave, "outcome")),
            *data_columns(
                key=lambda wave: wave.key,
                label_key=lambda wave: wave.label.key,
                decided_on=lambda wave: wave.decided,
                mark_key=lambda wave: wave.mark,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            NEWEST,
            OLDEST,
            Sort("label", _("by label"), (localised_sort_key("label__name"), F("key")), nullable=True),
        ),
        filters=(Filter("label", _("Label"), _label_choices, lambda records, value: records.filter(label__key=value)),),
        text=(FoldedText("name_fr"), FoldedText("name_en"), FoldedText("label__name_fr"), FoldedText("label__name_en")),
        organisation_paths=("label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by"),
        heading=lambda wave: localised_text(wave, "name") or LocalisedText(wave.key),
        facts=lambda wave: non_empty_rows(
            FactRow("label", _("Label"), localised_text(wave.label, "name", wave.label.get_absolute_url())),
            FactRow("decided", _("Decision"), _decision_day(wave)),
            FactRow("term", _("Term"), period_value(wave)),
            FactRow("mark", _("How sure"), wave.get_mark_display()),
            FactRow("outcome", _("Outcome"), localised_text(wave, "outcome")),
            FactRow("note", _("Note"), localised_text(wave, "note")),
        ),
        organisations=lambda wave: [
            organisation for organisation in (wave.label.authority, wave.label.managed_by) if organisation
        ],
    )
)


AWARDS = register_listing(
    Listing(
        name="awards",
        model=Award,
        title=_("Awards"),
        singular=_("award"),
        intro=_("Who holds which label, and over which period."),
        columns=(
            Column("label", _("Award of the label"), award_link),
            Column("holder", _("Holder"), lambda award: organisation_link(award.holder, award.holder_text)),
            PERIOD,
            Column("evidence", _("Evidence"), lambda award: localised_text(award, "evidence")),
            *data_columns(
                label_key=lambda award: award.label.key,
                holder_key=lambda award: award.holder.key if award.holder else "",
                simulated=lambda award: "yes" if award.simulated else "",
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort(
                "label",
                _("by label"),
                (localised_sort_key("label__name"), organisation_sort_key("holder__")),
                nullable=True,
            ),
            Sort(
                "holder",
                _("by holder"),
                (organisation_sort_key("holder__"), localised_sort_key("label__name")),
                nullable=True,
            ),
            NEWEST,
            OLDEST,
        ),
        filters=(
            Filter("label", _("Label"), _label_choices, lambda records, value: records.filter(label__key=value)),
            Filter("simulated", _("Simulated"), lambda: _YES_OR_NO, _filter_simulated),
        ),
        text=(
            FoldedText("label__name_fr"),
            FoldedText("label__name_en"),
            FoldedText("holder__sort_name"),
            FoldedText("holder__acronym"),
            FoldedText("holder_text"),
        ),
        organisation_paths=("holder",),
        select_related=("label", "holder"),
        facts=_award_facts,
        organisations=lambda award: [award.holder] if award.holder else [],
    )
)


def parameter_value(parameter: Parameter) -> LocalisedText | Money | PartialDate | list[str] | int | str | None:
    """The value for a cell: an organisation, text, months, count, day, amount of money or values of a vocabulary."""
    if parameter.currency:
        return Money(parameter.number or Decimal(0), parameter.currency)
    if parameter.number is not None:
        return months_text(parameter.whole_number) if parameter.kind is ParameterKind.MONTHS else parameter.whole_number
    if parameter.day:
        return PartialDate(parameter.day)
    if parameter.chosen:
        choice_labels = dict(PARAMETER_CHOICES[parameter.name].choices)
        return [str(choice_labels[key]) for key in parameter.chosen if key in choice_labels]
    return organisation_link(parameter.organisation) or localised_text(parameter, "text")


def months_text(count: int) -> str:
    """A length in the active language: `48 months`."""
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def _parameter_facts(parameter: Parameter) -> list[FactRow]:
    return non_empty_rows(
        FactRow("label", _("Label"), localised_text(parameter.label, "name", parameter.label.get_absolute_url())),
        FactRow("wave", _("Wave"), _wave_link(parameter.wave) if parameter.wave else None),
        FactRow("value", parameter.get_name_display(), parameter_value(parameter)),
        FactRow("mark", _("How sure"), parameter.get_mark_display()),
        FactRow("period", _("Period"), period_value(parameter)),
        FactRow("note", _("Note"), localised_text(parameter, "note")),
    )


PARAMETERS = register_listing(
    Listing(
        name="parameters",
        searchable=False,
        model=Parameter,
        title=_("Parameters of schemes"),
        singular=_("parameter of a scheme"),
        intro=_(
            "What is known of each label’s scheme and of its waves, and how sure it is. What is missing is not known."
        ),
        columns=(
            Column(
                "name",
                _("Parameter"),
                lambda parameter: LocalisedText(parameter.get_name_display(), parameter.get_absolute_url()),
            ),
            Column(
                "label",
                _("Label"),
                lambda parameter: localised_text(parameter.label, "name", parameter.label.get_absolute_url()),
            ),
            Column("wave", _("Wave"), lambda parameter: _wave_link(parameter.wave) if parameter.wave else None),
            Column("value", _("Value"), parameter_value),
            Column("mark", _("How sure"), lambda parameter: parameter.get_mark_display()),
            PERIOD,
            *data_columns(
                label_key=lambda parameter: parameter.label.key,
                wave_key=lambda parameter: parameter.wave.key if parameter.wave else "",
                name_key=lambda parameter: parameter.name,
                number=lambda parameter: parameter.number,
                currency=lambda parameter: parameter.currency,
                day=lambda parameter: parameter.day,
                organisation_key=lambda parameter: parameter.organisation.key if parameter.organisation else "",
                chosen=lambda parameter: parameter.chosen,
                mark_key=lambda parameter: parameter.mark,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("label", _("by label"), (localised_sort_key("label__name"), F("name")), nullable=True),
            OLDEST,
            NEWEST,
        ),
        filters=(
            Filter("label", _("Label"), _label_choices, lambda records, value: records.filter(label__key=value)),
            Filter("wave", _("Wave"), _wave_choices, lambda records, value: records.filter(wave__key=value)),
            choice_filter("name", _("Parameter"), "name", ParameterName.choices),
            choice_filter("mark", _("How sure"), "mark", CertaintyMark.choices),
        ),
        text=(FoldedText("label__name_fr"), FoldedText("label__name_en"), FoldedText("text_fr"), FoldedText("text_en")),
        organisation_paths=("organisation", "label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by", "wave", "organisation"),
        facts=_parameter_facts,
        organisations=lambda parameter: [
            organisation
            for organisation in (parameter.label.authority, parameter.label.managed_by, parameter.organisation)
            if organisation
        ],
    )
)
