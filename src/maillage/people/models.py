"""Persons who sign in, and the mandates by which they act for organisations."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from maillage.core.models import tracked
from maillage.people.roles import Role
from maillage.register.models import Organisation, SingleNumberRange, TextHash


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in by mail address. Only name, mail address and language are stored."""

    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "français"), ("en", "English")], default="fr"
    )
    is_officer = models.BooleanField(_("officer of the site"), default=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class MandateDays(Func):
    """The days of a mandate as a range, both ends included."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, *expressions: Combinable | str) -> None:
        super().__init__(*(expressions or (F("first_day"), F("last_day"), Value("[]"))))


class MandateQuerySet(models.QuerySet["Mandate"]):
    def on(self, day: dt.date) -> Self:
        """Those in force on a day."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day)


@tracked
class Mandate(models.Model):
    """The right of a person to act for an organisation in one role, from a first day to a last day or without end.

    A mandate `delegated_from` another gives the same rights, lasts no longer, and ends with it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mandates")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="mandates_given"
    )
    delegated_from = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="delegations"
    )

    confidential: ClassVar = ("person", "organisation")

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="mandate_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="mandate_held_once_at_a_time",
                expressions=[
                    (SingleNumberRange("person"), RangeOperators.OVERLAPS),
                    (SingleNumberRange("organisation"), RangeOperators.OVERLAPS),
                    (SingleNumberRange(TextHash("role")), RangeOperators.OVERLAPS),
                    (MandateDays(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person holds the same mandate over part of that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"


class Invitation(models.Model):
    """An offer of a mandate by mail; whoever accepts it by its link gets an account if they have none."""

    email = models.EmailField(_("mail address"))
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), null=True, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    undelivered = models.TextField(blank=True)

    confidential: ClassVar = ("", "organisation")
