"""What the pages of a call and of a dossier show besides their facts."""

from typing import Any

from django.utils import timezone

from maillage.calls.document import CallDocument, Rule, Signature
from maillage.calls.listing import state_of
from maillage.calls.models import VERDICTS, Call, Dossier, Part
from maillage.calls.queries import dossiers, parties_of, progress_of, replies_of
from maillage.calls.sending import digest_of, found_of, missing_replies, missing_signatures
from maillage.kernel.request import Request
from maillage.labels.vocabulary import Mark
from maillage.register.models import Organisation
from maillage.register.vocabulary import OrganisationKind
from maillage.reviews.models import Appeal, Decision
from maillage.web.acting import may
from maillage.web.conventions.record import convention_of, to_open

_OWN_SHOWN = 20


def of_call(request: Request, call: Call) -> dict[str, Any]:
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
        "call_state": state_of(call),
        "call_opens": now < call.opens_at,
        "own": list(dossiers(actor=request.actor).filter(version__call=call).order_by("-pk")[:_OWN_SHOWN]),
        "may_begin": _may_begin(request, says),
        "may_publish": may(request, "calls.withdraw_call", call_id=call.pk),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {"rule": rule, "mark": Mark(rule.mark).label}


def _may_begin(request: Request, says: CallDocument) -> bool:
    acting = request.actor.acting
    if acting is None or not may(request, "calls.begin_dossier", lead_id=acting.organisation_id):
        return False
    return Organisation.objects.filter(pk=acting.organisation_id, kind__in=says.holders).exists()


def of_dossier(request: Request, dossier: Dossier) -> dict[str, Any]:
    """How far it is, who takes part, what the rules find, who signed, and what the reader may do."""
    replies, digest = replies_of(dossier), digest_of(dossier)
    about = {"dossier_id": dossier.pk}
    return {
        "template": "calls/dossier",
        "says": dossier.call,
        "progress": progress_of(dossier, replies),
        "parties": parties_of(dossier),
        "missing": missing_replies(dossier),
        "digest": digest,
        "signatures": _signatures(dossier, digest),
        "unsigned": [] if dossier.sent_at else missing_signatures(dossier, digest),
        "found": _found(request, dossier),
        "writing": dossier.sent_at is None and dossier.withdrawn_at is None,
        "may_send": may(request, "calls.send_dossier", **about),
        "may_sign": _may_sign(request, dossier, digest),
        "may_check": may(request, "calls.check_dossier", **about),
        "verdicts": VERDICTS,
        **_decided(request, dossier),
        "standing": "",
    }


def _decided(request: Request, dossier: Dossier) -> dict[str, Any]:
    """What was decided, once it is published, what came of an appeal, and the convention that follows."""
    decision = Decision.objects.filter(dossier=dossier).exclude(published_at=None).first()
    if decision is None:
        return {}
    titles = {one.key: one.title for one in dossier.version.call.last.says.outcomes}
    in_time = decision.appeal_until is not None and timezone.localdate() <= decision.appeal_until
    return {
        "decision": decision,
        "outcome": titles.get(decision.outcome, ""),
        "appeal": Appeal.objects.filter(decision=decision).first(),
        "may_appeal": in_time and may(request, "reviews.file_appeal", dossier_id=dossier.pk),
        "convention": convention_of(request, decision),
        "to_open": to_open(request, decision),
    }


def _signatures(dossier: Dossier, digest: str) -> list[dict[str, Any]]:
    signed = {one.organisation_id: one for one in dossier.sign_offs.all()}
    asked = {Signature.HOSTS: (Part.LEAD, Part.HOST), Signature.LEAD: (Part.LEAD,), Signature.NONE: ()}
    return [
        {"party": party, "signed": held, "current": bool(held and held.digest == digest)}
        for party in parties_of(dossier)
        if (held := signed.get(party.organisation_id)) or party.part in asked[dossier.call.signatures]
    ]


def _found(request: Request, dossier: Dossier) -> list[dict[str, Any]]:
    """The rules with what was kept of them when the dossier was sent, else with what they find now."""
    kept = {one.rule: one for one in dossier.verdicts.all()}
    words = dict(VERDICTS)
    if kept:
        return [
            {"rule": rule, "kept": kept[rule.key], "word": words[kept[rule.key].stands],
             "evidence": kept[rule.key].evidence}
            for rule in dossier.call.rules if rule.key in kept
        ]  # fmt: skip
    found = found_of(dossier, actor=request.actor, day=request.reading.on)
    return [
        {"rule": rule, "word": words[found[rule.key].verdict], "evidence": found[rule.key].evidence}
        for rule in dossier.call.rules
    ]


def _may_sign(request: Request, dossier: Dossier, digest: str) -> int:
    """The body that the reader may sign for now (its id), or 0; those that have signed what stands there are past."""
    signed = {one.organisation_id for one in dossier.sign_offs.all() if one.digest == digest}
    for party in parties_of(dossier):
        about = {"dossier_id": dossier.pk, "organisation_id": party.organisation_id}
        open_to = party.part != Part.PARTNER and party.organisation_id not in signed
        if open_to and party.organisation_id in request.actor.reach and may(request, "calls.sign_dossier", **about):
            return party.organisation_id
    return 0
