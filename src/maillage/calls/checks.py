"""Conditions to be eligible, each a named check of what the register knows; a call says which it uses and why."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core.actors import Actor
from maillage.core.periods import TruthOnDay
from maillage.core.registers import Register
from maillage.register.figure_provider import FIGURES
from maillage.register.label_provider import labels_held
from maillage.register.models import Organisation


class Verdict(StrEnum):
    """What a check finds."""

    MET = "met"
    NOT_MET = "not-met"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict, and the words that say what it rests on."""

    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A dossier as a check sees it: its bodies by role, its replies by question (`section/question`), on a day."""

    lead: Organisation
    bodies: tuple[tuple[Organisation, str], ...]
    holders: tuple[str, ...]
    replies: Mapping[str, Any]
    competing_applications: int
    day: dt.date
    actor: Actor

    def organisations_in_role(self, role: str) -> list[Organisation]:
        """The bodies of one role; all where none is named."""
        return [body for body, held in self.bodies if role in ("", held)]


CheckFunction = Callable[[CheckContext, Mapping[str, Any]], CheckResult]
Function = TypeVar("Function", bound=CheckFunction)


@dataclass(frozen=True, slots=True)
class EligibilityCheck:
    """A check: what it is called, how it runs, and which parameters it takes."""

    title: str | Promise
    run: CheckFunction
    parameters: frozenset[str] = field(default_factory=frozenset)
    optional: frozenset[str] = field(default_factory=frozenset)


ELIGIBILITY_CHECKS: Register[EligibilityCheck] = Register("eligibility checks")


def eligibility_check(
    name: str, title: str | Promise, *parameters: str, optional: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Make a function known as a check, with the parameters it takes."""

    def register(run: Function) -> Function:
        ELIGIBILITY_CHECKS[name] = EligibilityCheck(
            title, run, frozenset((*parameters, *optional)), frozenset(optional)
        )
        return run

    return register


@eligibility_check("holder-kind", gettext_lazy("the applicant is of a kind that may apply"))
def _holder_kind(situation: CheckContext, _given: Mapping[str, Any]) -> CheckResult:
    kind = situation.lead.kind
    told = _("%(body)s: %(kind)s") % {"body": situation.lead.short_name, "kind": situation.lead.get_kind_display()}
    return CheckResult(Verdict.MET if kind in situation.holders else Verdict.NOT_MET, told)


@eligibility_check("members-at-least", gettext_lazy("at least so many bodies take part"), "number", optional=("role",))
def _members_at_least(situation: CheckContext, given: Mapping[str, Any]) -> CheckResult:
    bodies, wanted = situation.organisations_in_role(str(given.get("role", ""))), int(given["number"])
    told = ngettext("%(count)d of %(wanted)d: %(names)s", "%(count)d of %(wanted)d: %(names)s", len(bodies)) % {
        "count": len(bodies), "wanted": wanted, "names": ", ".join(one.short_name for one in bodies) or "—",
    }  # fmt: skip
    return CheckResult(Verdict.MET if len(bodies) >= wanted else Verdict.NOT_MET, told)


@eligibility_check("country", gettext_lazy("the bodies are of these countries"), "countries", optional=("role",))
def _country(situation: CheckContext, given: Mapping[str, Any]) -> CheckResult:
    wanted = set(given["countries"] if isinstance(given["countries"], list) else [given["countries"]])
    bodies = situation.organisations_in_role(str(given.get("role", "")))
    outside = [one for one in bodies if one.country and one.country not in wanted]
    unknown = [one for one in bodies if not one.country]
    if outside:
        return CheckResult(Verdict.NOT_MET, ", ".join(f"{one.short_name} ({one.country})" for one in outside))
    if unknown:
        told = _("The register does not know the country of: %s.") % ", ".join(one.short_name for one in unknown)
        return CheckResult(Verdict.UNSURE, told)
    return CheckResult(Verdict.MET, ", ".join(sorted({one.country for one in bodies})))


@eligibility_check("label-held", gettext_lazy("the applicant holds a label"), "label")
def _label_held(situation: CheckContext, given: Mapping[str, Any]) -> CheckResult:
    held, told = _label_holding(situation, str(given["label"]))
    verdicts = {TruthOnDay.YES: Verdict.MET, TruthOnDay.UNSURE: Verdict.UNSURE, TruthOnDay.NO: Verdict.NOT_MET}
    return CheckResult(verdicts[held], told)


@eligibility_check("label-not-held", gettext_lazy("the applicant does not hold a label"), "label")
def _label_not_held(situation: CheckContext, given: Mapping[str, Any]) -> CheckResult:
    held, told = _label_holding(situation, str(given["label"]))
    verdicts = {TruthOnDay.NO: Verdict.MET, TruthOnDay.UNSURE: Verdict.UNSURE, TruthOnDay.YES: Verdict.NOT_MET}
    return CheckResult(verdicts[held], told)


def _label_holding(situation: CheckContext, label: str) -> tuple[TruthOnDay, str]:
    lead = situation.lead
    found = [one for one in labels_held([lead.pk], situation.day, situation.actor).get(lead.pk, []) if
             one.label == label]  # fmt: skip
    if not found:
        return TruthOnDay.NO, _("%s is not known to hold it on that day.") % lead.short_name
    sure = any(one.certainty is TruthOnDay.YES for one in found)
    told = _("%s holds it on that day.") if sure else _("%s may hold it on that day: its end is not known.")
    return TruthOnDay.YES if sure else TruthOnDay.UNSURE, told % lead.short_name


@eligibility_check("alone-in-its-theme", gettext_lazy("no other dossier is sent for its theme"))
def _alone_in_theme(situation: CheckContext, _given: Mapping[str, Any]) -> CheckResult:
    number = situation.competing_applications
    told = ngettext("%d other dossier for this theme", "%d other dossiers for this theme", number) % number
    return CheckResult(Verdict.NOT_MET if number else Verdict.MET, told)


@eligibility_check("said-yes", gettext_lazy("a question is answered by yes"), "question")
def _answered_yes(situation: CheckContext, given: Mapping[str, Any]) -> CheckResult:
    said = situation.replies.get(str(given["question"]))
    if said is None:
        return CheckResult(Verdict.UNSURE, _("Not answered yet."))
    return CheckResult(Verdict.MET, _("Yes")) if said is True else CheckResult(Verdict.NOT_MET, _("No"))


@eligibility_check("number-at-least", gettext_lazy("a number in the dossier is high enough"), "question", "number")
def _number_at_least(situation: CheckContext, given: Mapping[str, Any]) -> CheckResult:
    try:
        said = Decimal(str(situation.replies[str(given["question"])]))
    except (KeyError, InvalidOperation):
        return CheckResult(Verdict.UNSURE, _("Not answered yet."))
    wanted = Decimal(str(given["number"]))
    told = _("%(said)s, %(wanted)s asked") % {"said": said, "wanted": wanted}
    return CheckResult(Verdict.MET if said >= wanted else Verdict.NOT_MET, told)


@eligibility_check("figure-at-least", gettext_lazy("a figure of the register is high enough"), "figure", "number")
def _figure_at_least(situation: CheckContext, given: Mapping[str, Any]) -> CheckResult:
    known = FIGURES.get(str(given["figure"]))
    since = situation.day - dt.timedelta(days=365)
    told = known.tell(situation.lead.pk, since, situation.day, situation.actor) if known else None
    if told is None:
        return CheckResult(Verdict.UNSURE, _("The register does not know this figure."))
    enough = told.value >= Decimal(str(given["number"]))
    return CheckResult(Verdict.MET if enough else Verdict.NOT_MET, f"{told.value} {told.unit} ({told.evidence})")
