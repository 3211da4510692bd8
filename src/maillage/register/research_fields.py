"""The fields of public research structures: the ministry's scientific domains, and the panels of the ERC."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The ten domains of the French ministry of research, by their codes in RNSR.
DOMAINS: Mapping[str, Promise | str] = {
    "1": _("Mathematics and their interactions"),
    "2": _("Physics"),
    "3": _("Earth and universe sciences, space"),
    "4": _("Chemistry"),
    "5": _("Biology, medicine, health"),
    "6": _("Humanities"),
    "7": _("Social sciences"),
    "8": _("Engineering sciences"),
    "9": _("Information and communication sciences and technologies"),
    "10": _("Agronomy and ecology"),
}
# The panels of the European Research Council, by their codes.
ERC_PANELS: Mapping[str, Promise | str] = {
    "LS1": _("Molecules of life"),
    "LS2": _("Integrative biology, from genes to systems"),
    "LS3": _("Cellular, developmental and regenerative biology"),
    "LS4": _("Physiology in health, disease and ageing"),
    "LS5": _("Neuroscience and disorders of the nervous system"),
    "LS6": _("Immunity, infection and immunotherapy"),
    "LS7": _("Prevention, diagnosis and treatment of human diseases"),
    "LS8": _("Environmental biology, ecology and evolution"),
    "LS9": _("Biotechnology and biosystems engineering"),
    "PE1": _("Mathematics"),
    "PE2": _("Fundamental constituents of matter"),
    "PE3": _("Condensed matter physics"),
    "PE4": _("Physical and analytical chemical sciences"),
    "PE5": _("Synthetic chemistry and materials"),
    "PE6": _("Computer science and informatics"),
    "PE7": _("Systems and communication engineering"),
    "PE8": _("Products and processes engineering"),
    "PE9": _("Universe sciences"),
    "PE10": _("Earth system science"),
    "SH1": _("Individuals, markets and organisations"),
    "SH2": _("Institutions, governance and legal systems"),
    "SH3": _("The social world and its diversity"),
    "SH4": _("The human mind and its complexity"),
    "SH5": _("Cultures and cultural production"),
    "SH6": _("The study of the human past"),
}


def domain_name(code: str) -> str:
    """The name of a scientific domain in the active language; its code if it is not known."""
    return str(DOMAINS.get(code, code))


def panel_name(code: str) -> str:
    """The code and name of a panel of the ERC in the active language; its code if it is not known."""
    return f"{code} {ERC_PANELS[code]}" if code in ERC_PANELS else code
