"""The roles of mandates, with their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core import actors


class Role(models.TextChoices):
    """The role of a mandate."""

    MANAGER = actors.MANAGER, _("manager")
    LEAD = actors.LEAD, _("entity lead")
    PILOT = actors.PILOT, _("network pilot")
    LABEL_OFFICER = actors.LABEL_OFFICER, _("label officer")
    REVIEWER = actors.REVIEWER, _("reviewer")
    CLINICAL = actors.CLINICAL, _("clinical operations")
    PATIENTS = actors.PATIENTS, _("patients’ representative")
    INCUBATOR = actors.INCUBATOR, _("incubator manager")
    REQUESTER = actors.REQUESTER, _("requester")
