"""How organisations, ties and offices are listed, exported and shown."""

from typing import Any

from django.db.models import Case, F, OuterRef, Subquery, TextField, Value, When
from django.utils.translation import gettext_lazy as _

from maillage.kernel.listing import (
    NEWEST,
    NOTE,
    OLDEST,
    PERIOD,
    PERIOD_DATA,
    Column,
    Country,
    FactRow,
    Folded,
    Listing,
    Region,
    Said,
    Sort,
    between,
    body,
    choice,
    data_columns,
    distinct,
    present,
    register,
    said,
)
from maillage.register.models import Identifier, Office, Organisation, Tie
from maillage.register.vocabulary import SCHEMES, OrganisationKind, TieKind

# The name that `sort_name` does not hold: folding every name of a large register would make each search slow.
_OTHER_NAME = Case(When(name_fr="", then=Value("")), default=Folded("name_en"), output_field=TextField())


# Django makes every choice hashable anew for each `get_kind_display`: a quarter of the time of a list.
_KINDS = dict(OrganisationKind.choices)
_ROR = Identifier.objects.filter(organisation=OuterRef("pk"), scheme="ror")


def _identifiers(organisation: Organisation) -> list[Said]:
    found = sorted(organisation.identifiers.all(), key=lambda identifier: (identifier.scheme, identifier.value))
    return [_identifier(item.scheme, item.value) for item in found]


def _identifier(scheme: str, value: str) -> Said:
    known = SCHEMES.get(scheme)
    address = known.address.format(value) if known and known.address else ""
    return Said(f"{known.label if known else scheme} {value}", address)


def _named(name: str, language: str) -> Said | None:
    return Said(name, language=language) if name else None


def _organisation_facts(organisation: Organisation) -> list[FactRow]:
    website = organisation.website
    return present(
        FactRow("kind", _("Kind"), organisation.get_kind_display()),
        FactRow("acronym", _("Acronym"), organisation.acronym),
        FactRow("name_fr", _("Name in French"), _named(organisation.name_fr, "fr")),
        FactRow("name_en", _("Name in English"), _named(organisation.name_en, "en")),
        FactRow("period", _("Existence"), between(organisation)),
        FactRow("city", _("Town"), organisation.city),
        FactRow("region", _("Region"), Region(organisation.region) if organisation.region else ""),
        FactRow("country", _("Country"), Country(organisation.country) if organisation.country else ""),
        FactRow("website", _("Website"), Said(website.split("://", 1)[-1].rstrip("/"), website) if website else ""),
        FactRow("identifiers", _("Identifiers"), _identifiers(organisation)),
        FactRow("note", _("Note"), said(organisation, "note")),
    )


ORGANISATIONS = register(
    Listing(
        name="organisations",
        model=Organisation,
        title=_("Organisations"),
        one=_("organisation"),
        intro=_("Every body that can hold a tie: institutes, units, platforms, hospitals, companies, agencies …"),
        columns=(
            Column("name", _("Name"), body),
            Column("acronym", _("Acronym"), lambda o: o.acronym),
            Column("kind", _("Kind"), lambda o: _KINDS.get(o.kind, o.kind)),
            Column("city", _("Town"), lambda o: o.city),
            Column("country", _("Country"), lambda o: Country(o.country) if o.country else ""),
            PERIOD,
            *data_columns(
                key=lambda o: o.key,
                kind_key=lambda o: o.kind,
                name_fr=lambda o: o.name_fr,
                name_en=lambda o: o.name_en,
                country_code=lambda o: o.country,
                region=lambda o: o.region,
                ror=lambda o: o.ror,
                website=lambda o: o.website,
                latitude=lambda o: o.latitude,
                longitude=lambda o: o.longitude,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("name", _("by name"), ("sort_name",)),
            Sort("name-down", _("by name, from the end"), ("sort_name",), descending=True),
            Sort("kind", _("by kind"), ("kind", "sort_name")),
            Sort("country", _("by country"), ("country", "sort_name")),
            Sort("town", _("by town"), ("city", "sort_name")),
            NEWEST,
        ),
        filters=(
            choice("kind", _("Kind"), "kind", OrganisationKind.choices),
            distinct("country", _("Country"), "country", Organisation, Country),
            distinct("region", _("Region"), "region", Organisation, Region),
        ),
        text=(F("sort_name"), _OTHER_NAME, Folded("acronym"), Folded("city")),
        slug="key",
        body_paths=("ties_out__object", "ties_in__subject"),
        annotations={"ror": Subquery(_ROR.values("value")[:1])},
        within=lambda records: records.filter(merged_into=None),
        heading=lambda o: said(o, "name"),
        facts=_organisation_facts,
        bodies=lambda o: [o],
    )
)


def _tie_facts(tie: Tie) -> list[FactRow]:
    return present(
        FactRow("subject", _("From"), body(tie.subject)),
        FactRow("kind", _("Tie"), tie.get_kind_display()),
        FactRow("object", _("To"), body(tie.object)),
        FactRow("period", _("Period"), between(tie)),
        FactRow("note", _("Note"), said(tie, "note")),
    )


def _tie_link(tie: Tie) -> Said:
    return Said(str(tie.get_kind_display()), tie.get_absolute_url())


TIES = register(
    Listing(
        name="ties",
        model=Tie,
        title=_("Ties"),
        one=_("tie"),
        intro=_("Who is member, part, host, supervisor or partner of whom, and over which period."),
        columns=(
            Column("subject", _("From"), lambda tie: body(tie.subject)),
            Column("kind", _("Tie"), _tie_link),
            Column("object", _("To"), lambda tie: body(tie.object)),
            PERIOD,
            *data_columns(
                subject_key=lambda tie: tie.subject.key,
                kind_key=lambda tie: tie.kind,
                object_key=lambda tie: tie.object.key,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("from", _("by first organisation"), ("subject__sort_name", "object__sort_name")),
            Sort("to", _("by second organisation"), ("object__sort_name", "subject__sort_name")),
            Sort("kind", _("by kind of tie"), ("kind", "object__sort_name", "subject__sort_name")),
            NEWEST,
            OLDEST,
        ),
        filters=(choice("kind", _("Tie"), "kind", TieKind.choices),),
        text=(
            Folded("subject__sort_name"),
            Folded("object__sort_name"),
            Folded("subject__acronym"),
            Folded("object__acronym"),
        ),
        body_paths=("subject", "object"),
        select_related=("subject", "object"),
        facts=_tie_facts,
        bodies=lambda tie: [tie.subject, tie.object],
    )
)


def _office_facts(office: Office) -> list[FactRow]:
    return present(
        FactRow("person_name", _("Name"), office.person_name),
        FactRow("role", _("Office"), said(office, "role")),
        FactRow("organisation", _("Organisation"), body(office.organisation)),
        FactRow("period", _("Period"), between(office)),
        FactRow("note", _("Note"), said(office, "note")),
    )


def _person(office: Office) -> Any:
    return Said(office.person_name, office.get_absolute_url())


OFFICES = register(
    Listing(
        name="offices",
        model=Office,
        title=_("Offices"),
        one=_("office"),
        intro=_("Public offices: who directs, presides over or coordinates what, and since when."),
        columns=(
            Column("person", _("Name"), _person),
            Column("role", _("Office"), lambda office: said(office, "role")),
            Column("organisation", _("Organisation"), lambda office: body(office.organisation)),
            PERIOD,
            *data_columns(organisation_key=lambda office: office.organisation.key),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("organisation", _("by organisation"), ("organisation__sort_name", Folded("person_name"))),
            Sort("name", _("by name"), (Folded("person_name"),)),
            NEWEST,
            OLDEST,
        ),
        text=(Folded("person_name"), Folded("role_fr"), Folded("role_en"), Folded("organisation__sort_name")),
        body_paths=("organisation",),
        select_related=("organisation",),
        facts=_office_facts,
        bodies=lambda office: [office.organisation],
    )
)
