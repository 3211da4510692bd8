"""How charters, follow-ups, and what programs act on within them are listed, exported and shown."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.charter.models import Certificate, Charter, Finding, FindingSeverity, FindingStage, FollowUp
from maillage.charter.queries import follow_ups, open_findings
from maillage.core.actors import Actor
from maillage.labels.listing import mark_if_simulated
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import choice_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_back_office_listing, register_listing
from maillage.listing.sorts import FoldedText, Sort
from maillage.listing.values import LocalisedText, Records, localised_text, organisation_link, period_value


def _charter_facts(charter: Charter) -> list[FactRow]:
    says = charter.on(timezone.localdate()).says
    return non_empty_rows(
        FactRow("label", _("Label"), localised_text(charter.label, "name", charter.label.get_absolute_url())),
        FactRow("about", _("About"), str(says.about)),
        FactRow("since", _("Applies from"), says.since),
    )


CHARTERS = register_listing(
    Listing(
        name="charters",
        model=Charter,
        title=_("Charters"),
        singular=_("charter"),
        intro=_("What the holders of labels commit to."),
        columns=(
            Column("title", _("Charter"), lambda one: LocalisedText(str(one), one.get_absolute_url())),
            Column("label", _("Label"), lambda one: localised_text(one.label, "name", one.label.get_absolute_url())),
            *data_columns(key=lambda one: one.key, label_key=lambda one: one.label.key),
        ),
        sorts=(Sort("title", _("by name"), (FoldedText("title_fr"),)),),
        text=(FoldedText("title_fr"), FoldedText("title_en")),
        slug="key",
        organisation_paths=("label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by"),
        heading=lambda one: LocalisedText(str(one)),
        facts=_charter_facts,
        organisations=lambda one: [each for each in (one.label.authority, one.label.managed_by) if each],
    )
)

FOLLOW_UPS = register_listing(
    Listing(
        name="follow-ups",
        model=FollowUp,
        title=_("Follow-ups of charters"),
        singular=_("follow-up of a charter"),
        intro=_("How each holder of a label keeps its charter: for the holder, and for who runs the label."),
        columns=(
            Column(
                "holder",
                _("Holder"),
                lambda one: mark_if_simulated(LocalisedText(str(one.holder), one.get_absolute_url()), one.award),
            ),
            Column("label", _("Label"), lambda one: localised_text(one.label, "name", one.label.get_absolute_url())),
            Column("award", _("Award"), lambda one: period_value(one.award)),
            Column("findings", _("Findings open"), lambda one: len(open_findings(one)), figure=True),
            *data_columns(
                label_key=lambda one: one.label.key,
                holder_key=lambda one: one.holder.key,
                award_number=lambda one: one.award_id,
            ),
        ),
        sorts=(Sort("holder", _("by holder"), ("holder__sort_name",)),),
        text=(FoldedText("holder__sort_name"), FoldedText("label__name_fr"), FoldedText("label__name_en")),
        organisation_paths=("holder", "label__authority", "label__managed_by"),
        select_related=("award", "label", "holder"),
        prefetch_related=("findings",),
        heading=lambda one: LocalisedText(str(one)),
        facts=lambda one: non_empty_rows(
            FactRow("label", _("Label"), localised_text(one.label, "name", one.label.get_absolute_url())),
            FactRow("holder", _("Holder"), organisation_link(one.holder)),
            FactRow("award", _("Award"), LocalisedText(str(one.award), one.award.get_absolute_url())),
            FactRow("period", _("Period"), period_value(one.award)),
        ),
        organisations=lambda one: [one.holder],
    )
)


def _of_readable_follow_ups(rows: Records, actor: Actor) -> Records:
    return rows.filter(follow_up__in=follow_ups(actor=actor).values("pk"))


CERTIFICATES = register_back_office_listing(
    Listing(
        name="certificates",
        model=Certificate,
        title=_("Certificates"),
        singular=_("certificate"),
        intro=_("What third parties attest of the holders of labels."),
        columns=(
            Column("holder", _("Holder"), lambda one: organisation_link(one.follow_up.holder)),
            Column("kind", _("Kind"), lambda one: one.get_kind_display()),
            Column("standard", _("Standard"), lambda one: one.standard),
            Column("issuer", _("Issued by"), lambda one: one.issuer),
            Column("valid_until", _("Valid until"), lambda one: one.valid_until),
            *data_columns(
                follow_up=lambda one: one.follow_up_id,
                number_of_certificate=lambda one: one.number,
                valid_from=lambda one: one.valid_from,
                sha256=lambda one: one.digest,
            ),
        ),
        sorts=(Sort("ending", _("first to end first"), ("valid_until",)),),
        filters=(choice_filter("follow_up", _("Follow-up"), "follow_up", ()),),
        select_related=("follow_up__holder",),
        reads=lambda actor: _of_readable_follow_ups(Certificate.objects.all(), actor),
    )
)

FINDINGS = register_back_office_listing(
    Listing(
        name="findings",
        model=Finding,
        title=_("Findings"),
        singular=_("finding"),
        intro=_("What was found wrong with a commitment of the holder of a label, with the plan that mends it."),
        columns=(
            Column("holder", _("Holder"), lambda one: organisation_link(one.follow_up.holder)),
            Column("commitment", _("Commitment"), lambda one: one.commitment),
            Column("text", _("Found"), lambda one: one.text),
            Column("due_on", _("Due"), lambda one: one.due_on),
            *data_columns(
                follow_up=lambda one: one.follow_up_id,
                severity=lambda one: one.severity,
                stage=lambda one: one.stage,
                asked=lambda one: one.asked,
                steps=lambda one: {
                    step.pk: {"text": step.text, "who": step.who, "due_on": step.due_on.isoformat(),
                              "done_on": step.done_on.isoformat() if step.done_on else None}
                    for step in one.steps.all()
                },
            ),
        ),
        sorts=(Sort("due", _("first due first"), ("due_on",)),),
        filters=(
            choice_filter("follow_up", _("Follow-up"), "follow_up", ()),
            choice_filter("stage", _("Stage"), "stage", FindingStage.choices),
            choice_filter("severity", _("Severity"), "severity", FindingSeverity.choices),
        ),
        select_related=("follow_up__holder",),
        prefetch_related=("steps",),
        reads=lambda actor: _of_readable_follow_ups(Finding.objects.all(), actor),
    )
)  # fmt: skip
