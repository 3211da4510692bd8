"""What whoever runs a call does with its review: name reviewers, find conflicts, assign, open the discussion."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Call, Dossier
from maillage.calls.queries import offices_of_call
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.matching import panels
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.reviews import appeals, deciding, ordering, publication, recording, reviewing  # noqa: F401 - actions
from maillage.reviews.conflicts import applied_for, conflicts_of
from maillage.reviews.models import RUNNING, Assignment, Conflict, Panel, Phase, Reason, Reviewer, State
from maillage.reviews.queries import competences_of, judged
from maillage.reviews.reminding import tell_asked, tell_released
from maillage.reviews.succession import successors

PATIENCE = 30.0
_YEAR = 365
_LONGEST_WORD = 120


def _of_assignment(*, assignment_id: int, **_others: Any) -> Iterable[int]:
    found = Assignment.objects.filter(pk=assignment_id).select_related("reviewer").first()
    return found.reviewer.offices if found else []


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Name a reviewer"), concerns=offices_of_call)
def name_reviewer(
    *,
    actor: Actor,
    at: dt.datetime,
    call_id: int,
    email: str,
    employer_id: int | None = None,
    competences: list[str] | None = None,
    most: int = 6,
) -> Reviewer:
    """Somebody with an account reviews for the call; said again, it takes the place of what was said.

    Raises `Impossible` where no such account is open, for somebody who acts for a body that has sent a dossier, or for
    a number of reviews that is not 1 to 50.
    """
    call = Call.objects.select_related("label").get(pk=call_id)
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise Impossible(_("Nobody with this mail address has an account; an officer of the site can open one."))
    _refuse_applicant(call, person, timezone.localdate(at))
    if not 1 <= most <= 50:
        raise Impossible(_("A reviewer takes 1 to 50 reviews."))
    employer = Organisation.objects.get(pk=employer_id, merged_into=None) if employer_id else None
    words = [word.strip() for word in competences or [] if word.strip()][:40]
    if long := next((word for word in words if len(word) > _LONGEST_WORD), ""):
        raise Impossible(_("A competence has at most %(most)d characters: shorten “%(word)s”.") % {
            "most": _LONGEST_WORD, "word": long[:40]})  # fmt: skip
    Panel.of(call)
    values = {"employer": employer, "competences": words, "most": most, "offices": call.offices}
    made: Reviewer = Reviewer.objects.update_or_create(call=call, person=person, defaults=values)[0]
    return made


def _refuse_applicant(call: Call, person: User, day: dt.date) -> None:
    """Nobody judges a call to which they apply; who only works for a body of a dossier is kept from that one."""
    if body := applied_for(person, judged(call), day):
        told = _("%(person)s acts for %(body)s, which takes part in a dossier of this call: an applicant is no "
                 "reviewer of the same call. Name somebody else.")  # fmt: skip
        raise Impossible(told % {"person": person.name, "body": body.short_name})


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Look for conflicts of interest"), concerns=offices_of_call)
def find_conflicts(*, actor: Actor, at: dt.datetime, call_id: int) -> int:
    """Keep the conflicts that the register shows between reviewers and dossiers; how many there are, declared ones too.

    What was found before and is no longer there is removed; what reviewers declared stays.
    """
    call = Call.objects.get(pk=call_id)
    reviewers = list(Reviewer.objects.filter(call=call))
    since = timezone.localdate(at) - dt.timedelta(days=_YEAR * call.last.says.review.years)
    found = list(conflicts_of(reviewers, judged(call), since, timezone.localdate(at)))
    Conflict.objects.filter(reviewer__call=call).exclude(reason=Reason.DECLARED).delete()
    Conflict.objects.bulk_create(
        Conflict(reviewer_id=one.reviewer, dossier_id=one.dossier, reason=one.reason, evidence=one.evidence)
        for one in found
    )
    return Conflict.objects.filter(reviewer__call=call).count()


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Assign reviewers"), concerns=offices_of_call)
def assign_reviews(*, actor: Actor, at: dt.datetime, call_id: int, due_on: dt.date | None = None) -> panels.Assigned:
    """Ask reviewers for the reviews that dossiers still lack: the best assignment, those asked before staying.

    Conflicts are looked for first: who turns out to have one is asked no more, and what they sent does not count.
    Without a day, reviews are due as the call says. Raises `Impossible` without reviewers or dossiers, or where
    somebody has more reviews than they take.
    """
    call = Call.objects.get(pk=call_id)
    _hold(call)
    if due_on and due_on < timezone.localdate(at):
        raise Impossible(_("Reviews cannot be due on a day that is past."))
    find_conflicts(actor=actor, at=at, call_id=call_id)
    _release_conflicting(call, at)
    reviewers, dossiers = list(Reviewer.objects.filter(call=call, person__is_active=True)), judged(call)
    if not reviewers or not dossiers:
        raise Impossible(_("There are no reviewers, or no dossiers, yet."))
    try:
        found = panels.assign(_problem(call, reviewers, dossiers), PATIENCE)
    except panels.BadPanel as error:
        raise Impossible(str(error)) from error
    asked = set(Assignment.objects.filter(reviewer__call=call).values_list("reviewer_id", "dossier_id"))
    new = {(int(reviewer), int(dossier)) for reviewer, dossier in found.pairs} - asked
    _ask(call, sorted(new), due_on, at)
    return found


def _hold(call: Call) -> None:
    """One officer asks reviewers at a time, and none once the review is closed."""
    panel = Panel.objects.select_for_update().filter(call=call).first()
    if panel and panel.phase == Phase.CLOSED:
        raise Impossible(_("The review of this call is closed."))


def _ask(call: Call, pairs: list[tuple[int, int]], due_on: dt.date | None, at: dt.datetime) -> list[Assignment]:
    """Ask reviewers for dossiers (ids), and tell them."""
    due = due_on or timezone.localdate(at) + dt.timedelta(days=call.last.says.review.days)
    made = Assignment.objects.bulk_create(
        Assignment(reviewer_id=reviewer, dossier_id=dossier, due_on=due) for reviewer, dossier in pairs
    )
    tell_asked(_with_parts(one.pk for one in made), at)
    return made


def _with_parts(ids: Iterable[int]) -> list[Assignment]:
    rows = Assignment.objects.filter(pk__in=list(ids)).order_by("pk")
    return list(rows.select_related("reviewer__call", "dossier__version__call"))


def _release_conflicting(call: Call, at: dt.datetime) -> None:
    """Ask no more whoever is asked against a conflict."""
    reasons = {(one.reviewer_id, one.dossier_id): one for one in Conflict.objects.filter(reviewer__call=call)}
    for held in Assignment.objects.filter(reviewer__call=call, state__in=RUNNING):
        if conflict := reasons.get((held.reviewer_id, held.dossier_id)):
            _release(held, f"{conflict.get_reason_display()} ({conflict.evidence})", at)


def _release(held: Assignment, why: str, at: dt.datetime) -> None:
    held.state, held.why = State.REPLACED, why
    held.save()
    for one in _with_parts([held.pk]):
        tell_released(one, at)


def _problem(call: Call, reviewers: list[Reviewer], dossiers: list[Dossier]) -> panels.Panel:
    """The assignment as a problem; ids as text. Who declined or was replaced is not asked again."""
    held = Assignment.objects.filter(reviewer__call=call)
    pairs = {(str(one.reviewer_id), str(one.dossier_id)): one.state for one in held}
    conflicts = Conflict.objects.filter(reviewer__call=call).values_list("reviewer_id", "dossier_id")
    known = {str(one.pk) for one in dossiers}
    return panels.Panel(
        reviewers=tuple(panels.Reviewer(str(one.pk), one.most) for one in reviewers),
        papers=tuple(panels.Paper(str(one.pk), call.last.says.review.reviews) for one in dossiers),
        competence=competences_of(reviewers, dossiers),
        conflicts={(str(one), str(other)) for one, other in conflicts if str(other) in known},
        fixed={pair for pair, state in pairs.items() if state in RUNNING and pair[1] in known},
        declined={pair for pair, state in pairs.items() if state not in RUNNING and pair[1] in known},
    )


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Replace a reviewer"), concerns=_of_assignment)
def replace_reviewer(
    *, actor: Actor, at: dt.datetime, assignment_id: int, reason: str, successor_id: int | None = None
) -> Assignment:
    """Somebody else is asked in the stead of one who is late: the reviewer named, else who suits best.

    Raises `Impossible` without a reason, once the review is done, or where nobody, or not the one named, can take over.
    """
    held: Assignment = Assignment.objects.select_for_update(of=("self",)).select_related(
        "reviewer__call", "dossier").get(pk=assignment_id)  # fmt: skip
    if held.state != State.ASKED:
        raise Impossible(_("This review is done, or somebody else was asked already."))
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    call = held.reviewer.call
    find_conflicts(actor=actor, at=at, call_id=call.pk)
    able = [one.reviewer.pk for one in successors(held)]
    if not able:
        raise Impossible(_("Nobody else of the panel can take this dossier; name another reviewer first."))
    if successor_id is not None and successor_id not in able:
        raise Impossible(_("Whom you named cannot take this dossier any more; choose again."))
    _release(held, reason.strip(), at)
    return _ask(call, [(successor_id or able[0], held.dossier_id)], None, at)[0]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Open the next phase of a review"), concerns=offices_of_call)
def next_phase(*, actor: Actor, at: dt.datetime, call_id: int, phase: str) -> Panel:
    """Independent reviews, then the discussion in which reviewers see each other's, then none. There is no way back."""
    order = list(Phase)
    panel: Panel = Panel.objects.select_for_update().get(call=call_id)
    if phase not in Phase.values or order.index(Phase(phase)) != order.index(Phase(panel.phase)) + 1:
        raise Impossible(_("A review goes from independent reviews to the discussion, then it closes."))
    panel.phase = phase
    panel.save()
    return panel
