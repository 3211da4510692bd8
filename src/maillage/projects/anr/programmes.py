"""Programmes of the ANR: what the code in the number of a project stands for.

Since 2014 a code such as `CE18` names the committee of the generic call. A code that has a name here is shown by it.
"""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.projects.models import ProjectKind

GENERIC_CALL: Final = "AAPG"
JOINT_LABORATORIES: Final = "LabCom"
INVESTMENTS: Final = "PIA"
CARNOT: Final = frozenset({"CARN", "CRNT"})
_COMMITTEE: Final = re.compile(r"CE\d\d")
# The four calls from 2018 on, the seven before, and their continuation.
_LABCOM: Final = re.compile(r"LCV\d|LAB\d|LCCO")

NAMES: Final[dict[str, str | Promise]] = {
    GENERIC_CALL: _("generic call (AAPG)"),
    JOINT_LABORATORIES: _("joint laboratories (LabCom)"),
    INVESTMENTS: _("investments for the future (PIA)"),
    "BLAN": _("open programme (Blanc)"),
    "JCJC": _("young researchers (JCJC)"),
    "ASTR": _("research for defence (ASTRID)"),
    "FRAL": _("French-German call in the humanities (FRAL)"),
    "TECS": _("technologies for health (TecSan)"),
    "COVI": _("Covid-19, flash call"),
    "LABX": _("laboratories of excellence (LabEx)"),
    "EQPX": _("equipment of excellence (EquipEx)"),
    "ESRE": _("equipment for research (EquipEx+)"),
    "IDEX": _("initiatives of excellence (IdEx)"),
    "INBS": _("national infrastructures in biology and health"),
    "CARN": _("Carnot institutes"),
    "CRNT": _("Carnot institutes"),
    "SATT": _("technology transfer companies (SATT)"),
    "IAHU": _("university hospital institutes (IHU)"),
    "RHUS": _("university hospital research in health (RHU)"),
    "PHUC": _("university hospital centres in oncology"),
    "COHO": _("cohorts"),
    "BTBR": _("biotechnologies and bioresources"),
    "BINF": _("bioinformatics"),
    "NANB": _("nanobiotechnologies"),
    "AIRT": _("institutes of technological research (IRT)"),
    "IEED": _("institutes for carbon-free energy (IEED)"),
    "EURE": _("graduate schools of research (EUR)"),
    "CONV": _("Convergence institutes"),
    "P3IA": _("institutes of artificial intelligence (3IA)"),
    "NCUN": _("new courses at universities"),
    "MPGA": _("Make Our Planet Great Again"),
}


@dataclass(frozen=True, slots=True)
class Programme:
    """What a code says: the kind of project, the programme, and the committee if the code is that of one."""

    kind: str
    programme: str
    committee: str = ""

    @classmethod
    def of(cls, code: str) -> "Programme":
        """What a code of the calls for projects says."""
        if _COMMITTEE.fullmatch(code):
            return cls(ProjectKind.PROJECT, GENERIC_CALL, code)
        if _LABCOM.fullmatch(code):
            return cls(ProjectKind.JOINT_LABORATORY, JOINT_LABORATORIES)
        return cls(ProjectKind.PROJECT, code)
