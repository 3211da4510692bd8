"""A wave whose dossiers are sent, with reviewers named."""

from maillage.calls.models import Application
from maillage.core.actors import READER, Actor
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.reviews.actions.reviewers import name_reviewer
from maillage.reviews.actions.reviews import write_review
from maillage.reviews.models import Assignment, Reviewer
from tests.calls.sample_call import DURING, SampleCall


def name_sample_reviewer(wave: SampleCall, name: str, employer: Organisation | None = None, **more) -> Reviewer:
    """Somebody with an account, named by the agency."""
    User.objects.get_or_create(email=f"{name}@example.org", defaults={"name": name})
    agency = wave.acting(wave.agency, "label-officer")
    return name_reviewer(actor=agency, at=DURING, call_id=wave.call.pk, email=f"{name}@example.org",
                         employer_id=employer.pk if employer else None, **more)  # fmt: skip


def reviewer_actor(reviewer: Reviewer) -> Actor:
    """The reviewer, signed in, acting for nobody."""
    return Actor(reviewer.person.name, frozenset({READER}), reviewer.person_id)


def write_sample_review(assignment: Assignment, strategy: str, means: str, send: bool = True):
    """A review of an assignment."""
    return write_review(
        actor=reviewer_actor(assignment.reviewer), at=DURING, assignment_id=assignment.pk, send=send,
        marks={"strategy": strategy, "means": means}, to_applicant=f"Of {assignment.application.title}.",
        to_panel="Between us.",
    )  # fmt: skip


def list_assignments(application: Application | None = None) -> list[Assignment]:
    """Who is asked, in the order of asking."""
    assignments = Assignment.objects.select_related("reviewer__person", "application").order_by("pk")
    return list(assignments.filter(application=application) if application else assignments)
