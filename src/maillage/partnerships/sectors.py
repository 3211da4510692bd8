"""The sectors of requesters: divisions of NACE Rev. 2.1 (delegated regulation (EU) 2023/137), named in our words.

Only those from which needs of health research come; any other is `Sector.OTHER`, which is no code of the regulation.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    """A division of economic activity."""

    CHEMICALS = "20", _("chemicals")
    PHARMACEUTICALS = "21", _("pharmaceuticals")
    ELECTRONICS = "26", _("computers, electronics, optics")
    MACHINERY = "28", _("machinery")
    DEVICES = "32", _("medical instruments and other manufacturing")
    WHOLESALE = "46", _("wholesale")
    SOFTWARE = "62", _("software and consultancy in computing")
    DATA = "63", _("data hosting and information services")
    FINANCE = "64", _("finance")
    INSURANCE = "65", _("insurance")
    RESEARCH = "72", _("research and development")
    ADMINISTRATION = "84", _("public administration")
    HEALTH = "86", _("health care")
    ASSOCIATIONS = "94", _("associations")
    OTHER = "00", _("another sector")
