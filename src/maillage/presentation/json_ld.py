"""Linked data (schema.org, JSON-LD) of a record, embedded in its page."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language

from maillage.clinical.models import Trial
from maillage.community.models import Agreement, Event, Funding
from maillage.core import formats
from maillage.core.edtf_dates import year_part
from maillage.core.json_types import Json
from maillage.core.models import Citation
from maillage.core.periods import OPEN, UNKNOWN
from maillage.labels.models import Award, Label
from maillage.listing.columns import ListedRecord
from maillage.listing.listing import Listing
from maillage.offers.models import Offer
from maillage.presentation import record_links
from maillage.publishing.models import Statement
from maillage.register.models import Office, Organisation, Tie
from maillage.register.vocabulary import IDENTIFIER_SCHEMES
from maillage.ventures.models import Startup

JsonLd = dict[str, object]
_EMPTY_VALUES: tuple[object, ...] = (None, "", [], {})

_ORGANISATION_TYPES = {
    "hospital": "Hospital",
    "university": "CollegeOrUniversity",
    "company": "Corporation",
    "startup": "Corporation",
    "ministry": "GovernmentOrganization",
    "agency": "GovernmentOrganization",
    "association": "NGO",
    "foundation": "NGO",
    "research-unit": "ResearchOrganization",
    "research-organisation": "ResearchOrganization",
    "institute": "ResearchOrganization",
    "funding": "FundingScheme",
}


def record_json_ld(listing: Listing, record: Model, citations: Iterable[Citation]) -> JsonLd:
    """The record in the terms of schema.org, with its citations and the language of the page."""
    heading = record_links.record_heading(listing, record)
    address = f"{settings.SITE_URL}{heading.url}"
    data: JsonLd = {"@context": "https://schema.org", "@id": address, "url": address, "name": heading.text}
    data |= _KINDS.get(listing.name, _thing)(record)
    cited_urls = [citation.source.url for citation in citations if citation.source.url]
    page = {"@type": "WebPage", "inLanguage": (get_language() or "fr")[:2], "citation": cited_urls}
    linked_data: dict[str, object] = _without_empty_values({**data, "mainEntityOfPage": page})
    return linked_data


def _without_empty_values(value: object) -> Json:
    if isinstance(value, dict):
        return {
            name: cleaned
            for name, item in value.items()
            if (cleaned := _without_empty_values(item)) not in _EMPTY_VALUES
        }
    if isinstance(value, list):
        return [cleaned for item in value if (cleaned := _without_empty_values(item)) not in _EMPTY_VALUES]
    return value


def _date(edtf: str) -> str:
    """An EDTF date that is valid in schema.org too (a plain year, month or day); empty for any other."""
    if edtf in (OPEN, UNKNOWN) or not edtf.replace("-", "").isdigit():
        return ""
    return "" if year_part(edtf) else edtf


def _organisation_reference(organisation: Organisation | None) -> JsonLd:
    if organisation is None:
        return {}
    return {
        "@type": _ORGANISATION_TYPES.get(organisation.kind, "Organization"),
        "@id": f"{settings.SITE_URL}{organisation.get_absolute_url()}",
        "name": str(organisation),
    }


def _thing(record: object) -> JsonLd:
    return {"@type": "Thing"}


def _organisation(record: Organisation) -> JsonLd:
    identifiers = list(record.identifiers.all())
    addresses = (
        (IDENTIFIER_SCHEMES[identifier.scheme].address, identifier.value)
        for identifier in identifiers
        if identifier.scheme in IDENTIFIER_SCHEMES
    )
    return {
        "@type": _ORGANISATION_TYPES.get(record.kind, "Organization"),
        "alternateName": sorted({record.name_fr, record.name_en, record.acronym} - {"", str(record)}),
        "foundingDate": _date(record.period_start),
        "dissolutionDate": _date(record.period_end),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": record.city,
            "addressRegion": formats.region(record.region),
            "addressCountry": record.country,
        }
        if record.city or record.country
        else {},
        "sameAs": [record.website, *(address.format(value) for address, value in addresses)],
        "identifier": [
            {"@type": "PropertyValue", "propertyID": identifier.scheme, "value": identifier.value}
            for identifier in identifiers
        ],
    }


def _tie(record: Tie) -> JsonLd:
    return {
        "@type": "Role",
        "roleName": record.kind,
        "startDate": _date(record.period_start),
        "endDate": _date(record.period_end),
        "about": [_organisation_reference(record.subject), _organisation_reference(record.object)],
    }


def _office(record: Office) -> JsonLd:
    role = {
        "@type": "OrganizationRole",
        "roleName": str(record.role),
        "startDate": _date(record.period_start),
        "endDate": _date(record.period_end),
        "worksFor": _organisation_reference(record.organisation),
    }
    return {"@type": "Person", "name": record.person_name, "worksFor": role}


def _offer(record: Offer) -> JsonLd:
    return {
        "@type": "Service",
        "provider": _organisation_reference(record.provider),
        "keywords": list(record.keywords),
        "availableChannel": {"@type": "ServiceChannel", "availableLanguage": list(record.languages)}
        if record.languages
        else {},
    }


def _label(record: Label) -> JsonLd:
    return {"@type": "DefinedTerm", "description": str(record.purpose), "termCode": record.key}


def _award(record: Award) -> JsonLd:
    return {
        "@type": "Certification",
        "validFrom": _date(record.period_start),
        "expires": _date(record.period_end),
        "about": _organisation_reference(record.holder) or {"name": record.holder_text},
        "issuedBy": _organisation_reference(record.label.authority),
    }


def _trial(record: Trial) -> JsonLd:
    return {
        "@type": "MedicalTrial",
        "identifier": record.number,
        "sponsor": _organisation_reference(record.sponsor) or {"name": record.sponsor_text},
        "phase": str(record.phase),
    }


def _startup(record: Startup) -> JsonLd:
    return {
        "@type": "Corporation",
        "sameAs": f"{settings.SITE_URL}{record.organisation.get_absolute_url()}",
        "foundingDate": _date(record.period_start),
        "description": str(record.field),
    }


def _agreement(record: Agreement) -> JsonLd:
    return {
        "@type": "CreativeWork",
        "genre": str(record.kind),
        "abstract": str(record.purpose),
        "dateCreated": _date(record.period_start),
        "about": [
            _organisation_reference(party.organisation) or {"name": party.text} for party in record.parties.all()
        ],
    }


def _funding(record: Funding) -> JsonLd:
    amount = {"@type": "MonetaryAmount", "value": str(record.amount), "currency": record.currency}
    return {
        "@type": "MonetaryGrant",
        "amount": amount if record.amount is not None else {},
        "funder": _organisation_reference(record.payer) or {"name": record.payer_text},
        "fundedItem": _organisation_reference(record.payee) or {"name": record.payee_text},
    }


def _event(record: Event) -> JsonLd:
    return {
        "@type": "Event",
        "startDate": _date(record.period_start),
        "endDate": _date(record.period_end),
        "organizer": _organisation_reference(record.organiser) or {"name": record.organiser_text},
    }


def _statement(record: Statement) -> JsonLd:
    return {"@type": "Claim", "text": record.reads_as or record.claim_en, "position": record.number}


_KINDS: dict[str, Callable[[ListedRecord], JsonLd]] = {
    "organisations": _organisation,
    "ties": _tie,
    "offices": _office,
    "offers": _offer,
    "labels": _label,
    "awards": _award,
    "trials": _trial,
    "startups": _startup,
    "agreements": _agreement,
    "funding": _funding,
    "events": _event,
    "statements": _statement,
}
