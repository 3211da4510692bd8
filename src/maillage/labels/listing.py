"""How labels and awards are listed, exported and shown."""

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actors import PUBLIC
from maillage.kernel.listing import (
    NEWEST,
    NOTE,
    OLDEST,
    PERIOD,
    PERIOD_DATA,
    Between,
    Column,
    FactRow,
    Filter,
    Folded,
    Listing,
    Partial,
    Said,
    Sort,
    between,
    body,
    data_columns,
    present,
    register,
    said,
    spoken,
)
from maillage.kernel.text import pair
from maillage.labels.models import Award, Label, Wave


def _waves(label: Label) -> list[Said | Between]:
    # The page's facts do not know their reader; the database does.
    return [item for wave in label.waves.order_by("period_start", "key") for item in _wave(wave)]


def _wave(wave: Wave) -> list[Any]:
    outcome = said(wave, "outcome")
    return [Said(pair(wave.key, outcome), language=outcome.language) if outcome else Said(wave.key)]


def _label_facts(label: Label) -> list[FactRow]:
    return present(
        FactRow("purpose", _("Purpose"), said(label, "purpose")),
        FactRow("authority", _("Given by"), body(label.authority, label.authority_text)),
        FactRow("managed_by", _("Managed by"), body(label.managed_by)),
        FactRow("period", _("Existence"), between(label)),
        FactRow("waves", _("Waves"), _waves(label)),
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


def _award_link(award: Award) -> Said | None:
    return said(award.label, "name", award.get_absolute_url())


def _label_choices() -> list[tuple[str, Said | None]]:
    return [
        (label.key, said(label, "name")) for label in Label.objects.visible_to(PUBLIC).order_by("name_fr", "id")[:200]
    ]


AWARDS = register(
    Listing(
        name="awards",
        model=Award,
        title=_("Awards"),
        one=_("award"),
        intro=_("Who holds which label, and over which period."),
        columns=(
            Column("label", _("Award of the label"), _award_link),
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
        filters=(Filter("label", _("Label"), _label_choices, lambda records, value: records.filter(label__key=value)),),
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
