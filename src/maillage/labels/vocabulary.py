"""The vocabulary of schemes of labels: names of parameters and the kinds of their values."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertaintyMark(models.TextChoices):
    """How sure a parameter of a scheme is. An uncertain one is shown, never applied as a rule."""

    CONFIRMED = "confirmed", _("confirmed")
    DERIVED = "derived", _("derived")
    UNCERTAIN = "uncertain", _("uncertain")


class ParameterName(models.TextChoices):
    """The parameters of a scheme, in the order of its page."""

    DECIDES = "decides", _("Decides")
    PROPOSES = "proposes", _("On whose proposal")
    ADVISES = "advises", _("On whose opinion")
    RUNS = "runs", _("Runs it")
    HOLDERS = "holders", _("Who may hold it")
    LENGTH = "length", _("Length of a term")
    EXTENSION = "extension", _("Extension")
    PROBATION = "probation", _("Length of a probation")
    PREPARATION = "preparation", _("Length of a preparatory phase")
    UNIQUENESS = "uniqueness", _("How many for one theme")
    QUOTA = "quota", _("At most, in the country")
    CALL_OPENED = "call-opened", _("Call opened")
    CALL_CLOSED = "call-closed", _("Call closed")
    CANDIDATES = "candidates", _("Candidates")
    AWARDED = "awarded", _("Awarded")
    RENEWED = "renewed", _("of which renewed")
    PREPARATORY = "preparatory", _("Preparatory")
    ON_PROBATION = "on-probation", _("On probation")
    LOST = "lost", _("Lost it")
    ENVELOPE = "envelope", _("Money in all")
    YEARLY_ENVELOPE = "yearly-envelope", _("Money each year")
    SUPPORT = "support", _("Money for one holder")
    YEARLY_SUPPORT = "yearly-support", _("Money for one holder, each year")
    LEGAL_TEXT = "legal-text", _("Legal text")


# Parameters that do not depend on a wave; the page of a scheme lists those that are not known.
SCHEME_PARAMETERS = (
    ParameterName.DECIDES,
    ParameterName.PROPOSES,
    ParameterName.ADVISES,
    ParameterName.RUNS,
    ParameterName.HOLDERS,
    ParameterName.LENGTH,
    ParameterName.EXTENSION,
    ParameterName.PROBATION,
    ParameterName.PREPARATION,
    ParameterName.UNIQUENESS,
    ParameterName.QUOTA,
    ParameterName.LEGAL_TEXT,
)


class HolderKind(models.TextChoices):
    """What can hold a label."""

    INSTITUTE = "institute", _("an institute")
    ENTITY = "entity", _("a research entity")
    CENTRE = "centre", _("a centre inside a network")
    NETWORK = "network", _("a network")
    CONSORTIUM = "consortium", _("a consortium led by an organisation")
    EVENT = "event", _("an event")


class UniquenessRule(models.TextChoices):
    """Whether several may hold a label for one theme."""

    ONE = "one-per-theme", _("one for each theme")
    SEVERAL = "several", _("several may be held")


class ParameterKind(StrEnum):
    """The kind of the value of a parameter."""

    ORGANISATION = "organisation"
    CHOICES = "choices"
    MONTHS = "months"
    COUNT = "count"
    DAY = "day"
    MONEY = "money"
    WORDS = "words"


PARAMETER_CHOICES: dict[str, type[models.TextChoices]] = {
    ParameterName.HOLDERS: HolderKind,
    ParameterName.UNIQUENESS: UniquenessRule,
}
_N = ParameterName
_NAMES_BY_KIND: dict[ParameterKind, tuple[ParameterName, ...]] = {
    ParameterKind.ORGANISATION: (_N.DECIDES, _N.PROPOSES, _N.ADVISES, _N.RUNS),
    ParameterKind.CHOICES: (_N.HOLDERS, _N.UNIQUENESS),
    ParameterKind.MONTHS: (_N.LENGTH, _N.EXTENSION, _N.PROBATION, _N.PREPARATION),
    ParameterKind.COUNT: (_N.QUOTA, _N.CANDIDATES, _N.AWARDED, _N.RENEWED, _N.PREPARATORY, _N.ON_PROBATION, _N.LOST),
    ParameterKind.DAY: (_N.CALL_OPENED, _N.CALL_CLOSED),
    ParameterKind.MONEY: (_N.ENVELOPE, _N.YEARLY_ENVELOPE, _N.SUPPORT, _N.YEARLY_SUPPORT),
    ParameterKind.WORDS: (_N.LEGAL_TEXT,),
}
PARAMETER_KINDS: dict[str, ParameterKind] = {name: kind for kind, names in _NAMES_BY_KIND.items() for name in names}
