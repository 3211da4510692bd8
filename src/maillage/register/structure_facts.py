"""What the page of a laboratory shows of its records in the national register of research structures (RNSR)."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from maillage.core.periods import OPEN
from maillage.listing.listing import FactRow
from maillage.listing.values import PartialDate
from maillage.register.models import Organisation
from maillage.register.research_fields import domain_name, panel_name


def structure_facts(organisation: Organisation) -> list[FactRow]:
    """What the national register of research structures says of a laboratory; no rows for any other organisation."""
    # Kept on the record, as its identifiers are.
    prefetch_related_objects([organisation], "research_structures")
    structures = sorted(organisation.research_structures.all(), key=lambda structure: structure.rnsr)
    types = [structure.get_structure_type_display() for structure in structures if structure.structure_type]
    levels = [structure.get_level_display() for structure in structures if structure.level]
    domains = [domain_name(code) for structure in structures for code in structure.domains]
    panels = [panel_name(code) for structure in structures for code in structure.erc_panels]
    closed = [PartialDate(structure.closed) for structure in structures if structure.closed not in ("", OPEN)]
    return [
        FactRow("", _("Type of structure"), list(dict.fromkeys(types))),
        FactRow("", _("Level"), list(dict.fromkeys(levels))),
        FactRow("", _("Scientific domains"), list(dict.fromkeys(domains))),
        FactRow("", _("ERC panels"), list(dict.fromkeys(panels))),
        FactRow("", _("Closed"), closed if organisation.period_end == OPEN else []),
    ]
