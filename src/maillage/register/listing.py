"""Listings of the register: organisations, ties, offices, lookalikes and merges."""

from django.db.models import Count, F, Max, OuterRef, Subquery, prefetch_related_objects
from django.db.models.functions import Left
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from maillage.core.folded_text import FoldedText
from maillage.core.models import Citation, Source
from maillage.listing.columns import NOTE, PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter, choice_filter, distinct_values_filter, missing_value_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_back_office_listing, register_listing
from maillage.listing.sorts import NEWEST, OLDEST, Sort, organisation_sort_key
from maillage.listing.values import (
    Country,
    LocalisedText,
    PartialDate,
    Records,
    Region,
    localised_text,
    organisation_link,
    period_value,
)
from maillage.register.label_provider import label_filter
from maillage.register.models import Identifier, Lookalike, Merge, Office, Organisation, Tie
from maillage.register.queries import lookalike_reason_text, merges, undecided_lookalikes
from maillage.register.structure_facts import structure_facts
from maillage.register.vocabulary import IDENTIFIER_SCHEMES, OrganisationKind, TieKind

# `get_kind_display` rebuilds the choices at each call, which took a quarter of the time of a list.
_KIND_LABELS = dict(OrganisationKind.choices)
_ROR = Identifier.objects.filter(organisation=OuterRef("pk"), scheme="ror")


def _identifiers(organisation: Organisation) -> list[LocalisedText]:
    # Kept on the record: its page lists them again, with what may be done with each.
    prefetch_related_objects([organisation], "identifiers")
    identifiers = sorted(organisation.identifiers.all(), key=lambda identifier: (identifier.scheme, identifier.value))
    return [_identifier(identifier.scheme, identifier.value) for identifier in identifiers]


def _identifier(scheme: str, value: str) -> LocalisedText:
    identifier_scheme = IDENTIFIER_SCHEMES.get(scheme)
    address = identifier_scheme.address.format(value) if identifier_scheme and identifier_scheme.address else ""
    return LocalisedText(f"{identifier_scheme.label if identifier_scheme else scheme} {value}", address)


def _text_in_language(name: str, language: str) -> LocalisedText | None:
    return LocalisedText(name, language=language) if name else None


def _organisation_facts(organisation: Organisation) -> list[FactRow]:
    website = organisation.website
    return non_empty_rows(
        FactRow("kind", _("Kind"), organisation.get_kind_display()),
        *structure_facts(organisation),
        FactRow("acronym", _("Acronym"), organisation.acronym),
        FactRow("name_fr", _("Name in French"), _text_in_language(organisation.name_fr, "fr")),
        FactRow("name_en", _("Name in English"), _text_in_language(organisation.name_en, "en")),
        FactRow("period", _("Existence"), period_value(organisation)),
        FactRow("city", _("Town"), organisation.city),
        FactRow("region", _("Region"), Region(organisation.region) if organisation.region else ""),
        FactRow("country", _("Country"), Country(organisation.country) if organisation.country else ""),
        FactRow(
            "website", _("Website"), LocalisedText(website.split("://", 1)[-1].rstrip("/"), website) if website else ""
        ),
        FactRow(
            "contact_mail",
            _("Contact"),
            LocalisedText(organisation.contact_mail, f"mailto:{organisation.contact_mail}")
            if organisation.contact_mail
            else "",
        ),
        FactRow("identifiers", _("Identifiers"), _identifiers(organisation)),
        FactRow("note", _("Note"), localised_text(organisation, "note")),
    )


ORGANISATIONS = register_listing(
    Listing(
        name="organisations",
        model=Organisation,
        title=_("Organisations"),
        singular=_("organisation"),
        intro=_("All organisations: institutes, units, platforms, hospitals, companies, agencies …"),
        columns=(
            Column("name", _("Name"), organisation_link),
            Column("acronym", _("Acronym"), lambda o: o.acronym),
            Column("kind", _("Kind"), lambda o: _KIND_LABELS.get(o.kind, o.kind)),
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
                contact_mail=lambda o: o.contact_mail,
                latitude=lambda o: o.latitude,
                longitude=lambda o: o.longitude,
            ),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort("name", _("by name"), (organisation_sort_key(),)),
            Sort("name-down", _("by name, from the end"), (organisation_sort_key(),), descending=True),
            Sort("kind", _("by kind"), ("kind", organisation_sort_key())),
            Sort("country", _("by country"), ("country", organisation_sort_key())),
            Sort("town", _("by town"), ("city", organisation_sort_key()), column="city"),
            NEWEST,
        ),
        filters=(
            choice_filter("kind", _("Kind"), "kind", OrganisationKind.choices),
            distinct_values_filter("country", _("Country"), "country", Organisation, Country),
            distinct_values_filter("region", _("Region"), "region", Organisation, Region),
            label_filter("pk"),
        ),
        text=(F("sort_name"), F("sort_name_en"), FoldedText("acronym"), FoldedText("city")),
        slug="key",
        organisation_paths=("ties_out__object", "ties_in__subject"),
        annotations={"ror": Subquery(_ROR.values("value")[:1])},
        within=lambda records: records.filter(merged_into=None),
        heading=lambda o: localised_text(o, "name"),
        facts=_organisation_facts,
        organisations=lambda o: [o],
    )
)


def _tie_facts(tie: Tie) -> list[FactRow]:
    return non_empty_rows(
        FactRow("subject", _("From"), organisation_link(tie.subject)),
        FactRow("kind", _("Tie"), tie.get_kind_display()),
        FactRow("object", _("To"), organisation_link(tie.object)),
        FactRow("period", _("Period"), period_value(tie)),
        FactRow("note", _("Note"), localised_text(tie, "note")),
    )


def _tie_link(tie: Tie) -> LocalisedText:
    return LocalisedText(str(tie.get_kind_display()), tie.get_absolute_url())


TIES = register_listing(
    Listing(
        name="ties",
        searchable=False,
        model=Tie,
        title=_("Ties"),
        singular=_("tie"),
        intro=_("Who is member, part, host, supervisor or partner of whom, and over which period."),
        columns=(
            Column("subject", _("From"), lambda tie: organisation_link(tie.subject)),
            Column("kind", _("Tie"), _tie_link),
            Column("object", _("To"), lambda tie: organisation_link(tie.object)),
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
            Sort(
                "from",
                _("by first organisation"),
                (organisation_sort_key("subject__"), organisation_sort_key("object__")),
                column="subject",
            ),
            Sort(
                "to",
                _("by second organisation"),
                (organisation_sort_key("object__"), organisation_sort_key("subject__")),
                column="object",
            ),
            Sort(
                "kind",
                _("by kind of tie"),
                ("kind", organisation_sort_key("object__"), organisation_sort_key("subject__")),
            ),
            NEWEST,
            OLDEST,
        ),
        filters=(choice_filter("kind", _("Tie"), "kind", TieKind.choices),),
        text=(
            FoldedText("subject__sort_name"),
            FoldedText("object__sort_name"),
            FoldedText("subject__acronym"),
            FoldedText("object__acronym"),
        ),
        organisation_paths=("subject", "object"),
        select_related=("subject", "object"),
        facts=_tie_facts,
        organisations=lambda tie: [tie.subject, tie.object],
    )
)


def _office_facts(office: Office) -> list[FactRow]:
    return non_empty_rows(
        FactRow("person_name", _("Name"), office.person_name),
        FactRow("role", _("Office"), localised_text(office, "role")),
        FactRow("organisation", _("Organisation"), organisation_link(office.organisation)),
        FactRow("period", _("Period"), period_value(office)),
        FactRow("note", _("Note"), localised_text(office, "note")),
    )


def _office_link(office: Office) -> LocalisedText:
    return LocalisedText(office.person_name, office.get_absolute_url())


OFFICES = register_listing(
    Listing(
        name="offices",
        model=Office,
        title=_("Offices"),
        singular=_("office"),
        intro=_("Public offices: who directs, presides over or coordinates what, and since when."),
        columns=(
            Column("person", _("Name"), _office_link),
            Column("role", _("Office"), lambda office: localised_text(office, "role")),
            Column("organisation", _("Organisation"), lambda office: organisation_link(office.organisation)),
            PERIOD,
            *data_columns(organisation_key=lambda office: office.organisation.key),
            *PERIOD_DATA,
            NOTE,
        ),
        sorts=(
            Sort(
                "organisation",
                _("by organisation"),
                (organisation_sort_key("organisation__"), FoldedText("person_name")),
            ),
            Sort("name", _("by name"), (FoldedText("person_name"),), column="person"),
            NEWEST,
            OLDEST,
        ),
        text=(
            FoldedText("person_name"),
            FoldedText("role_fr"),
            FoldedText("role_en"),
            FoldedText("organisation__sort_name"),
        ),
        organisation_paths=("organisation",),
        select_related=("organisation",),
        facts=_office_facts,
        organisations=lambda office: [office.organisation],
    )
)


def _lookalike_reasons(pair: Lookalike) -> list[str]:
    return [lookalike_reason_text(reason) for reason in pair.reasons]


LOOKALIKES = register_back_office_listing(
    Listing(
        name="lookalikes",
        model=Lookalike,
        title=_("Records that look alike"),
        singular=_("pair"),
        intro=_("Pairs of records that may be the same organisation, still to decide; for officers of the site."),
        columns=(
            Column("organisation", _("Organisation"), lambda pair: organisation_link(pair.organisation)),
            Column("incoming", _("Looks like"), lambda pair: organisation_link(pair.incoming)),
            Column("reasons", _("Reasons"), _lookalike_reasons),
            *data_columns(
                organisation_id=lambda pair: pair.organisation_id,
                incoming_id=lambda pair: pair.incoming_id,
            ),
        ),
        sorts=(Sort("oldest", _("earliest first"), ()),),
        select_related=("organisation", "incoming"),
        reads=lambda actor: undecided_lookalikes(actor=actor),
    )
)

MERGES = register_back_office_listing(
    Listing(
        name="merges",
        model=Merge,
        title=_("Merges"),
        singular=_("merge"),
        intro=_("Records found to be the same organisation, each of which can be undone; for officers of the site."),
        columns=(
            Column("kept", _("Kept"), lambda merge: organisation_link(merge.kept)),
            Column("absorbed", _("Absorbed"), lambda merge: organisation_link(merge.absorbed)),
            Column("reason", _("Reason"), lambda merge: merge.reason),
            *data_columns(
                kept_id=lambda merge: merge.kept_id,
                absorbed_id=lambda merge: merge.absorbed_id,
                merged_at=lambda merge: merge.merged_at,
                undone_at=lambda merge: merge.undone_at,
            ),
        ),
        sorts=(Sort("newest", _("latest first"), ("merged_at",), descending=True),),
        filters=(missing_value_filter("standing", _("not undone"), "undone_at"),),
        select_related=("kept", "absorbed"),
        reads=lambda actor: merges(actor=actor),
    )
)


# The letters of the address of a page that a list shows.
_ADDRESS_SHOWN = 90


def _source_title(source: Source) -> LocalisedText:
    """A source in words; a page without a title by its address, since one site has many pages."""
    address = source.url.split("://", 1)[-1].removeprefix("www.").rstrip("/")
    words = Truncator(address).chars(_ADDRESS_SHOWN) if address and not source.title else str(source)
    return LocalisedText(words, source.get_absolute_url())


def _source_facts(source: Source) -> list[FactRow]:
    return non_empty_rows(
        FactRow("", _("Kind"), source.get_kind_display()),
        FactRow("", _("Address of the page"), LocalisedText(source.url, source.url) if source.url else ""),
        FactRow("", _("Title"), source.title),
        FactRow("", _("Signed or issued by"), source.issuer),
        FactRow("", _("Dated"), PartialDate(source.dated) if source.dated else ""),
        FactRow("", _("Page or article"), source.place),
        FactRow("", _("Stated by"), source.stated_by),
        FactRow("", _("SHA-256 of the document"), source.digest),
    )


def _with_document(records: Records, _value: str) -> Records:
    return records.exclude(digest="")


_CITATIONS = Citation.objects.filter(source=OuterRef("pk")).order_by().values("source")

SOURCES = register_listing(
    Listing(
        name="sources",
        searchable=False,
        model=Source,
        title=_("Sources"),
        singular=_("source"),
        intro=_("What facts cite: pages, documents, letters and statements, each once, with the facts that cite it."),
        columns=(
            Column("title", _("Source"), _source_title),
            # Not `get_kind_display`, which looks through all choices for each row.
            Column("kind", _("Kind"), lambda source: str(Source.Kind(source.kind).label), value_type=str),
            Column("dated", _("Dated"), lambda source: PartialDate(source.dated) if source.dated else ""),
            Column("cited", _("Facts that cite it"), lambda source: source.cited or 0, figure=True),
            Column("read_on", _("Last read on"), lambda source: source.last_read),
            *data_columns(
                kind_key=lambda source: source.kind,
                url=lambda source: source.url,
                domain=lambda source: source.domain,
                issuer=lambda source: source.issuer,
                edtf_dated=lambda source: source.dated,
                place=lambda source: source.place,
                stated_by=lambda source: source.stated_by,
                sha256=lambda source: source.digest,
            ),
        ),
        sorts=(
            Sort("newest", _("latest recorded first"), (), descending=True),
            Sort("title", _("by title"), (Left("search_text", 200),)),
        ),
        filters=(
            choice_filter("kind", _("Kind"), "kind", Source.Kind.choices),
            Filter("attached", _("Document"), lambda: [("yes", _("attached"))], _with_document),
        ),
        text=(F("search_text"),),
        is_large=True,
        annotations={
            "cited": Subquery(_CITATIONS.annotate(number=Count("pk")).values("number")),
            "last_read": Subquery(_CITATIONS.annotate(day=Max("read_on")).values("day")),
        },
        facts=_source_facts,
    )
)
