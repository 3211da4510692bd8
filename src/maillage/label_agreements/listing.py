"""The lists of label agreements and of the entities of perimeters."""

import datetime as dt

from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.folded_text import FoldedText
from maillage.label_agreements.models import LabelAgreement, PerimeterMember
from maillage.labels.listing import mark_if_simulated
from maillage.listing.columns import PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import NEWEST, OLDEST, Sort, organisation_sort_key
from maillage.listing.values import LocalisedText, Records, localised_text, organisation_link, period_value

_AGREEMENT_STATES = (
    ("written", pgettext_lazy("state of a convention", "being written")),
    ("in-force", pgettext_lazy("state of a convention", "in force")),
)


def _agreements_in_state(records: Records, value: str) -> Records:
    return records.filter(in_force__isnull=value == "written")


def _agreement_state(agreement: LabelAgreement) -> Promise:
    return dict(_AGREEMENT_STATES)["in-force" if agreement.in_force_id else "written"]


def _in_force_on(agreement: LabelAgreement) -> dt.date | None:
    version = agreement.in_force
    return timezone.localtime(version.in_force_at).date() if version and version.in_force_at else None


def _award_link(record: LabelAgreement | PerimeterMember) -> LocalisedText | None:
    return mark_if_simulated(LocalisedText(str(record.award.label), record.award.get_absolute_url()), record.award)


def _agreement_link(agreement: LabelAgreement) -> LocalisedText | None:
    return mark_if_simulated(LocalisedText(str(agreement.award.label), agreement.get_absolute_url()), agreement.award)


def _holder_link(record: LabelAgreement | PerimeterMember) -> LocalisedText | None:
    return organisation_link(record.award.holder, record.award.holder_text)


LABEL_AGREEMENTS = register_listing(
    Listing(
        name="conventions",
        model=LabelAgreement,
        title=_("Label agreements"),
        singular=_("label agreement"),
        intro=_("The label agreements of awards that concern an organisation you act for."),
        columns=(
            Column("convention", _("Label agreement"), _agreement_link),
            Column("holder", _("Holder"), _holder_link),
            Column("state", _("State"), _agreement_state),
            Column("in_force", _("In force since"), _in_force_on),
            *data_columns(
                award=lambda agreement: agreement.award_id,
                label_key=lambda agreement: agreement.award.label.key,
                holder_key=lambda agreement: agreement.award.holder.key if agreement.award.holder else "",
                version=lambda agreement: agreement.in_force.number if agreement.in_force else None,
                digest=lambda agreement: agreement.in_force.digest if agreement.in_force else "",
            ),
        ),
        sorts=(Sort("newest", _("latest first"), (F("opened_at"),), descending=True),),
        filters=(Filter("state", _("State"), lambda: _AGREEMENT_STATES, _agreements_in_state),),
        text=(
            FoldedText("award__label__name_fr"),
            FoldedText("award__label__name_en"),
            FoldedText("award__holder__sort_name"),
        ),
        organisation_paths=("parties__organisation",),
        select_related=("award__label", "award__holder", "in_force", "terms__call"),
        prefetch_related=("parties__organisation",),
        facts=lambda agreement: non_empty_rows(
            FactRow("award", _("Award of the label"), _award_link(agreement)),
            FactRow("holder", _("Holder"), _holder_link(agreement)),
            FactRow("period", _("Period of the label"), period_value(agreement.award)),
            FactRow(
                "terms",
                _("Headings from"),
                LocalisedText(str(agreement.terms.call), agreement.terms.call.get_absolute_url()),
            ),
            FactRow(
                "digest",
                _("Digest of the version in force (SHA-256)"),
                agreement.in_force and agreement.in_force.digest,
            ),
        ),
        organisations=lambda agreement: [party.organisation for party in agreement.parties.all()],
    )
)


PERIMETERS = register_listing(
    Listing(
        name="perimeters",
        model=PerimeterMember,
        title=_("Perimeters"),
        singular=_("entity of a perimeter"),
        intro=_("Which units and teams belong to the holders of labels, by their agreements in force."),
        columns=(
            Column(
                "organisation",
                _("Entity"),
                lambda member: localised_text(member.organisation, "name", member.get_absolute_url()),
            ),
            Column("holder", _("Belongs to"), _holder_link),
            Column("label", _("Label"), _award_link),
            PERIOD,
            *data_columns(
                organisation_key=lambda member: member.organisation.key,
                holder_key=lambda member: member.award.holder.key if member.award.holder else "",
                label_key=lambda member: member.award.label.key,
            ),
            *PERIOD_DATA,
        ),
        sorts=(
            Sort("organisation", _("by name"), (organisation_sort_key("organisation__"),)),
            Sort("holder", _("by holder"), (organisation_sort_key("award__holder__"),), nullable=True),
            NEWEST,
            OLDEST,
        ),
        text=(FoldedText("organisation__sort_name"), FoldedText("award__holder__sort_name")),
        organisation_paths=("organisation", "award__holder"),
        select_related=("organisation", "award__label", "award__holder"),
        facts=lambda member: non_empty_rows(
            FactRow("organisation", _("Entity"), organisation_link(member.organisation)),
            FactRow("holder", _("Belongs to"), _holder_link(member)),
            FactRow("award", _("Award of the label"), _award_link(member)),
            FactRow("period", _("Period"), period_value(member)),
        ),
        organisations=lambda member: [member.organisation, *([member.award.holder] if member.award.holder else [])],
    )
)
