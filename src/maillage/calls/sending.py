"""A dossier is signed by those whom the call asks, sent before it closes, and checked by its rules."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.calls.applying import WRITERS, Place, kept_reply, leads_of, question_at, writable, writers_of
from maillage.calls.checks import CHECKS, Found, Situation, Verdict
from maillage.calls.document import Kind, Question, Signature
from maillage.calls.models import VERDICTS, Dossier, Part, Party, Reply, RuleVerdict, SignOff
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, LEAD, MANAGER, OFFICER, PILOT, SYSTEM, Actor
from maillage.kernel.files.actions import take_away
from maillage.kernel.text import fingerprint
from maillage.register.figures import FIGURES
from maillage.register.models import Organisation

_YEAR = dt.timedelta(days=365)


def digest_of(dossier: Dossier) -> str:
    """SHA-256 (hexadecimal) of all that a dossier says: its call, bodies and replies, each file by its own digest.

    It is taken over JSON with sorted keys, so that anyone who has the same data finds the same digest.
    """
    content = {
        "call": dossier.version_id,
        "title": dossier.title,
        "theme": dossier.theme,
        "parties": sorted(dossier.parties.exclude(part=Part.OFFICE).values_list("organisation__key", "part")),
        "replies": sorted(
            ([section, number, question, value] for section, number, question, value in
             dossier.replies.values_list("section", "number", "question", "value") if value is not None),
            key=lambda reply: reply[:3],
        ),
    }  # fmt: skip
    return fingerprint(content)


@action(*WRITERS, title=gettext_lazy("Pull a figure into a dossier"), concerns=writers_of)
def pull_figure(
    *, actor: Actor, at: dt.datetime, dossier_id: int, section: str, question: str, number: int = 1
) -> Reply:
    """Put a figure of the register with its evidence where a question asks for it. Raises `Impossible` without one."""
    dossier = writable(dossier_id)
    place = Place(section, question, number)
    asked = question_at(dossier, place, Kind.FIGURE)
    if asked.figure not in FIGURES:
        raise Impossible(_("The register does not know this figure of the body that leads the dossier."))
    day = timezone.localdate(at)
    lead = next(iter(leads_of(dossier_id=dossier_id)))
    told = FIGURES[asked.figure].tell(lead, day - _YEAR, day, actor)
    if told is None:
        raise Impossible(_("The register does not know this figure of the body that leads the dossier."))
    value = {"value": str(told.value), "unit": told.unit, "evidence": told.evidence, "url": told.url,
             "on": day.isoformat()}  # fmt: skip
    return kept_reply(dossier, place, value, actor=actor, at=at)


def _signer(*, dossier_id: int, organisation_id: int, **_others: Any) -> Iterable[int]:
    return Party.objects.filter(dossier=dossier_id, organisation=organisation_id).values_list(
        "organisation_id", flat=True
    )


@action(MANAGER, title=gettext_lazy("Sign a dossier"), concerns=_signer)
def sign_dossier(*, actor: Actor, at: dt.datetime, dossier_id: int, organisation_id: int, digest: str) -> SignOff:
    """A body signs the dossier as it was read (`digest`). Raises `Impossible` where it has changed since."""
    dossier = writable(dossier_id)
    if digest_of(dossier) != digest:
        raise Impossible(_("The dossier has changed since you read it; read it again, then sign."))
    signed = {"digest": digest, "signed_at": at, "by_id": actor.user_id}
    made: SignOff = SignOff.objects.update_or_create(dossier=dossier, organisation_id=organisation_id, defaults=signed)[
        0
    ]
    return made


def missing_replies(dossier: Dossier) -> list[tuple[str, str]]:
    """Section and question (titles) of what must be answered and is not, or is longer than the call now takes."""
    given: dict[tuple[str, str], list[Any]] = {}
    most = {section.key: section.repeat for section in dossier.call.sections}
    kept = dossier.replies.exclude(value=None).values_list("section", "number", "question", "value")
    for section, number, question, value in kept:
        if number <= most.get(section, 0):
            given.setdefault((section, question), []).append(value)
    return [
        (str(section.title), str(question.title))
        for section, question in dossier.call.questions()
        if _lacking(question, given.get((section.key, question.key), []))
    ]


def _lacking(question: Question, given: list[Any]) -> bool:
    overlong = question.kind is Kind.TEXT and any(len(str(value)) > question.most for value in given)
    return overlong or (question.required and not given)


def missing_signatures(dossier: Dossier, digest: str) -> list[Organisation]:
    """The bodies that must sign the dossier as it reads now and have not."""
    asked = {
        Signature.HOSTS: dossier.parties.filter(part__in=(Part.LEAD, Part.HOST)),
        Signature.LEAD: dossier.parties.filter(part=Part.LEAD),
        Signature.NONE: dossier.parties.none(),
    }[dossier.call.signatures]
    signed = set(dossier.sign_offs.filter(digest=digest).values_list("organisation_id", flat=True))
    return [party.organisation for party in asked.select_related("organisation") if party.organisation_id not in signed]


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Send a dossier"), concerns=leads_of)
def send_dossier(*, actor: Actor, at: dt.datetime, dossier_id: int) -> Dossier:
    """Send it to who runs the call, proposes and decides; `at` is the moment that counts, the digest the receipt.

    Raises `Impossible` from the moment of closing on, or with what is missing: replies, signatures.
    """
    dossier = writable(dossier_id)
    call = dossier.version.call
    if call.withdrawn_at:
        raise Impossible(_("This call was withdrawn: %s") % call.withdrawn_why)
    _refuse_late(dossier, at)
    if missing := missing_replies(dossier):
        told = ngettext("%d reply is missing: %s", "%d replies are missing: %s", len(missing))
        shown = "; ".join(f"{section}, {question}" for section, question in missing[:5])
        raise Impossible(told % (len(missing), shown))
    digest = digest_of(dossier)
    if unsigned := missing_signatures(dossier, digest):
        names = ", ".join(body.short_name for body in unsigned)
        raise Impossible(_("Not signed as it reads now: %s.") % names)
    dossier.sent_at, dossier.digest = at, digest
    dossier.save()
    by = dossier.call.authority
    for office in Organisation.objects.filter(key__in={by.decides, by.proposes, by.runs}, merged_into=None):
        Party.objects.get_or_create(dossier=dossier, organisation=office, defaults={"part": Part.OFFICE})
    return dossier


def _refuse_late(dossier: Dossier, at: dt.datetime) -> None:
    closes = dossier.call.closes
    if at < dossier.call.opens:
        raise Impossible(_("This call is not open yet."))
    if at >= closes:
        late = int((at - closes).total_seconds()) + 1
        told = ngettext(
            "The call closed at %(moment)s, %(late)d second ago; dossiers are no longer taken.",
            "The call closed at %(moment)s, %(late)d seconds ago; dossiers are no longer taken.",
            late,
        )
        raise Impossible(told % {"late": late, "moment": f"{closes:%Y-%m-%d %H:%M:%S %Z}"})


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Take a dossier back"), concerns=leads_of)
def take_back(*, actor: Actor, at: dt.datetime, dossier_id: int, reason: str) -> Dossier:
    """Before the call closes, a dossier that was sent can be written again; the receipt no longer holds."""
    dossier: Dossier = Dossier.objects.select_for_update(of=("self",)).select_related("version").get(pk=dossier_id)
    if dossier.sent_at is None or dossier.withdrawn_at:
        raise Impossible(_("This dossier is not sent."))
    _refuse_late(dossier, at)
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    dossier.sent_at, dossier.digest = None, ""
    dossier.save()
    offices = dossier.parties.filter(part=Part.OFFICE)
    take_away(Dossier.kind_name(), dossier.pk, list(offices.values_list("organisation_id", flat=True)))
    offices.delete()
    return dossier


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Withdraw a dossier"), concerns=leads_of)
def withdraw_dossier(*, actor: Actor, at: dt.datetime, dossier_id: int, reason: str) -> Dossier:
    """The lead gives up; what was sent stays readable to who runs the call. Raises `Impossible` without a reason."""
    dossier: Dossier = Dossier.objects.select_for_update().get(pk=dossier_id)
    if dossier.withdrawn_at:
        raise Impossible(_("This dossier was withdrawn."))
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    dossier.withdrawn_at = at
    dossier.save()
    return dossier


def found_of(dossier: Dossier, *, actor: Actor, day: dt.date) -> dict[str, Found]:
    """What each rule of the call finds for a dossier as it reads now; a check that is gone is not sure."""
    situation = _situation(dossier, actor, day)
    found = {}
    for rule in dossier.call.rules:
        known = CHECKS.get(rule.check)
        gone = Found(Verdict.UNSURE, _("This check is not known here; an officer decides."))
        found[rule.key] = known.run(situation, rule.parameters) if known else gone
    return found


def _situation(dossier: Dossier, actor: Actor, day: dt.date) -> Situation:
    parties = list(dossier.parties.exclude(part=Part.OFFICE).select_related("organisation").order_by("pk"))
    lead = next(party.organisation for party in parties if party.part == Part.LEAD)
    replies = {f"{section}/{question}": value for section, question, value in
               dossier.replies.filter(number=1).values_list("section", "question", "value")}  # fmt: skip
    rivals = Dossier.objects.filter(version__call=dossier.version.call_id, theme=dossier.theme, withdrawn_at=None)
    return Situation(
        lead=lead,
        bodies=tuple((party.organisation, party.part) for party in parties),
        holders=dossier.call.holders,
        replies=replies,
        rivals=rivals.exclude(pk=dossier.pk).exclude(sent_at=None).count() if dossier.theme else 0,
        day=day,
        actor=actor,
    )


def _office(*, dossier_id: int, **_others: Any) -> Iterable[int]:
    return Party.objects.filter(dossier=dossier_id, part=Part.OFFICE).values_list("organisation_id", flat=True)


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Check whether a dossier is eligible"), concerns=_office)
def check_dossier(*, actor: Actor, at: dt.datetime, dossier_id: int) -> list[RuleVerdict]:
    """Keep what each rule finds on the day of sending. Raises `Impossible` for a dossier that was not sent."""
    dossier: Dossier = Dossier.objects.select_related("version").get(pk=dossier_id)
    if dossier.sent_at is None:
        raise Impossible(_("This dossier is not sent."))
    found = found_of(dossier, actor=SYSTEM, day=timezone.localdate(dossier.sent_at))
    return [
        RuleVerdict.objects.update_or_create(
            dossier=dossier, rule=rule, defaults={"verdict": one.verdict.value, "evidence": one.evidence}
        )[0]
        for rule, one in found.items()
    ]


def _office_of_verdict(*, verdict_id: int, **_others: Any) -> Iterable[int]:
    dossiers = RuleVerdict.objects.filter(pk=verdict_id).values_list("dossier_id", flat=True)
    return _office(dossier_id=next(iter(dossiers), 0))


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Overrule a check of a dossier"), concerns=_office_of_verdict)
def overrule(*, actor: Actor, at: dt.datetime, verdict_id: int, verdict: str, reason: str) -> RuleVerdict:
    """Say otherwise than a check found. Raises `Impossible` without a reason."""
    if verdict not in dict(VERDICTS):
        raise Impossible(_("A rule is met, not met, or not sure."))
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    held: RuleVerdict = RuleVerdict.objects.select_for_update().get(pk=verdict_id)
    held.overruled, held.reason = verdict, reason.strip()
    held.save()
    return held
