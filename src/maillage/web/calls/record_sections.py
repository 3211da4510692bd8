"""Sections of the pages of calls and applications."""

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
def call_sections(request: Request, call: Call) -> dict[str, object]:
    """The last version of the call, the applications that the reader sees, and the reader's actions."""
    versions = list(call.versions.order_by("-version")[:20])
    document = versions[0].document
    now = timezone.now()
    authority_keys = {document.authority.decides, document.authority.proposes, document.authority.runs}
    authorities = Organisation.objects.visible_to(request.actor).filter(key__in=authority_keys)
    organisations = {organisation.key: organisation for organisation in authorities}
    return {
        "template": "calls/call",
        "document": document,
        "versions": versions,
        "authority": {
            part: organisations.get(getattr(document.authority, part)) for part in ("decides", "proposes", "runs")
        },
        "holders": [OrganisationKind(kind).label for kind in document.holders],
        "rules": [_rule_context(rule) for rule in document.rules],
        "is_open": document.is_open(now) and call.withdrawn_at is None,
        "call_state": call_state(call),
        "call_opens": now < call.opens_at,
        "own": list(applications(actor=request.actor).filter(version__call=call).order_by("-pk")[:_OWN_SHOWN]),
        "may_begin": _may_begin(request, document),
        "may_publish": is_action_allowed(request, "calls.withdraw_call", call_id=call.pk),
    }


def _rule_context(rule: EligibilityRule) -> dict[str, object]:
    return {"rule": rule, "mark": CertaintyMark(rule.mark).label}


def _may_begin(request: Request, document: CallDocument) -> bool:
    acting = request.actor.acting
    if acting is None or not is_action_allowed(request, "calls.begin_application", lead_id=acting.organisation_id):
        return False
    return Organisation.objects.filter(pk=acting.organisation_id, kind__in=document.holders).exists()


@register_record_sections("dossiers")
def application_sections(request: Request, application: Application) -> dict[str, object]:
    """Progress, parties, results of the rules, signatures, and the reader's actions."""
    replies, digest = replies_by_section(application), application_digest(application)
    about = {"application_id": application.pk}
    return {
        "template": "calls/dossier",
        "document": application.call_document,
        "progress": progress_by_section(application, replies),
        "parties": application_parties(application),
        "missing": missing_replies(application),
        "digest": digest,
        "signatures": _signatures(application, digest),
        "unsigned": [] if application.sent_at else missing_signatures(application, digest),
        "found": _rule_results(request, application),
        "writing": application.sent_at is None and application.withdrawn_at is None,
        "may_send": is_action_allowed(request, "calls.send_application", **about),
        "may_sign": _organisation_to_sign_for(request, application, digest),
        "may_check": is_action_allowed(request, "calls.check_application", **about),
        "verdicts": VERDICT_CHOICES,
        **_decision_context(request, application),
        "standing": "",
    }


def _decision_context(request: Request, application: Application) -> dict[str, object]:
    """The published decision, its appeal, and the label agreement that follows; empty before publication."""
    decision = Decision.objects.filter(application=application).exclude(published_at=None).first()
    if decision is None:
        return {}
    titles = {outcome.key: outcome.title for outcome in application.version.call.last.document.outcomes}
    in_time = decision.appeal_until is not None and timezone.localdate() <= decision.appeal_until
    return {
        "decision": decision,
        "outcome": titles.get(decision.outcome, ""),
        "appeal": Appeal.objects.filter(decision=decision).first(),
        "may_appeal": in_time and is_action_allowed(request, "reviews.file_appeal", application_id=application.pk),
        "agreement": agreement_after_decision(request, decision),
        "to_open": decision_awaiting_agreement(request, decision),
    }


def _signatures(application: Application, digest: str) -> list[dict[str, object]]:
    sign_offs = {sign_off.organisation_id: sign_off for sign_off in application.sign_offs.all()}
    roles_by_rule = {
        SignatureRule.HOSTS: (PartyRole.LEAD, PartyRole.HOST),
        SignatureRule.LEAD: (PartyRole.LEAD,),
        SignatureRule.NONE: (),
    }
    return [
        {"party": party, "signed": signature, "current": bool(signature and signature.digest == digest)}
        for party in application_parties(application)
        if (signature := sign_offs.get(party.organisation_id))
        or party.part in roles_by_rule[application.call_document.signatures]
    ]


def _rule_results(request: Request, application: Application) -> list[dict[str, object]]:
    """The rules with the verdicts recorded for the application, or else with their results now."""
    verdicts = {verdict.rule: verdict for verdict in application.verdicts.all()}
    words = dict(VERDICT_CHOICES)
    if verdicts:
        return [
            {"rule": rule, "kept": verdicts[rule.key], "word": words[verdicts[rule.key].effective_verdict],
             "evidence": verdicts[rule.key].evidence}
            for rule in application.call_document.rules if rule.key in verdicts
        ]  # fmt: skip
    results = check_results(application, actor=request.actor, day=request.as_of.on)
    return [
        {"rule": rule, "word": words[results[rule.key].verdict], "evidence": results[rule.key].evidence}
        for rule in application.call_document.rules
    ]


def _organisation_to_sign_for(request: Request, application: Application, digest: str) -> int:
    """The id of an organisation that the reader may sign for now, or 0; those with a current signature are skipped."""
    signed_ids = {sign_off.organisation_id for sign_off in application.sign_offs.all() if sign_off.digest == digest}
    for party in application_parties(application):
        about = {"application_id": application.pk, "organisation_id": party.organisation_id}
        open_to = party.part != PartyRole.PARTNER and party.organisation_id not in signed_ids
        if (
            open_to
            and party.organisation_id in request.actor.reach
            and is_action_allowed(request, "calls.sign_application", **about)
        ):
            return party.organisation_id
    return 0
