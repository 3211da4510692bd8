"""Every action × every role × the own and a foreign organisation: generated from the registry.

Each action is called for real, in a transaction that is rolled back. What counts is whether it is
`ActionForbiddenError`: that it
may then find its arguments impossible is the business of its own tests.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from maillage.calls.models import Application, Call, CallVersion, PartyRole, RuleVerdict
from maillage.charter.models import Certificate, Finding, FollowUp, Step
from maillage.core.action_registry import REGISTRY, Action, ActionForbiddenError
from maillage.core.actors import MANDATED_ROLES, OFFICER, PUBLIC, READER, SYSTEM, ActiveMandate, Actor
from maillage.label_agreements.models import LabelAgreement
from maillage.labels.models import Award, Label
from maillage.offers.drafts import OfferDraft
from maillage.offers.models import Offer
from maillage.partnerships.conversations import Thread
from maillage.partnerships.models import Need, TeamRequest
from maillage.people.models import Invitation, Mandate, User
from maillage.publishing.models import Section, Statement
from maillage.publishing.page_inputs import SentenceInput
from maillage.register.models import Organisation
from maillage.reviews.models import Appeal, Assignment, Decision, Panel, Reviewer
from tests.calls.sample_call import TEXT
from tests.charter.sample_charter import TEXT as CHARTER

DAY = dt.date(2026, 1, 1)
Arguments = Callable[[Organisation], dict[str, Any]]


def mandate_of(organisation: Organisation) -> dict[str, Any]:
    return {"mandate_id": Mandate.objects.get(organisation=organisation).pk}


def record_of(organisation: Organisation) -> dict[str, Any]:
    return {"record_kind": Organisation.kind_name(), "record_id": organisation.pk}


def offer_of(organisation: Organisation) -> dict[str, Any]:
    return {"offer_id": Offer.objects.get(provider=organisation).pk}


def need_of(organisation: Organisation) -> dict[str, Any]:
    return {"need_id": Need.objects.get(addresses__organisation=organisation).pk}


def section_of(organisation: Organisation) -> dict[str, Any]:
    return {"section_id": Section.objects.get(organisation=organisation).pk}


def statement_of(organisation: Organisation) -> dict[str, Any]:
    return {"statement_id": Statement.objects.get(section__organisation=organisation).pk}


def sentence_of(organisation: Organisation) -> SentenceInput:
    return SentenceInput("T.", "T.", holds={"organisation": organisation.key})


def led_by(organisation: Organisation) -> dict[str, Any]:
    return {
        "application_id": Application.objects.get(parties__organisation=organisation, parties__part=PartyRole.LEAD).pk
    }


def sent_to(organisation: Organisation) -> dict[str, Any]:
    return {
        "application_id": Application.objects.get(parties__organisation=organisation, parties__part=PartyRole.OFFICE).pk
    }


def award_of(organisation: Organisation) -> dict[str, Any]:
    return {"award_id": Award.objects.filter(label__authority=organisation).earliest("pk").pk}


def call_of(organisation: Organisation) -> dict[str, Any]:
    return {"call_id": Call.objects.get(label__authority=organisation).pk}


def text_of(organisation: Organisation) -> str:
    key = organisation.key
    return TEXT.replace("label: mark\n", f"label: {key}\n").replace("call: simulated", f"call: {key}")


def bound_by(organisation: Organisation) -> dict[str, Any]:
    return {"agreement_id": LabelAgreement.objects.get(parties__organisation=organisation).pk}


def charter_of(organisation: Organisation) -> str:
    return CHARTER.replace("label: mark\n", f"label: {organisation.key}\n").replace("simulated", organisation.key)


def held_by(organisation: Organisation) -> dict[str, Any]:
    return {"follow_up_id": FollowUp.objects.get(holder=organisation).pk}


def run_by(organisation: Organisation) -> dict[str, Any]:
    return {"follow_up_id": FollowUp.objects.get(label__authority=organisation).pk}


REPLY = {"section": "summary", "question": "abstract"}


# What an action gets for an organisation; the others are the site's own and get whatever their signature asks for.
ARGUMENTS: dict[str, Arguments] = {
    "register.describe_organisation": lambda o: {"organisation_id": o.pk, "changes": {"city": "Lyon"}, "reason": "r"},
    "people.invite": lambda o: {
        "email": "new@example.org",
        "name": "N",
        "organisation_id": o.pk,
        "role": "lead",
        "first_day": DAY,
    },
    "people.withdraw_invitation": lambda o: {"invitation_id": Invitation.objects.get(organisation=o).pk},
    "people.delegate": lambda o: mandate_of(o) | {"email": "other@example.org", "first_day": DAY, "last_day": DAY},
    "core.set_visibility": lambda o: record_of(o) | {"visibility": "network"},
    "core.grant": lambda o: record_of(o) | {"person_id": User.objects.latest("pk").pk},
    "core.withdraw_grant": lambda o: record_of(o) | {"person_id": User.objects.latest("pk").pk},
    "publishing.start_page": lambda o: {"organisation_id": o.pk},
    "publishing.add_section": lambda o: {"organisation_id": o.pk, "title_fr": "T", "title_en": "T"},
    "publishing.rename_section": lambda o: section_of(o) | {"title_fr": "T", "title_en": "T"},
    "publishing.move_section": lambda o: section_of(o) | {"up": True},
    "publishing.remove_section": section_of,
    "publishing.add_sentence": lambda o: section_of(o) | {"sentence": sentence_of(o)},
    "publishing.revise_sentence": lambda o: statement_of(o) | {"sentence": sentence_of(o)},
    "publishing.move_sentence": lambda o: statement_of(o) | {"up": True},
    "publishing.remove_sentence": statement_of,
    "offers.propose_offer": lambda o: {"provider_id": o.pk, "draft": OfferDraft("T", "T")},
    "offers.revise_offer": lambda o: offer_of(o) | {"draft": {"title_fr": "T"}, "reason": "r"},
    "offers.end_offer": lambda o: offer_of(o) | {"last_day": DAY, "reason": "r"},
    "offers.say_capacity": lambda o: {"organisation_id": o.pk},
    "offers.compose_joint_offer": lambda o: {"network_id": o.pk, "draft": OfferDraft("T", "T"), "parts": []},
    "partnerships.promise_delay": lambda o: {"organisation_id": o.pk, "working_days": 5},
    "partnerships.specify_need": lambda o: need_of(o) | {"terms": {}, "asked": []},
    "partnerships.ask_teams": lambda o: need_of(o) | {"offers": []},
    "partnerships.remind_team": lambda o: {"request_id": TeamRequest.objects.get(need=need_of(o)["need_id"]).pk},
    "partnerships.reply_to_request": lambda o: {
        "request_id": TeamRequest.objects.get(offer__provider=o).pk,
        "takes_part": True,
    },
    "partnerships.ask_requester": lambda o: need_of(o) | {"text": "t"},
    "partnerships.resume_need": need_of,
    "partnerships.correct_requester_address": lambda o: need_of(o) | {"email": "a@example.org"},
    "partnerships.write_message": lambda o: need_of(o) | {"thread": "note", "text": "t"},
    "partnerships.write_message_with_files": lambda o: (
        need_of(o) | {"thread": Thread("note"), "text": "t", "files": []}
    ),
    "partnerships.answer_need": lambda o: need_of(o) | {"letter": "l", "team": []},
    "partnerships.redirect_need": lambda o: need_of(o) | {"organisation_id": o.pk, "letter": "l"},
    "partnerships.decline_need": lambda o: need_of(o) | {"reason": "r"},
    "calls.publish_call": lambda o: {"text": text_of(o), "reason": "r"},
    "calls.withdraw_call": lambda o: call_of(o) | {"reason": "r"},
    "calls.begin_application": lambda o: call_of(o) | {"lead_id": o.pk, "title": "T"},
    "calls.add_party": lambda o: led_by(o) | {"organisation_id": o.pk, "part": "partner"},
    "calls.remove_party": lambda o: led_by(o) | {"organisation_id": o.pk},
    "calls.assign_section": lambda o: led_by(o) | {"section": "summary", "organisation_ids": []},
    "calls.write_reply": lambda o: led_by(o) | REPLY | {"value": "T"},
    "calls.pull_figure": lambda o: led_by(o) | REPLY,
    "calls.attach_to_application": lambda o: led_by(o) | REPLY | {"incoming": None},
    "calls.sign_application": lambda o: led_by(o) | {"organisation_id": o.pk, "digest": ""},
    "calls.send_application": led_by,
    "calls.take_back_application": lambda o: led_by(o) | {"reason": "r"},
    "calls.withdraw_application": lambda o: led_by(o) | {"reason": "r"},
    "calls.move_application": lambda o: led_by(o) | {"version": 1, "reason": "r"},
    "calls.check_application": sent_to,
    "calls.overrule": lambda o: {
        "verdict_id": RuleVerdict.objects.get(application=sent_to(o)["application_id"]).pk,
        "verdict": "met",
        "reason": "r",
    },
    "charter.publish_charter": lambda o: {"text": charter_of(o), "reason": "r"},
    "charter.attach_to_follow_up": lambda o: held_by(o) | {"incoming": None},
    "charter.give_proof": lambda o: held_by(o) | {"commitment": "legal", "text": "T"},
    "charter.add_certificate": lambda o: (
        held_by(o)
        | {
            "kind": "certification",
            "standard": "S",
            "issuer": "I",
            "valid_from": DAY,
            "valid_until": DAY,
        }
    ),
    "charter.remove_certificate": lambda o: {
        "reason": "r",
        "certificate_id": Certificate.objects.get(follow_up=held_by(o)["follow_up_id"]).pk,
    },
    "charter.make_finding": lambda o: (
        run_by(o)
        | {
            "commitment": "legal",
            "text": "T",
            "severity": "minor",
            "due_on": DAY,
        }
    ),
    "charter.plan_finding": lambda o: {"steps": [], "finding_id": Finding.objects.get(follow_up__holder=o).pk},
    "charter.finish_step": lambda o: {"reason": "r", "step_id": Step.objects.get(finding__follow_up__holder=o).pk},
    "charter.judge_finding": lambda o: {
        "accepted": True,
        "finding_id": Finding.objects.get(follow_up__label__authority=o).pk,
    },
    "charter.set_objective": lambda o: run_by(o) | {"key": "k", "text": "T", "aims": []},
    "charter.declare_reached": lambda o: held_by(o) | {"key": "k", "year": 2026, "reached": 1},
    "charter.hold_review": lambda o: run_by(o) | {"review": "mid-term", "held_on": DAY, "conclusion": "T"},
    "reviews.name_reviewer": lambda o: call_of(o) | {"email": "own@example.org"},
    "reviews.detect_conflicts": call_of,
    "reviews.assign_reviews": call_of,
    "reviews.replace_reviewer": lambda o: {
        "reason": "r",
        "assignment_id": Assignment.objects.get(reviewer__call__label__authority=o).pk,
    },
    "reviews.open_next_phase": lambda o: call_of(o) | {"phase": "discussion"},
    "reviews.make_minutes": lambda o: call_of(o) | {"present": ["A"]},
    "reviews.place_application": lambda o: sent_to(o) | {"place": 1, "reason": "r"},
    "reviews.propose_outcome": lambda o: sent_to(o) | {"outcome": "award"},
    "reviews.decide": call_of,
    "reviews.publish_decisions": call_of,
    "reviews.plan_publication": call_of,
    "reviews.reopen_decision": lambda o: sent_to(o) | {"reason": "r"},
    "reviews.file_appeal": lambda o: led_by(o) | {"text": "t"},
    "reviews.answer_appeal": lambda o: {
        "appeal_id": Appeal.objects.get(decision__application__parties__organisation=o).pk,
        "upheld": False,
        "answer": "a",
    },
    "calls.move_applications": lambda o: call_of(o) | {"version": 1, "reason": "r"},
    "labels.end_award": lambda o: award_of(o) | {"last_day": DAY, "reason_fr": "r"},
    "labels.extend_award": lambda o: award_of(o) | {"last_day": DAY, "reason": "r"},
    "labels.confirm_award": lambda o: award_of(o) | {"last_day": DAY, "reason": "r"},
    "label_agreements.open_agreement": lambda o: {
        "decision_id": Decision.objects.get(application__version__call__label__authority=o).pk,
    },
    "label_agreements.begin_amendment": lambda o: bound_by(o) | {"reason": "r"},
    "label_agreements.drop_amendment": lambda o: bound_by(o) | {"version": 1, "reason": "r"},
    "label_agreements.write_clause": lambda o: bound_by(o) | {"version": 1, "heading": "governance", "value": "T"},
    "label_agreements.attach_clause": lambda o: bound_by(o) | {"version": 1, "heading": "annex", "incoming": None},
    "label_agreements.write_entity": lambda o: (
        bound_by(o)
        | {
            "version": 1,
            "organisation_id": o.pk,
            "host_id": o.pk,
            "share": "50",
        }
    ),
    "label_agreements.remove_entity": lambda o: bound_by(o) | {"version": 1, "organisation_id": o.pk, "base": 0},
    "label_agreements.sign_agreement": lambda o: bound_by(o) | {"version": 1, "organisation_id": o.pk, "digest": ""},
    "desk.hand_over_mandate": lambda o: mandate_of(o) | {"person_id": 1, "reason": "r"},
    "people.end_mandate": lambda o: mandate_of(o) | {"last_day": DAY, "reason": "r"},
}
# Rights that an action checks beyond role and organisation: only one's own mandate is handed over.
OWN_ONLY = {"people.delegate"}
# The definition of each process says who does what in it; tests/processes generates a test for each of its rows.
IN_DEFINITIONS = {"workflow.apply_transition", "workflow.open_case"}
# Each list says who writes in it; tests/core/test_facts.py tries each list with each role.
BY_LIST = {
    *("core.record_fact", "core.correct_fact", "core.end_fact", "core.withdraw_fact", "core.load_sheet"),
    *("core.undo_change", "core.correct_citation", "core.remove_citation", "core.accept_citation"),
    "files.attach_source_document",
    *("proposals.accept_proposal", "proposals.refuse_proposal"),
}
# About oneself: nobody is meant by the public or by the system.
ONESELF = {"people.erase_account", "people.revise_account"}
# Open to whoever is asked to review, by person: nobody of this table is; tests/reviews tries others.
TO_REVIEWERS = {"reviews.declare_conflict", "reviews.decline_review", "reviews.write_review"}


ROLES = (READER, OFFICER, "system", *MANDATED_ROLES)


def tried_actions() -> list[str]:
    """The actions whose roles are tried here."""
    return sorted(set(REGISTRY) - IN_DEFINITIONS - TO_REVIEWERS - BY_LIST)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any):
    """Two organisations, each with a person who holds a mandate for it, and an invitation."""
    with django_db_blocker.unblock(), transaction.atomic():
        for key in ("own", "foreign"):
            body = Organisation.objects.create(key=f"permission-{key}", kind="research-unit", name_fr=key)
            person = User.objects.create(email=f"{key}@example.org", name=key)
            Mandate.objects.create(person=person, organisation=body, role="manager", first_day=DAY)
            offer = Offer.objects.create(key=f"permission-{key}", provider=body, title_fr="T", title_en="T")
            need = Need.objects.create(key=f"permission-{key}", title="N", text="N", stated_at=timezone.now())
            need.addresses.create(organisation=body, role="addressee", since=timezone.now(), promised_day=DAY)
            TeamRequest.objects.create(need=need, offer=offer, asked_at=timezone.now())
            section = Section.objects.create(organisation=body, key="one", position=0, title_fr="T", title_en="T")
            Statement.objects.create(number=9_000 + body.pk, section=section, claim_en="T")
            _call_of(body)
            _follow_ups_of(body)
            Invitation.objects.create(
                email="guest@example.org", name="G", organisation=body, role="lead", first_day=DAY,
                invited_at=timezone.now(), expires_at=timezone.now() + dt.timedelta(days=1),
            )  # fmt: skip
        yield {key: Organisation.objects.get(key=f"permission-{key}") for key in ("own", "foreign")}
        transaction.set_rollback(True)


def _call_of(body: Organisation) -> None:
    """A call for a label of the body's, a dossier it leads, one that was sent to it, decided, with its convention."""
    label = Label.objects.create(key=body.key, name_fr="L", authority=body)
    opens = timezone.now()
    call = Call.objects.create(key=f"{body.key}-call", label=label, title_fr="C", title_en="C", opens_at=opens,
                               closes_at=opens + dt.timedelta(days=1))  # fmt: skip
    version = CallVersion.objects.create(call=call, version=1, text=text_of(body), published_at=opens, reason="r")
    for part in (PartyRole.LEAD, PartyRole.OFFICE):
        application = Application.objects.create(
            key=f"{body.key[11:]}-{part}", version=version, title="D", begun_at=opens
        )
        application.parties.create(organisation=body, part=part)
        RuleVerdict.objects.create(application=application, rule="kind", verdict="met")
    reviewer = Reviewer.objects.create(call=call, person=User.objects.latest("pk"), operator_ids=[body.pk])
    Panel.objects.create(call=call, operator_ids=[body.pk])
    Assignment.objects.create(reviewer=reviewer, application=application)
    award = Award.objects.create(label=label, holder=body, period_start="2026")
    decision = Decision.objects.create(application=application, outcome="award", proposed_at=opens, decided_at=opens,
                                       published_at=opens, award=award, readers=[body.pk])  # fmt: skip
    agreement = LabelAgreement.objects.create(award=award, terms=version, opened_at=opens)
    agreement.parties.create(organisation=body, part=PartyRole.LEAD)
    agreement.versions.create(number=1, begun_at=opens)
    Appeal.objects.create(decision=decision, text="T", filed_at=opens, on_behalf="B")


def _follow_ups_of(body: Organisation) -> None:
    """The follow-up of a label that the body holds, and of one that it gives, each with a finding."""
    other = Organisation.objects.create(key=f"{body.key}-other", kind="institute", name_fr="O")
    given = Label.objects.get(key=body.key)
    for label, holder in ((given, other), (Label.objects.create(key=f"{body.key}-held", name_fr="L"), body)):
        award = Award.objects.create(label=label, holder=holder, period_start="2026")
        follow_up = FollowUp.objects.create(award=award, label=label, holder=holder, begun_on=DAY)
        days = {"valid_from": DAY, "valid_until": DAY}
        Certificate.objects.create(follow_up=follow_up, kind="certification", standard="S", issuer="I", **days)
        finding = Finding.objects.create(follow_up=follow_up, commitment="legal", text="T", due_on=DAY, found_on=DAY)
        Step.objects.create(finding=finding, text="T", who="W", due_on=DAY)


def actor(role: str, organisation: Organisation) -> Actor:
    """Somebody in that role; a mandated one for that organisation."""
    if role == READER:
        return PUBLIC
    if role == "system":
        return SYSTEM
    held = Mandate.objects.get(organisation=organisation)
    if role == OFFICER:
        return Actor("officer", frozenset({READER, OFFICER}), held.person_id)
    acting = ActiveMandate(held.pk, role, organisation.pk, str(organisation), DAY, reach=frozenset({organisation.pk}))
    return Actor("somebody", frozenset({READER}), held.person_id, acting)


def is_refused(action: Action, who: Actor, arguments: dict[str, Any]) -> bool:
    """Whether the action, called for real and taken back, says that the actor may not."""
    refused = False
    with transaction.atomic():
        try:
            with transaction.atomic():
                action.run(actor=who, at=timezone.now(), **arguments)
        except ActionForbiddenError:
            refused = True
        except Exception:
            refused = False
        transaction.set_rollback(True)
    return refused


def test_each_action_that_a_mandate_opens_has_its_case():
    assert {name for name, action in REGISTRY.items() if action.concerns} == set(ARGUMENTS) | IN_DEFINITIONS | BY_LIST


@pytest.mark.django_db
@pytest.mark.parametrize("name", tried_actions())
def test_an_action_opens_to_its_roles_only(world, name):
    """Each role, for the own organisation and for a foreign one."""
    action = REGISTRY[name]
    wrong = []
    for role in ROLES:
        who = actor(role, world["own"])
        for key in ("own", "foreign"):
            arguments = ARGUMENTS.get(name, lambda _: {})(world[key])
            if is_refused(action, who, arguments) is is_open(action, role, own=key == "own"):
                wrong.append((role, key))
    assert not wrong, f"{name} is open, or closed, to others than it says"


def is_open(action: Action, role: str, *, own: bool) -> bool:
    """Whether an action is to be open to a role, for the own organisation or for a foreign one."""
    if action.name in ONESELF:
        return role not in (READER, "system")
    by_reader = READER in action.roles
    if role in (OFFICER, "system"):
        return action.name not in OWN_ONLY and (by_reader or role in action.roles)
    return by_reader or (role in action.roles and (own or action.concerns is None))
