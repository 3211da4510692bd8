"""How conventions and the entities of perimeters are listed, exported and shown."""

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.conventions.models import Convention, Member
from maillage.kernel.listing import (
    NEWEST,
    OLDEST,
    PERIOD,
    PERIOD_DATA,
    Column,
    FactRow,
    Filter,
    Folded,
    Listing,
    Records,
    Said,
    Sort,
    between,
    body,
    data_columns,
    present,
    register,
    said,
)
from maillage.labels.listing import marked

_STATES = (
    ("written", pgettext_lazy("state of a convention", "being written")),
    ("in-force", pgettext_lazy("state of a convention", "in force")),
)


def _in_state(records: Records, value: str) -> Records:
    return records.filter(in_force__isnull=value == "written")


def _state(convention: Convention) -> Any:
    return dict(_STATES)["in-force" if convention.in_force_id else "written"]


def _in_force_on(convention: Convention) -> Any:
    held = convention.in_force
    return timezone.localtime(held.in_force_at).date() if held and held.in_force_at else None


def _award(record: Convention | Member) -> Said | None:
    return marked(Said(str(record.award.label), record.award.get_absolute_url()), record.award)


def _convention(one: Convention) -> Said | None:
    return marked(Said(str(one.award.label), one.get_absolute_url()), one.award)


def _holder(record: Convention | Member) -> Said | None:
    return body(record.award.holder, record.award.holder_text)


CONVENTIONS = register(
    Listing(
        name="conventions",
        model=Convention,
        title=_("Conventions"),
        one=_("convention"),
        intro=_("What awards bind their holders to: the conventions that concern a body you act for."),
        columns=(
            Column("convention", _("Convention"), _convention),
            Column("holder", _("Holder"), _holder),
            Column("state", _("State"), _state),
            Column("in_force", _("In force since"), _in_force_on),
            *data_columns(
                award=lambda one: one.award_id,
                label_key=lambda one: one.award.label.key,
                holder_key=lambda one: one.award.holder.key if one.award.holder else "",
                version=lambda one: one.in_force.number if one.in_force else None,
                digest=lambda one: one.in_force.digest if one.in_force else "",
            ),
        ),
        sorts=(Sort("newest", _("latest first"), (F("opened_at"),), descending=True),),
        filters=(Filter("state", _("State"), lambda: _STATES, _in_state),),
        text=(Folded("award__label__name_fr"), Folded("award__label__name_en"), Folded("award__holder__sort_name")),
        body_paths=("parties__organisation",),
        select_related=("award__label", "award__holder", "in_force", "terms__call"),
        prefetch_related=("parties__organisation",),
        facts=lambda one: present(
            FactRow("award", _("Award of the label"), _award(one)),
            FactRow("holder", _("Holder"), _holder(one)),
            FactRow("period", _("Period of the label"), between(one.award)),
            FactRow("terms", _("Headings from"), Said(str(one.terms.call), one.terms.call.get_absolute_url())),
            FactRow("digest", _("Digest of the version in force (SHA-256)"), one.in_force and one.in_force.digest),
        ),
        bodies=lambda one: [party.organisation for party in one.parties.all()],
    )
)


PERIMETERS = register(
    Listing(
        name="perimeters",
        model=Member,
        title=_("Perimeters"),
        one=_("entity of a perimeter"),
        intro=_("Which units and teams belong to the holders of labels, by their conventions in force."),
        columns=(
            Column(
                "organisation",
                _("Entity"),
                lambda one: said(one.organisation, "name", one.get_absolute_url()),
            ),
            Column("holder", _("Belongs to"), _holder),
            Column("label", _("Label"), _award),
            PERIOD,
            *data_columns(
                organisation_key=lambda one: one.organisation.key,
                holder_key=lambda one: one.award.holder.key if one.award.holder else "",
                label_key=lambda one: one.award.label.key,
            ),
            *PERIOD_DATA,
        ),
        sorts=(
            Sort("organisation", _("by name"), (F("organisation__sort_name"),)),
            Sort("holder", _("by holder"), (F("award__holder__sort_name"),), nullable=True),
            NEWEST,
            OLDEST,
        ),
        text=(Folded("organisation__sort_name"), Folded("award__holder__sort_name")),
        body_paths=("organisation", "award__holder"),
        select_related=("organisation", "award__label", "award__holder"),
        facts=lambda one: present(
            FactRow("organisation", _("Entity"), body(one.organisation)),
            FactRow("holder", _("Belongs to"), _holder(one)),
            FactRow("award", _("Award of the label"), _award(one)),
            FactRow("period", _("Period"), between(one)),
        ),
        bodies=lambda one: [one.organisation, *([one.award.holder] if one.award.holder else [])],
    )
)
