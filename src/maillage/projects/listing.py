"""Listings of past projects and of their parties."""

from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import PUBLIC
from maillage.listing.columns import PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter, choice_filter, distinct_values_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import FoldedText, Sort
from maillage.listing.values import Country, LocalisedText, Money, Records, organisation_link, period_value
from maillage.projects.models import Participation, Party, PartyKind, Project, ProjectStatus

_MAX_SHOWN = 200
_ENGLISH = "en"


def _record_link(record: Project | Party, text: str) -> LocalisedText:
    return LocalisedText(text, record.get_absolute_url(), _ENGLISH if isinstance(record, Project) else "")


def _participation_link(participation: Participation, text: str, record: Project | Party) -> LocalisedText:
    return LocalisedText(f"{text} ({participation.get_role_display()})", record.get_absolute_url())


def _party_links(project: Project) -> list[LocalisedText]:
    participations = project.participations.select_related("party").order_by("position", "pk")[:_MAX_SHOWN]
    return [
        _participation_link(participation, participation.party.name, participation.party)
        for participation in participations
    ]


def _euros(amount: object) -> Money | None:
    return Money(amount, "EUR") if amount is not None else None  # type: ignore[arg-type]


def _english_text(text: str) -> LocalisedText | None:
    return LocalisedText(text, "", _ENGLISH) if text else None


def _project_facts(project: Project) -> list[FactRow]:
    return non_empty_rows(
        FactRow("acronym", _("Acronym"), project.acronym),
        FactRow("objective", _("Objective"), _english_text(project.objective)),
        FactRow("keywords", _("Key words"), [_english_text(word) for word in project.keywords]),
        FactRow(
            "subjects", _("Subjects"), [_english_text(path.strip("/").replace("/", " › ")) for path in project.subjects]
        ),
        FactRow("topic", _("Topic"), _english_text(project.topic_title or project.topic)),
        FactRow("programme", _("Programme"), _english_text(project.programme)),
        FactRow("scheme", _("Scheme"), project.scheme),
        FactRow("status", _("State"), project.get_status_display()),
        FactRow("signed_on", _("Signed on"), project.signed_on),
        FactRow("period", _("Period"), period_value(project)),
        FactRow("cost", _("Cost"), _euros(project.cost)),
        FactRow("contribution", _("Contribution of the funder"), _euros(project.contribution)),
        FactRow("parties", _("Parties"), _party_links(project)),
    )


PROJECTS = register_listing(
    Listing(
        name="projects",
        model=Project,
        title=_("Past projects"),
        singular=_("project"),
        intro=_(
            "Funded projects as their funder tells of them: evidence of what an organisation can do, and with whom."
        ),
        columns=(
            Column("title", _("Project"), lambda project: _record_link(project, project.title)),
            Column("acronym", _("Acronym"), lambda project: project.acronym),
            Column("scheme", _("Scheme"), lambda project: project.scheme),
            Column("signed_on", _("Signed on"), lambda project: project.signed_on),
            PERIOD,
            *data_columns(
                key=lambda project: project.key,
                source=lambda project: project.source,
                number=lambda project: project.number,
                topic=lambda project: project.topic,
                programme=lambda project: project.programme,
                cost=lambda project: project.cost,
                contribution=lambda project: project.contribution,
                keywords=lambda project: list(project.keywords),
            ),
            *PERIOD_DATA,
        ),
        sorts=(
            Sort("signed", _("latest first"), (F("signed_on"),), descending=True, nullable=True, column="signed_on"),
            Sort("title", _("by title"), (FoldedText("title"),)),
        ),
        filters=(
            choice_filter("status", _("State"), "status", ProjectStatus.choices),
            distinct_values_filter("scheme", _("Scheme"), "scheme", Project),
            distinct_values_filter("programme", _("Programme"), "programme", Project),
        ),
        text=(FoldedText("title"), FoldedText("acronym"), FoldedText("topic_title")),
        slug="key",
        organisation_paths=("participations__party__organisation",),
        heading=lambda project: _english_text(project.title),
        facts=_project_facts,
    )
)


def _project_links(party: Party) -> list[LocalisedText]:
    participations = party.participations.select_related("project").order_by(
        F("project__signed_on").desc(nulls_last=True), "pk"
    )
    return [
        _participation_link(
            participation, participation.project.acronym or participation.project.title, participation.project
        )
        for participation in participations[:_MAX_SHOWN]
    ]


def _party_facts(party: Party) -> list[FactRow]:
    return non_empty_rows(
        FactRow("short_name", _("Short name"), party.short_name),
        FactRow("kind", _("Kind"), party.get_kind_display()),
        FactRow("city", _("Town"), party.city),
        FactRow("country", _("Country"), Country(party.country) if party.country else None),
        FactRow("website", _("Website"), party.website),
        FactRow("organisation", _("In the register"), organisation_link(party.organisation)),
        FactRow("tie", _("Recognised by"), party.get_tie_display()),
        FactRow("projects", _("Past projects"), _project_links(party)),
    )


def _countries() -> list[tuple[str, Country]]:
    parties = Party.objects.visible_to(PUBLIC).exclude(country="")
    country_counts = parties.values_list("country").annotate(number=Count("pk")).order_by("-number", "country")
    return [(code, Country(code)) for code, _number in country_counts]


def _of_country(records: Records, code: str) -> Records:
    return records.filter(country=code)


PARTIES = register_listing(
    Listing(
        name="parties",
        model=Party,
        title=_("Parties of projects"),
        singular=_("party"),
        intro=_("The organisations that took part in past projects, as the funder of these names them."),
        columns=(
            Column("name", _("Name"), lambda party: _record_link(party, party.name)),
            Column("kind", _("Kind"), lambda party: party.get_kind_display()),
            Column("city", _("Town"), lambda party: party.city),
            Column("country", _("Country"), lambda party: Country(party.country) if party.country else ""),
            Column("organisation", _("In the register"), lambda party: organisation_link(party.organisation)),
            *data_columns(
                key=lambda party: party.key,
                source=lambda party: party.source,
                number=lambda party: party.number,
                short_name=lambda party: party.short_name,
                vat=lambda party: party.vat,
                region=lambda party: party.region,
                organisation_key=lambda party: party.organisation.key if party.organisation else "",
                tie=lambda party: party.tie,
            ),
        ),
        sorts=(Sort("name", _("by name"), ("name",)),),
        filters=(
            choice_filter("kind", _("Kind"), "kind", PartyKind.choices),
            Filter("country", _("Country"), _countries, _of_country),
        ),
        text=(FoldedText("name"), FoldedText("short_name"), FoldedText("city")),
        slug="key",
        organisation_paths=("organisation",),
        select_related=("organisation",),
        heading=lambda party: party.name,
        facts=_party_facts,
        organisations=lambda party: [party.organisation] if party.organisation else [],
    )
)
