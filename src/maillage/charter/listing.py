"""How charters, follow-ups, and what programs act on within them are listed, exported and shown."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.charter.models import Certificate, Charter, Finding, FollowUp, Severity, Stage
from maillage.charter.queries import follow_ups, open_findings
from maillage.kernel.actors import Actor
from maillage.kernel.listing import (
    Column,
    FactRow,
    Folded,
    Listing,
    Records,
    Said,
    Sort,
    between,
    body,
    choice,
    data_columns,
    present,
    register,
    register_behind,
    said,
)
from maillage.labels.listing import marked


def _charter_facts(charter: Charter) -> list[FactRow]:
    says = charter.on(timezone.localdate()).says
    return present(
        FactRow("label", _("Label"), said(charter.label, "name", charter.label.get_absolute_url())),
        FactRow("about", _("About"), str(says.about)),
        FactRow("since", _("Applies from"), says.since),
    )


CHARTERS = register(
    Listing(
        name="charters",
        model=Charter,
        title=_("Charters"),
        one=_("charter"),
        intro=_("What the holders of labels commit to."),
        columns=(
            Column("title", _("Charter"), lambda one: Said(str(one), one.get_absolute_url())),
            Column("label", _("Label"), lambda one: said(one.label, "name", one.label.get_absolute_url())),
            *data_columns(key=lambda one: one.key, label_key=lambda one: one.label.key),
        ),
        sorts=(Sort("title", _("by name"), (Folded("title_fr"),)),),
        text=(Folded("title_fr"), Folded("title_en")),
        slug="key",
        body_paths=("label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by"),
        heading=lambda one: Said(str(one)),
        facts=_charter_facts,
        bodies=lambda one: [each for each in (one.label.authority, one.label.managed_by) if each],
    )
)

FOLLOW_UPS = register(
    Listing(
        name="follow-ups",
        model=FollowUp,
        title=_("Follow-ups of charters"),
        one=_("follow-up of a charter"),
        intro=_("How each holder of a label keeps its charter: for the holder, and for who runs the label."),
        columns=(
            Column("holder", _("Holder"), lambda one: marked(Said(str(one.holder), one.get_absolute_url()), one.award)),
            Column("label", _("Label"), lambda one: said(one.label, "name", one.label.get_absolute_url())),
            Column("award", _("Award"), lambda one: between(one.award)),
            Column("findings", _("Findings open"), lambda one: len(open_findings(one)), figure=True),
            *data_columns(
                label_key=lambda one: one.label.key,
                holder_key=lambda one: one.holder.key,
                award_number=lambda one: one.award_id,
            ),
        ),
        sorts=(Sort("holder", _("by holder"), ("holder__sort_name",)),),
        text=(Folded("holder__sort_name"), Folded("label__name_fr"), Folded("label__name_en")),
        body_paths=("holder", "label__authority", "label__managed_by"),
        select_related=("award", "label", "holder"),
        prefetch_related=("findings",),
        heading=lambda one: Said(str(one)),
        facts=lambda one: present(
            FactRow("label", _("Label"), said(one.label, "name", one.label.get_absolute_url())),
            FactRow("holder", _("Holder"), body(one.holder)),
            FactRow("award", _("Award"), Said(str(one.award), one.award.get_absolute_url())),
            FactRow("period", _("Period"), between(one.award)),
        ),
        bodies=lambda one: [one.holder],
    )
)


def _of_seen(rows: Records, actor: Actor) -> Records:
    return rows.filter(follow_up__in=follow_ups(actor=actor).values("pk"))


CERTIFICATES = register_behind(
    Listing(
        name="certificates",
        model=Certificate,
        title=_("Certificates"),
        one=_("certificate"),
        intro=_("What third parties attest of the holders of labels."),
        columns=(
            Column("holder", _("Holder"), lambda one: body(one.follow_up.holder)),
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
        filters=(choice("follow_up", _("Follow-up"), "follow_up", ()),),
        select_related=("follow_up__holder",),
        reads=lambda actor: _of_seen(Certificate.objects.all(), actor),
    )
)

FINDINGS = register_behind(
    Listing(
        name="findings",
        model=Finding,
        title=_("Findings"),
        one=_("finding"),
        intro=_("What was found wrong with a commitment of the holder of a label, with the plan that mends it."),
        columns=(
            Column("holder", _("Holder"), lambda one: body(one.follow_up.holder)),
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
            choice("follow_up", _("Follow-up"), "follow_up", ()),
            choice("stage", _("Stage"), "stage", Stage.choices),
            choice("severity", _("Severity"), "severity", Severity.choices),
        ),
        select_related=("follow_up__holder",),
        prefetch_related=("steps",),
        reads=lambda actor: _of_seen(Finding.objects.all(), actor),
    )
)  # fmt: skip
