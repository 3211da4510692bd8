"""What the pages of a call and of a dossier show besides their facts."""

from typing import Any

from django.utils import timezone

from maillage.calls.call_document import CallDocument, EligibilityRule, SignatureRule
from maillage.calls.completeness import application_digest, missing_replies, missing_signatures
from maillage.calls.eligibility import check_results
from maillage.calls.listing import call_state
from maillage.calls.models import VERDICT_CHOICES, Application, Call, PartyRole
from maillage.calls.queries import application_parties, applications, progress_by_section, replies_by_section
from maillage.core.request import Request
from maillage.labels.vocabulary import CertaintyMark
from maillage.presentation.action_forms import is_action_allowed
from maillage.register.models import Organisation
from maillage.register.vocabulary import OrganisationKind
from maillage.reviews.models import Appeal, Decision
from maillage.web.label_agreements.record_sections import agreement_after_decision, decision_awaiting_agreement
from maillage.web.listing.page_parts import register_list_feed, register_record_sections

_OWN_SHOWN = 20


register_list_feed("calls", "calls-feed")


@register_record_sections("calls")
def call_sections(request: Request, call: Call) -> dict[str, Any]:
    """What the last version says, the dossiers of the reader, and what the reader may do."""
    versions = list(call.versions.order_by("-version")[:20])
    says = versions[0].says
    now = timezone.now()
    bodies = {one.key: one for one in Organisation.objects.visible_to(request.actor).filter(
        key__in={says.authority.decides, says.authority.proposes, says.authority.runs})}  # fmt: skip
    return {
        "template": "calls/call",
        "says": says,
        "versions": versions,
        "authority": {part: bodies.get(getattr(says.authority, part)) for part in ("decides", "proposes", "runs")},
        "holders": [OrganisationKind(kind).label for kind in says.holders],
        "rules": [_rule(one) for one in says.rules],
        "is_open": says.is_open(now) and call.withdrawn_at is None,
        "call_state": call_state(call),
        "call_opens": now < call.opens_at,
        "own": list(applications(actor=request.actor).filter(version__call=call).order_by("-pk")[:_OWN_SHOWN]),
        "may_begin": _may_begin(request, says),
        "may_publish": is_action_allowed(request, "calls.withdraw_call", call_id=call.pk),
    }


def _rule(rule: EligibilityRule) -> dict[str, Any]:
    return {"rule": rule, "mark": CertaintyMark(rule.mark).label}


def _may_begin(request: Request, says: CallDocument) -> bool:
    acting = request.actor.acting
    if acting is None or not is_action_allowed(request, "calls.begin_application", lead_id=acting.organisation_id):
        return False
    return Organisation.objects.filter(pk=acting.organisation_id, kind__in=says.holders).exists()


@register_record_sections("dossiers")
def application_sections(request: Request, application: Application) -> dict[str, Any]:
    """How far it is, who takes part, what the rules find, who signed, and what the reader may do."""
    replies, digest = replies_by_section(application), application_digest(application)
    about = {"application_id": application.pk}
    return {
        "template": "calls/dossier",
        "says": application.call,
        "progress": progress_by_section(application, replies),
        "parties": application_parties(application),
        "missing": missing_replies(application),
        "digest": digest,
        "signatures": _signatures(application, digest),
        "unsigned": [] if application.sent_at else missing_signatures(application, digest),
        "found": _found(request, application),
        "writing": application.sent_at is None and application.withdrawn_at is None,
        "may_send": is_action_allowed(request, "calls.send_application", **about),
        "may_sign": _may_sign(request, application, digest),
        "may_check": is_action_allowed(request, "calls.check_application", **about),
        "verdicts": VERDICT_CHOICES,
        **_decided(request, application),
        "standing": "",
    }


def _decided(request: Request, application: Application) -> dict[str, Any]:
    """What was decided, once it is published, what came of an appeal, and the convention that follows."""
    decision = Decision.objects.filter(application=application).exclude(published_at=None).first()
    if decision is None:
        return {}
    titles = {one.key: one.title for one in application.version.call.last.says.outcomes}
    in_time = decision.appeal_until is not None and timezone.localdate() <= decision.appeal_until
    return {
        "decision": decision,
        "outcome": titles.get(decision.outcome, ""),
        "appeal": Appeal.objects.filter(decision=decision).first(),
        "may_appeal": in_time and is_action_allowed(request, "reviews.file_appeal", application_id=application.pk),
        "agreement": agreement_after_decision(request, decision),
        "to_open": decision_awaiting_agreement(request, decision),
    }


def _signatures(application: Application, digest: str) -> list[dict[str, Any]]:
    signed = {one.organisation_id: one for one in application.sign_offs.all()}
    asked = {
        SignatureRule.HOSTS: (PartyRole.LEAD, PartyRole.HOST),
        SignatureRule.LEAD: (PartyRole.LEAD,),
        SignatureRule.NONE: (),
    }
    return [
        {"party": party, "signed": held, "current": bool(held and held.digest == digest)}
        for party in application_parties(application)
        if (held := signed.get(party.organisation_id)) or party.part in asked[application.call.signatures]
    ]


def _found(request: Request, application: Application) -> list[dict[str, Any]]:
    """The rules with what was kept of them when the dossier was sent, else with what they find now."""
    kept = {one.rule: one for one in application.verdicts.all()}
    words = dict(VERDICT_CHOICES)
    if kept:
        return [
            {"rule": rule, "kept": kept[rule.key], "word": words[kept[rule.key].effective_verdict],
             "evidence": kept[rule.key].evidence}
            for rule in application.call.rules if rule.key in kept
        ]  # fmt: skip
    found = check_results(application, actor=request.actor, day=request.as_of.on)
    return [
        {"rule": rule, "word": words[found[rule.key].verdict], "evidence": found[rule.key].evidence}
        for rule in application.call.rules
    ]


def _may_sign(request: Request, application: Application, digest: str) -> int:
    """The body that the reader may sign for now (its id), or 0; those that have signed what stands there are past."""
    signed = {one.organisation_id for one in application.sign_offs.all() if one.digest == digest}
    for party in application_parties(application):
        about = {"application_id": application.pk, "organisation_id": party.organisation_id}
        open_to = party.part != PartyRole.PARTNER and party.organisation_id not in signed
        if (
            open_to
            and party.organisation_id in request.actor.reach
            and is_action_allowed(request, "calls.sign_application", **about)
        ):
            return party.organisation_id
    return 0
