"""Linked data (schema.org) of a record, for those who read pages with programs."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from maillage.core.models import Citation
from maillage.core.periods import OPEN, UNKNOWN
from maillage.listing.listing import Listing
from maillage.presentation import record_links
from maillage.register.vocabulary import IDENTIFIER_SCHEMES

JsonLd = dict[str, Any]
_GAPS: tuple[Any, ...] = (None, "", [], {})

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


def record_json_ld(listing: Listing, record: Any, citations: Iterable[Citation]) -> JsonLd:
    """The record as schema.org describes its kind, what it cites, and the language of the page."""
    heading = record_links.record_heading(listing, record)
    address = f"{settings.SITE_URL}{heading.url}"
    data = {"@context": "https://schema.org", "@id": address, "url": address, "name": heading.text}
    data |= _KINDS.get(listing.name, _thing)(record)
    cited = [citation.source.url for citation in citations]
    page = {"@type": "WebPage", "inLanguage": (get_language() or "fr")[:2], "citation": cited}
    linked_data: dict[str, Any] = _without_gaps({**data, "mainEntityOfPage": page})
    return linked_data


def _without_gaps(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: kept for name, one in value.items() if (kept := _without_gaps(one)) not in _GAPS}
    if isinstance(value, list):
        return [kept for one in value if (kept := _without_gaps(one)) not in _GAPS]
    return value


def _date(edtf: str) -> str:
    """An EDTF date that schema.org takes too: a plain year, month or day."""
    return "" if edtf in (OPEN, UNKNOWN) or not edtf.replace("-", "").isdigit() else edtf


def _name(organisation: Any) -> JsonLd:
    if organisation is None:
        return {}
    return {
        "@type": _ORGANISATION_TYPES.get(organisation.kind, "Organization"),
        "@id": f"{settings.SITE_URL}{organisation.get_absolute_url()}",
        "name": str(organisation),
    }


def _thing(record: Any) -> JsonLd:
    return {"@type": "Thing"}


def _organisation(record: Any) -> JsonLd:
    identifiers = list(record.identifiers.all())
    known = (
        (IDENTIFIER_SCHEMES[one.scheme].address, one.value) for one in identifiers if one.scheme in IDENTIFIER_SCHEMES
    )
    return {
        "@type": _ORGANISATION_TYPES.get(record.kind, "Organization"),
        "alternateName": sorted({record.name_fr, record.name_en, record.acronym} - {"", str(record)}),
        "foundingDate": _date(record.period_start),
        "dissolutionDate": _date(record.period_end),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": record.city,
            "addressRegion": record.region,
            "addressCountry": record.country,
        }
        if record.city or record.country
        else {},
        "sameAs": [record.website, *(address.format(value) for address, value in known)],
        "identifier": [{"@type": "PropertyValue", "propertyID": one.scheme, "value": one.value} for one in identifiers],
    }


def _tie(record: Any) -> JsonLd:
    return {
        "@type": "Role",
        "roleName": record.kind,
        "startDate": _date(record.period_start),
        "endDate": _date(record.period_end),
        "about": [_name(record.subject), _name(record.object)],
    }


def _office(record: Any) -> JsonLd:
    role = {
        "@type": "OrganizationRole",
        "roleName": str(record.role),
        "startDate": _date(record.period_start),
        "endDate": _date(record.period_end),
        "worksFor": _name(record.organisation),
    }
    return {"@type": "Person", "name": record.person_name, "worksFor": role}


def _offer(record: Any) -> JsonLd:
    return {
        "@type": "Service",
        "provider": _name(record.provider),
        "keywords": list(record.keywords),
        "availableChannel": {"@type": "ServiceChannel", "availableLanguage": list(record.languages)}
        if record.languages
        else {},
    }


def _label(record: Any) -> JsonLd:
    return {"@type": "DefinedTerm", "description": str(record.purpose), "termCode": record.key}


def _award(record: Any) -> JsonLd:
    return {
        "@type": "Certification",
        "validFrom": _date(record.period_start),
        "expires": _date(record.period_end),
        "about": _name(record.holder) or {"name": record.holder_text},
        "issuedBy": _name(record.label.authority),
    }


def _trial(record: Any) -> JsonLd:
    return {
        "@type": "MedicalTrial",
        "identifier": record.number,
        "sponsor": _name(record.sponsor) or {"name": record.sponsor_text},
        "phase": str(record.phase),
    }


def _startup(record: Any) -> JsonLd:
    return {
        "@type": "Corporation",
        "sameAs": f"{settings.SITE_URL}{record.organisation.get_absolute_url()}",
        "foundingDate": _date(record.period_start),
        "description": str(record.field),
    }


def _agreement(record: Any) -> JsonLd:
    return {
        "@type": "CreativeWork",
        "genre": str(record.kind),
        "abstract": str(record.purpose),
        "dateCreated": _date(record.period_start),
        "about": [_name(party.organisation) or {"name": party.text} for party in record.parties.all()],
    }


def _funding(record: Any) -> JsonLd:
    amount = {"@type": "MonetaryAmount", "value": str(record.amount), "currency": record.currency}
    return {
        "@type": "MonetaryGrant",
        "amount": amount if record.amount is not None else {},
        "funder": _name(record.payer) or {"name": record.payer_text},
        "fundedItem": _name(record.payee) or {"name": record.payee_text},
    }


def _event(record: Any) -> JsonLd:
    return {
        "@type": "Event",
        "startDate": _date(record.period_start),
        "endDate": _date(record.period_end),
        "organizer": _name(record.organiser) or {"name": record.organiser_text},
    }


def _statement(record: Any) -> JsonLd:
    return {"@type": "Claim", "text": record.claim_en, "position": record.number}


_KINDS: dict[str, Callable[[Any], JsonLd]] = {
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
