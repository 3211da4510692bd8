"""What is asked of reviewers and what is decided, as lists for programs: for whom it concerns and who runs the call."""

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
    """Their own of reviewers, all of a call of whoever runs it."""
    rows: Records = Assignment.objects.all()
    if actor.is_officer:
        return rows
    return rows.filter(Q(reviewer__person=actor.user_id or 0) | Q(reviewer__offices__overlap=sorted(actor.reach)))


def _readable_decisions(actor: Actor) -> Records:
    """Those of a call of whoever runs it; those on their own dossier, once published, of applicants."""
    rows: Records = Decision.objects.all()
    return rows if actor.is_officer else rows.filter(readers__overlap=sorted(actor.reach))


def _appeal_id(decision: Decision) -> int | None:
    found = getattr(decision, "appeal", None)
    return found.pk if found else None


ASSIGNMENTS = register_back_office_listing(
    Listing(
        name="assignments",
        model=Assignment,
        title=_("Reviews asked"),
        singular=_("review asked"),
        intro=_("What reviewers are asked, for themselves and for whoever runs the call."),
        columns=(
            Column(
                "call",
                _("Call"),
                lambda one: LocalisedText(str(one.reviewer.call), one.reviewer.call.get_absolute_url()),
            ),
            Column("state", _("State"), lambda one: one.get_state_display()),
            Column("due_on", _("Due"), lambda one: one.due_on),
            # A reviewer reads the dossier on the page of the review alone: its row would be missing from a join.
            *data_columns(
                dossier_number=lambda one: one.application_id,
                call_key=lambda one: one.reviewer.call.key,
                reviewer=lambda one: one.reviewer_id,
                state_key=lambda one: one.state,
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
        intro=_("What is proposed and decided of dossiers; applicants read it once it is published."),
        columns=(
            Column("dossier", _("Dossier"), lambda one: LocalisedText(one.application.title)),
            Column("outcome", _("Outcome"), lambda one: one.outcome),
            *data_columns(
                dossier_key=lambda one: one.application.key,
                call_key=lambda one: one.application.version.call.key,
                reason=lambda one: one.reason,
                feedback=lambda one: one.feedback,
                proposed_at=lambda one: one.proposed_at,
                decided_at=lambda one: one.decided_at,
                published_at=lambda one: one.published_at,
                appeal_until=lambda one: one.appeal_until,
                award=lambda one: one.award_id,
                appeal=_appeal_id,
            ),
        ),
        sorts=(Sort("latest", _("latest first"), ("proposed_at",), descending=True),),
        filters=(choice_filter("dossier", _("Dossier"), "application__key", ()),),
        select_related=("application__version__call", "appeal"),
        reads=_readable_decisions,
    )
)
