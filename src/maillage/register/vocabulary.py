"""The vocabularies of the register: kinds of organisations, ties and names, and identifier schemes."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationKind(models.TextChoices):
    INSTITUTE = "institute", _("institute")
    CONSORTIUM = "consortium", _("consortium")
    RESEARCH_UNIT = "research-unit", _("research unit")
    TEAM = "team", _("research team")
    FEDERATION = "federation", _("research federation")
    PLATFORM = "platform", _("platform")
    COOPERATIVE_GROUP = "cooperative-group", _("cooperative group")
    NETWORK = "network", _("network")
    HOSPITAL = "hospital", _("hospital")
    UNIVERSITY = "university", _("university")
    RESEARCH_ORGANISATION = "research-organisation", _("research organisation")
    MINISTRY = "ministry", _("ministry")
    AGENCY = "agency", _("agency")
    ASSOCIATION = "association", _("association")
    FOUNDATION = "foundation", _("foundation")
    FUND = "fund", _("fund")
    PROGRAMME = "programme", _("programme")
    COMPANY = "company", _("company")
    STARTUP = "startup", _("start-up")
    INCUBATOR = "incubator", _("incubator")
    INTERNATIONAL_CENTRE = "international-centre", _("centre abroad")
    FACILITY = "facility", _("facility")
    ARCHIVE = "archive", _("archive or library")
    OTHER = "other", _("other organisation")


class TieKind(models.TextChoices):
    """The kind of a tie, from its subject to its object: *A* is member of *B*."""

    MEMBER = "member", _("member of")
    FOUNDING_MEMBER = "founding-member", _("founding member of")
    FOUNDER = "founder", _("founder of")
    CO_PILOT = "co-pilot", _("co-pilots")
    COORDINATOR = "coordinator", _("coordinates")
    PARTNER = "partner", _("partner of")
    ASSOCIATED = "associated", _("associated with")
    SUPERVISOR = "tutelle", _("supervises")
    HOST = "host", _("hosts")
    HOSTED = "hosted", _("hosted at the site of")
    HOSTED_BY = "hosted-by", _("hosted by")
    PART_OF = "part-of", _("part of")
    RELATED = "related", _("related to")
    PARTICIPANT = "participant", _("takes part in")
    SUCCESSOR = "successor", _("succeeds")
    MERGER_OF = "merger-of", _("made by the merger of")
    SPLIT_OF = "split-of", _("made by the split of")
    PARTS_OF = "parts-of", _("made of parts of")
    ABSORBS = "absorbs", _("has taken in")
    SPUN_OFF = "spun-off", _("spun off from")


class ManagedBy(models.TextChoices):
    """The end of a tie whose managers may act for the other end."""

    SUBJECT = "subject", _("the managers of the first act for the second")
    OBJECT = "object", _("the managers of the second act for the first")


# Ties from an organisation to an earlier one that it was made from; the two need not have existed at the same time.
SUCCESSION_KINDS = frozenset(
    {
        TieKind.SUCCESSOR,
        TieKind.MERGER_OF,
        TieKind.SPLIT_OF,
        TieKind.PARTS_OF,
        TieKind.ABSORBS,
        TieKind.SPUN_OFF,
    }
)
# Ties by which an organisation belongs to a network, whose members share what is visible to the network.
MEMBERSHIP_KINDS = frozenset(
    {TieKind.MEMBER, TieKind.FOUNDING_MEMBER, TieKind.CO_PILOT, TieKind.PART_OF, TieKind.ASSOCIATED}
)

INVERSE_LABELS: dict[str, str | Promise] = {
    TieKind.MEMBER: pgettext_lazy("tie", "has as member"),
    TieKind.FOUNDING_MEMBER: pgettext_lazy("tie", "has as founding member"),
    TieKind.FOUNDER: pgettext_lazy("tie", "founded by"),
    TieKind.CO_PILOT: pgettext_lazy("tie", "co-piloted by"),
    TieKind.COORDINATOR: pgettext_lazy("tie", "coordinated by"),
    TieKind.PARTNER: pgettext_lazy("tie", "partner of"),
    TieKind.ASSOCIATED: pgettext_lazy("tie", "associated with"),
    TieKind.SUPERVISOR: pgettext_lazy("tie", "supervised by"),
    TieKind.HOST: pgettext_lazy("tie", "hosted by"),
    TieKind.HOSTED: pgettext_lazy("tie", "hosts on its site"),
    TieKind.HOSTED_BY: pgettext_lazy("tie", "hosts"),
    TieKind.PART_OF: pgettext_lazy("tie", "has as part"),
    TieKind.RELATED: pgettext_lazy("tie", "related to"),
    TieKind.PARTICIPANT: pgettext_lazy("tie", "with the participation of"),
    TieKind.SUCCESSOR: pgettext_lazy("tie", "succeeded by"),
    TieKind.MERGER_OF: pgettext_lazy("tie", "merged into"),
    TieKind.SPLIT_OF: pgettext_lazy("tie", "split into"),
    TieKind.PARTS_OF: pgettext_lazy("tie", "passed in part to"),
    TieKind.ABSORBS: pgettext_lazy("tie", "taken in by"),
    TieKind.SPUN_OFF: pgettext_lazy("tie", "has spun off"),
}

# Ties that rank one organisation above another: they must not form a circle.
HIERARCHY_KINDS = frozenset({TieKind.PART_OF, TieKind.SUPERVISOR})


class NameKind(models.TextChoices):
    OFFICIAL = "official", _("official name")
    ACRONYM = "acronym", _("acronym")
    ALIAS = "alias", _("also called")
    UNIT = "unit", _("unit number")


# Kinds of names that are too short to be compared letter by letter.
SHORT_NAME_KINDS = frozenset({NameKind.ACRONYM, NameKind.UNIT})


class StructureType(models.TextChoices):
    """The types of public research structures, by their codes in the national register (RNSR)."""

    TEAM = "1", _("internal team")
    OWN_UNIT = "21", _("own unit")
    MIXED_UNIT = "22", _("mixed unit")
    INTERNATIONAL_MIXED_UNIT = "23", _("international mixed unit")
    FEDERATION = "3", _("federation of research")
    SCIENTIFIC_INTEREST_GROUP = "31", _("scientific interest group")
    RESEARCH_GROUP = "32", _("research group")
    INTERNATIONAL_COLLABORATION = "33", _("international research collaboration")
    PUBLIC_INTEREST_GROUP = "34", _("public interest group")
    COOPERATION_FOUNDATION = "35", _("foundation for scientific cooperation")
    PRIVATE_COMPANY = "37", _("private company")


class StructureLevel(models.IntegerChoices):
    """The levels of public research structures: teams within units, units within federations."""

    TEAM = 1, _("team")
    UNIT = 2, _("unit")
    FEDERATION = 3, _("federation")


@dataclass(frozen=True, slots=True)
class IdentifierScheme:
    """An identifier scheme: its label, and the address of a record in it (`{}` stands for the value)."""

    label: str
    address: str = ""
    unique: bool = True


IDENTIFIER_SCHEMES: dict[str, IdentifierScheme] = {
    "ror": IdentifierScheme("ROR", "https://ror.org/{}"),
    "siren": IdentifierScheme("SIREN", "https://annuaire-entreprises.data.gouv.fr/entreprise/{}"),
    "siret": IdentifierScheme("SIRET", "https://annuaire-entreprises.data.gouv.fr/etablissement/{}"),
    "rnsr": IdentifierScheme(
        "RNSR", "https://appliweb.dgri.education.fr/rnsr/PresenteStruct.jsp?numNatStruct={}&PUBLIC=OK"
    ),
    "uai": IdentifierScheme("UAI"),
    "finess": IdentifierScheme("FINESS"),
    "isni": IdentifierScheme("ISNI", "https://isni.org/isni/{}", unique=False),
    "wikidata": IdentifierScheme("Wikidata", "https://www.wikidata.org/wiki/{}", unique=False),
    "grid": IdentifierScheme("GRID", unique=False),
    "fundref": IdentifierScheme("Funder ID", "https://doi.org/10.13039/{}", unique=False),
    "orgref": IdentifierScheme("OrgRef", unique=False),
    "cnrs": IdentifierScheme("CNRS", unique=False),
    "hesa": IdentifierScheme("HESA", unique=False),
    "ukprn": IdentifierScheme("UKPRN", unique=False),
    "ucas": IdentifierScheme("UCAS", unique=False),
}
# The keys of organisations that were created from RNSR begin with it, as those from ROR are their ROR identifiers.
RNSR_KEY_PREFIX = "rnsr-"
UNIQUE_IDENTIFIER_SCHEMES = tuple(key for key, scheme in IDENTIFIER_SCHEMES.items() if scheme.unique)
