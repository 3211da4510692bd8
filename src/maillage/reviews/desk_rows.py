"""What waits on the desk: reviews to write; checks, panel, decisions and appeals for whoever runs a call."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from maillage.calls.blind_review import name_mask_of
from maillage.calls.checks import Verdict
from maillage.calls.models import Application, Call
from maillage.core.actors import LABEL_OFFICER, REVIEWER
from maillage.core.security.session_scope import read_everything
from maillage.desk.providers import DeskKind, DeskReader, DeskRow, desk_rows
from maillage.listing.values import Records
from maillage.reviews.models import ACTIVE_STATES, Appeal, Assignment, AssignmentState
from maillage.reviews.queries import own_assignments

_ROLES = frozenset({LABEL_OFFICER})
_LABEL = "version__call__label"


@desk_rows(DeskKind("review", gettext_lazy("Review"), "check"))
def reviews_to_write(reader: DeskReader) -> Iterator[DeskRow]:
    """The reviews that are asked of the person and not sent; the title is masked where the call is blind."""
    if reader.attended is not None:
        return
    # The assignment lets the reviewer read an application that no mandate gives access to.
    with read_everything():
        asked = own_assignments(reader.actor).filter(state=AssignmentState.ASKED)
        rows = [_review_row(assignment) for assignment in reader.first(asked, "review")]
    yield from rows


def _review_row(assignment: Assignment) -> DeskRow:
    return DeskRow(
        kind="review",
        number=assignment.pk,
        title=name_mask_of(assignment.application).text(assignment.application.title),
        url=reverse("write-review", args=[assignment.pk]),
        act=pgettext("act on the desk", "Review"),
        roles=frozenset({REVIEWER}),
        about=str(assignment.application.version.call),
        due=assignment.due_on,
        person_id=assignment.reviewer.person_id,
    )


def _undecided_applications(reader: DeskReader) -> Records:
    """The applications sent and not yet published as decided, of the calls of labels that the reader runs."""
    sent = Application.objects.visible_to(reader.actor).filter(withdrawn_at=None, decision__published_at=None)
    runs = reader.waits_in(f"{_LABEL}__authority", *_ROLES) | reader.waits_in(f"{_LABEL}__managed_by", *_ROLES)
    return sent.exclude(sent_at=None).filter(runs, version__call__withdrawn_at=None)


@desk_rows(DeskKind("check", gettext_lazy("Eligibility"), "check"))
def applications_to_check(reader: DeskReader) -> Iterator[DeskRow]:
    """The applications with a rule that is not checked yet or of which the check is not sure, until a decision."""
    if not reader.has_any(*_ROLES):
        return
    sent = _undecided_applications(reader).filter(decision=None).select_related("version__call__label")
    for application in reader.first(sent.prefetch_related("verdicts").order_by("sent_at", "pk"), "check"):
        verdicts = {one.rule: one.effective_verdict for one in application.verdicts.all()}
        rules = [rule.key for rule in application.call_document.rules]
        unsure = sum(1 for rule in rules if verdicts.get(rule, Verdict.UNSURE.value) == Verdict.UNSURE.value)
        if unsure:
            about = ngettext("%d rule to check", "%d rules to check", unsure) % unsure
            call = application.version.call
            yield DeskRow(
                kind="check",
                number=application.pk,
                title=application.title,
                url=application.get_absolute_url(),
                act=pgettext("act on the desk", "Check"),
                roles=_ROLES,
                organisation_ids=tuple(call.operator_ids),
                about=f"{call} · {about}",
                since=application.sent_at,
            )


@desk_rows(DeskKind("call", gettext_lazy("Call"), "people"))
def calls_to_conclude(reader: DeskReader) -> Iterator[DeskRow]:
    """The closed calls, each with its next act: assign reviewers, propose, decide, publish."""
    if not reader.has_any(*_ROLES):
        return
    stages = _stages(reader)
    calls = Call.objects.visible_to(reader.actor).filter(pk__in=stages).select_related("label")
    for call in calls.order_by("closes_at", "pk"):
        yield from _call_row(call, stages[call.pk])


def _stages(reader: DeskReader) -> dict[int, dict[str, int]]:
    """By call (id), how many of its applications are at which stage."""
    closed = _undecided_applications(reader).filter(version__call__closes_at__lte=reader.at).order_by()
    active = Q(assignments__state__in=ACTIVE_STATES)
    rows = closed.values("version__call").annotate(
        sent=Count("pk", distinct=True),
        assigned=Count("pk", filter=active, distinct=True),
        reviewing=Count("pk", filter=Q(assignments__state=AssignmentState.ASKED), distinct=True),
        proposed=Count("pk", filter=Q(decision__isnull=False), distinct=True),
        decided=Count("pk", filter=Q(decision__decided_at__isnull=False), distinct=True),
        planned=Count("pk", filter=Q(version__call__panel__publish_at__isnull=False), distinct=True),
    )
    return {row["version__call"]: row for row in reader.first(rows, "call", numbers_rows=False)}


def _call_row(call: Call, stage: dict[str, int]) -> Iterator[DeskRow]:
    """The row of a call; none while reviewers write, or once the publication is planned."""
    words = _call_words(stage)
    if words is None:
        return
    about, act, page = words
    authority = [call.label.authority_id] if call.label.authority_id else []
    yield DeskRow(
        kind="call",
        number=call.pk,
        title=str(call),
        url=reverse(page, args=[call.key]),
        act=act,
        roles=_ROLES,
        organisation_ids=tuple(authority if page == "call-decisions" else call.operator_ids),
        about=about,
        since=call.closes_at,
    )


def _call_words(stage: dict[str, int]) -> tuple[str, str, str] | None:
    sent, unassigned = stage["sent"], stage["sent"] - stage["assigned"]
    if stage["proposed"] < sent:
        if unassigned and not stage["proposed"]:
            about = ngettext("%d application without reviewer", "%d applications without reviewer", unassigned)
            return about % unassigned, pgettext("act on the desk", "Assign reviewers"), "call-panel"
        if stage["reviewing"]:
            return None
        number = sent - stage["proposed"]
        about = ngettext("%d application to rank and propose", "%d applications to rank and propose", number)
        return about % number, pgettext("act on the desk", "Propose"), "call-ranking"
    if number := sent - stage["decided"]:
        about = ngettext("%d application to decide", "%d applications to decide", number) % number
        return about, pgettext("act on the desk", "Decide"), "call-decisions"
    if stage["planned"]:
        return None
    return _("Decided, to be published"), pgettext("act on the desk", "Publish"), "call-decisions"


@desk_rows(DeskKind("appeal", pgettext_lazy("kind of row of the desk", "Appeal"), "bell"))
def open_appeals(reader: DeskReader) -> Iterator[DeskRow]:
    """The appeals without an answer, for the authority of the label."""
    if not reader.has_any(*_ROLES):
        return
    path = f"decision__application__{_LABEL}__authority"
    appeals = Appeal.objects.filter(reader.waits_in(path, *_ROLES), answered_at=None)
    visible = appeals.filter(decision__application__in=Application.objects.visible_to(reader.actor))
    related = visible.select_related("decision__application__version__call__label")
    for appeal in reader.first(related.order_by("filed_at", "pk"), "appeal"):
        call = appeal.decision.application.version.call
        yield DeskRow(
            kind="appeal",
            number=appeal.pk,
            title=appeal.decision.application.title,
            url=reverse("call-decisions", args=[call.key]),
            act=pgettext("act on the desk", "Answer"),
            roles=_ROLES,
            organisation_ids=(call.label.authority_id,) if call.label.authority_id else (),
            about=f"{call} · {appeal.on_behalf}",
            since=appeal.filed_at,
        )
