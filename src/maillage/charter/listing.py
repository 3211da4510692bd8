"""How charters, follow-ups, certificates and findings are listed, exported and shown."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.charter.models import Certificate, Charter, Finding, FindingSeverity, FindingStage, FollowUp
from maillage.charter.queries import follow_ups, open_findings
from maillage.core.actors import Actor
from maillage.core.folded_text import FoldedText
from maillage.labels.listing import mark_if_simulated
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import choice_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_back_office_listing, register_listing
from maillage.listing.sorts import Sort, organisation_sort_key
from maillage.listing.values import LocalisedText, Records, localised_text, organisation_link, period_value


def _charter_facts(charter: Charter) -> list[FactRow]:
    document = charter.on(timezone.localdate()).document
    return non_empty_rows(
        FactRow("label", _("Label"), localised_text(charter.label, "name", charter.label.get_absolute_url())),
        FactRow("about", _("About"), str(document.about)),
        FactRow("since", _("Applies from"), document.since),
    )


CHARTERS = register_listing(
    Listing(
        name="charters",
        model=Charter,
        title=_("Charters"),
        singular=_("charter"),
        intro=_("What the holders of labels commit to."),
        columns=(
            Column("title", _("Charter"), lambda charter: LocalisedText(str(charter), charter.get_absolute_url())),
            Column(
                "label",
                _("Label"),
                lambda charter: localised_text(charter.label, "name", charter.label.get_absolute_url()),
            ),
            *data_columns(key=lambda charter: charter.key, label_key=lambda charter: charter.label.key),
        ),
        sorts=(Sort("title", _("by name"), (FoldedText("title_fr"),)),),
        text=(FoldedText("title_fr"), FoldedText("title_en")),
        slug="key",
        organisation_paths=("label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by"),
        heading=lambda charter: LocalisedText(str(charter)),
        facts=_charter_facts,
        organisations=lambda charter: [
            organisation for organisation in (charter.label.authority, charter.label.managed_by) if organisation
        ],
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
                lambda follow_up: mark_if_simulated(
                    LocalisedText(str(follow_up.holder), follow_up.get_absolute_url()), follow_up.award
                ),
            ),
            Column(
                "label",
                _("Label"),
                lambda follow_up: localised_text(follow_up.label, "name", follow_up.label.get_absolute_url()),
            ),
            Column("award", _("Award"), lambda follow_up: period_value(follow_up.award)),
            Column("findings", _("Findings open"), lambda follow_up: len(open_findings(follow_up)), figure=True),
            *data_columns(
                label_key=lambda follow_up: follow_up.label.key,
                holder_key=lambda follow_up: follow_up.holder.key,
                award_number=lambda follow_up: follow_up.award_id,
            ),
        ),
        sorts=(Sort("holder", _("by holder"), (organisation_sort_key("holder__"),)),),
        text=(FoldedText("holder__sort_name"), FoldedText("label__name_fr"), FoldedText("label__name_en")),
        organisation_paths=("holder", "label__authority", "label__managed_by"),
        select_related=("award", "label", "holder"),
        prefetch_related=("findings",),
        heading=lambda follow_up: LocalisedText(str(follow_up)),
        facts=lambda follow_up: non_empty_rows(
            FactRow("label", _("Label"), localised_text(follow_up.label, "name", follow_up.label.get_absolute_url())),
            FactRow("holder", _("Holder"), organisation_link(follow_up.holder)),
            FactRow("award", _("Award"), LocalisedText(str(follow_up.award), follow_up.award.get_absolute_url())),
            FactRow("period", _("Period"), period_value(follow_up.award)),
        ),
        organisations=lambda follow_up: [follow_up.holder],
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
            Column("holder", _("Holder"), lambda certificate: organisation_link(certificate.follow_up.holder)),
            Column("kind", _("Kind"), lambda certificate: certificate.get_kind_display()),
            Column("standard", _("Standard"), lambda certificate: certificate.standard),
            Column("issuer", _("Issued by"), lambda certificate: certificate.issuer),
            Column("valid_until", _("Valid until"), lambda certificate: certificate.valid_until),
            *data_columns(
                follow_up=lambda certificate: certificate.follow_up_id,
                number_of_certificate=lambda certificate: certificate.number,
                valid_from=lambda certificate: certificate.valid_from,
                sha256=lambda certificate: certificate.digest,
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
            Column("holder", _("Holder"), lambda finding: organisation_link(finding.follow_up.holder)),
            Column("commitment", _("Commitment"), lambda finding: finding.commitment),
            Column("text", _("Found"), lambda finding: finding.text),
            Column("due_on", _("Due"), lambda finding: finding.due_on),
            *data_columns(
                follow_up=lambda finding: finding.follow_up_id,
                severity=lambda finding: finding.severity,
                stage=lambda finding: finding.stage,
                request_reason=lambda finding: finding.request_reason,
                steps=lambda finding: {
                    step.pk: {"text": step.text, "who": step.who, "due_on": step.due_on.isoformat(),
                              "done_on": step.done_on.isoformat() if step.done_on else None}
                    for step in finding.steps.all()
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
