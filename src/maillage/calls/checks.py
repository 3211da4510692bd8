"""Eligibility checks: named checks on an application and the register, which the rules of a call use."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core.actors import Actor
from maillage.core.json_types import Json
from maillage.core.periods import TruthOnDay
from maillage.core.registers import Register
from maillage.register.figure_provider import FIGURES
from maillage.register.label_provider import labels_held
from maillage.register.models import Organisation
from maillage.register.noun_phrases import say


class Verdict(StrEnum):
    """The verdict of a check."""

    MET = "met"
    NOT_MET = "not-met"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict, and the text of its evidence."""

    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check reads: the organisations of an application with their roles, its replies, and a day.

    Keys of `replies` are `section/question`.
    """

    lead: Organisation
    organisations: tuple[tuple[Organisation, str], ...]
    holders: tuple[str, ...]
    replies: Mapping[str, object]
    competing_applications: int
    day: dt.date
    actor: Actor

    def organisations_in_role(self, role: str) -> list[Organisation]:
        """The organisations of a role; all of them for an empty role."""
        return [
            organisation for organisation, organisation_role in self.organisations if role in ("", organisation_role)
        ]


CheckFunction = Callable[[CheckContext, Mapping[str, Json]], CheckResult]
Function = TypeVar("Function", bound=CheckFunction)


@dataclass(frozen=True, slots=True)
class EligibilityCheck:
    """A check: its title, its function and the names of its parameters."""

    title: str | Promise
    run: CheckFunction
    parameters: frozenset[str] = field(default_factory=frozenset)
    optional: frozenset[str] = field(default_factory=frozenset)


ELIGIBILITY_CHECKS: Register[EligibilityCheck] = Register("eligibility checks")


def eligibility_check(
    name: str, title: str | Promise, *parameters: str, optional: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Register a function as the check of that name; `parameters` are required, `optional` ones are not."""

    def register(run: Function) -> Function:
        ELIGIBILITY_CHECKS[name] = EligibilityCheck(
            title, run, frozenset((*parameters, *optional)), frozenset(optional)
        )
        return run

    return register


@eligibility_check("holder-kind", gettext_lazy("the applicant is of a kind that may apply"))
def _holder_kind(context: CheckContext, _parameters: Mapping[str, object]) -> CheckResult:
    kind = context.lead.kind
    evidence = _("%(organisation)s: %(kind)s") % {
        "organisation": context.lead.short_name,
        "kind": context.lead.get_kind_display(),
    }
    return CheckResult(Verdict.MET if kind in context.holders else Verdict.NOT_MET, evidence)


@eligibility_check(
    "members-at-least", gettext_lazy("at least so many organisations take part"), "number", optional=("role",)
)
def _members_at_least(context: CheckContext, parameters: Mapping[str, object]) -> CheckResult:
    organisations, minimum = (
        context.organisations_in_role(str(parameters.get("role", ""))),
        int(str(parameters["number"])),
    )
    message = ngettext("%(count)d of %(wanted)d: %(names)s", "%(count)d of %(wanted)d: %(names)s", len(organisations))
    names = _names(organisations) or "—"
    evidence = message % {"count": len(organisations), "wanted": minimum, "names": names}
    return CheckResult(Verdict.MET if len(organisations) >= minimum else Verdict.NOT_MET, evidence)


def _names(organisations: list[Organisation]) -> str:
    return ", ".join(organisation.short_name for organisation in organisations)


@eligibility_check("country", gettext_lazy("the organisations are of these countries"), "countries", optional=("role",))
def _country(context: CheckContext, parameters: Mapping[str, object]) -> CheckResult:
    countries = set(parameters["countries"] if isinstance(parameters["countries"], list) else [parameters["countries"]])
    organisations = context.organisations_in_role(str(parameters.get("role", "")))
    outside = [
        organisation for organisation in organisations if organisation.country and organisation.country not in countries
    ]
    unknown = [organisation for organisation in organisations if not organisation.country]
    if outside:
        return CheckResult(
            Verdict.NOT_MET,
            ", ".join(f"{organisation.short_name} ({organisation.country})" for organisation in outside),
        )
    if unknown:
        evidence = _("The register does not know the country of: %s.") % ", ".join(
            organisation.short_name for organisation in unknown
        )
        return CheckResult(Verdict.UNSURE, evidence)
    return CheckResult(Verdict.MET, ", ".join(sorted({organisation.country for organisation in organisations})))


@eligibility_check("label-held", gettext_lazy("the applicant holds a label"), "label")
def _label_held(context: CheckContext, parameters: Mapping[str, object]) -> CheckResult:
    certainty, evidence = _label_holding(context, str(parameters["label"]))
    verdicts = {TruthOnDay.YES: Verdict.MET, TruthOnDay.UNSURE: Verdict.UNSURE, TruthOnDay.NO: Verdict.NOT_MET}
    return CheckResult(verdicts[certainty], evidence)


@eligibility_check("label-not-held", gettext_lazy("the applicant does not hold a label"), "label")
def _label_not_held(context: CheckContext, parameters: Mapping[str, object]) -> CheckResult:
    certainty, evidence = _label_holding(context, str(parameters["label"]))
    verdicts = {TruthOnDay.NO: Verdict.MET, TruthOnDay.UNSURE: Verdict.UNSURE, TruthOnDay.YES: Verdict.NOT_MET}
    return CheckResult(verdicts[certainty], evidence)


def _label_holding(context: CheckContext, label: str) -> tuple[TruthOnDay, str]:
    lead = context.lead
    known = labels_held([lead.pk], context.day, context.actor).get(lead.pk, [])
    holdings = [holding for holding in known if holding.label == label]
    if not holdings:
        return TruthOnDay.NO, say(_("%s is not known to hold it on that day."), lead, short=True)
    sure = any(holding.certainty is TruthOnDay.YES for holding in holdings)
    message = _("%s holds it on that day.") if sure else _("%s may hold it on that day: its end is not known.")
    return TruthOnDay.YES if sure else TruthOnDay.UNSURE, say(message, lead, short=True)


@eligibility_check("alone-in-its-theme", gettext_lazy("no other application is sent for its theme"))
def _alone_in_theme(context: CheckContext, _parameters: Mapping[str, object]) -> CheckResult:
    number = context.competing_applications
    evidence = ngettext("%d other application for this theme", "%d other applications for this theme", number) % number
    return CheckResult(Verdict.NOT_MET if number else Verdict.MET, evidence)


@eligibility_check("said-yes", gettext_lazy("a question is answered by yes"), "question")
def _answered_yes(context: CheckContext, parameters: Mapping[str, object]) -> CheckResult:
    answer = context.replies.get(str(parameters["question"]))
    if answer is None:
        return CheckResult(Verdict.UNSURE, _("Not answered yet."))
    return CheckResult(Verdict.MET, _("Yes")) if answer is True else CheckResult(Verdict.NOT_MET, _("No"))


@eligibility_check("number-at-least", gettext_lazy("a number in the application is high enough"), "question", "number")
def _number_at_least(context: CheckContext, parameters: Mapping[str, object]) -> CheckResult:
    try:
        number = Decimal(str(context.replies[str(parameters["question"])]))
    except (KeyError, InvalidOperation):
        return CheckResult(Verdict.UNSURE, _("Not answered yet."))
    minimum = Decimal(str(parameters["number"]))
    evidence = _("%(number)s, %(minimum)s asked") % {"number": number, "minimum": minimum}
    return CheckResult(Verdict.MET if number >= minimum else Verdict.NOT_MET, evidence)


@eligibility_check("figure-at-least", gettext_lazy("a figure of the register is high enough"), "figure", "number")
def _figure_at_least(context: CheckContext, parameters: Mapping[str, object]) -> CheckResult:
    provider = FIGURES.get(str(parameters["figure"]))
    since = context.day - dt.timedelta(days=365)
    figure = provider.tell(context.lead.pk, since, context.day, context.actor) if provider else None
    if figure is None:
        return CheckResult(Verdict.UNSURE, _("The register does not know this figure."))
    enough = figure.value >= Decimal(str(parameters["number"]))
    return CheckResult(Verdict.MET if enough else Verdict.NOT_MET, f"{figure.value} {figure.unit} ({figure.evidence})")
