"""The lists of assignments and decisions, for those concerned and for whoever runs the call."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import Actor
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import choice_filter
from maillage.listing.listing import Listing, register_back_office_listing
from maillage.listing.sorts import Sort
from maillage.listing.values import LocalisedText, Records
from maillage.reviews.models import Assignment, AssignmentState, Decision


def _readable_assignments(actor: Actor) -> Records:
    """Reviewers read their own assignments; whoever runs the call reads all of the call."""
    rows: Records = Assignment.objects.all()
    if actor.is_officer:
        return rows
    return rows.filter(Q(reviewer__person=actor.user_id or 0) | Q(reviewer__operator_ids__overlap=sorted(actor.reach)))


def _readable_decisions(actor: Actor) -> Records:
    """Whoever runs the call reads its decisions; applicants read that on their application once it is published."""
    rows: Records = Decision.objects.all()
    return rows if actor.is_officer else rows.filter(readers__overlap=sorted(actor.reach))


def _appeal_id(decision: Decision) -> int | None:
    appeal = getattr(decision, "appeal", None)
    return appeal.pk if appeal else None


ASSIGNMENTS = register_back_office_listing(
    Listing(
        name="assignments",
        model=Assignment,
        title=_("Reviews asked"),
        singular=_("review asked"),
        intro=_("Reviews that are asked for: each reviewer sees their own, whoever runs the call sees all."),
        columns=(
            Column(
                "call",
                _("Call"),
                lambda assignment: LocalisedText(
                    str(assignment.reviewer.call), assignment.reviewer.call.get_absolute_url()
                ),
            ),
            Column("state", _("State"), lambda assignment: assignment.get_state_display()),
            Column("due_on", _("Due"), lambda assignment: assignment.due_on),
            # No join with the application: reviewers may not read its row, and theirs would be missing.
            *data_columns(
                dossier_number=lambda assignment: assignment.application_id,
                call_key=lambda assignment: assignment.reviewer.call.key,
                reviewer=lambda assignment: assignment.reviewer_id,
                state_key=lambda assignment: assignment.state,
            ),
        ),
        sorts=(Sort("due", _("first due first"), ("due_on",), nullable=True),),
        filters=(choice_filter("state", _("State"), "state", AssignmentState.choices),),
        select_related=("reviewer__call",),
        reads=_readable_assignments,
    )
)

DECISIONS = register_back_office_listing(
    Listing(
        name="decisions",
        model=Decision,
        title=_("Decisions"),
        singular=_("decision"),
        intro=_("Proposals and decisions on applications; applicants read a decision once it is published."),
        columns=(
            Column("dossier", _("Application"), lambda decision: LocalisedText(decision.application.title)),
            Column("outcome", _("Outcome"), lambda decision: decision.outcome),
            *data_columns(
                dossier_key=lambda decision: decision.application.key,
                call_key=lambda decision: decision.application.version.call.key,
                reason=lambda decision: decision.reason,
                feedback=lambda decision: decision.feedback,
                proposed_at=lambda decision: decision.proposed_at,
                decided_at=lambda decision: decision.decided_at,
                published_at=lambda decision: decision.published_at,
                appeal_until=lambda decision: decision.appeal_until,
                award=lambda decision: decision.award_id,
                appeal=_appeal_id,
            ),
        ),
        sorts=(Sort("latest", _("latest first"), ("proposed_at",), descending=True),),
        filters=(choice_filter("dossier", _("Application"), "application__key", ()),),
        select_related=("application__version__call", "appeal"),
        reads=_readable_decisions,
    )
)
