"""Listings of past projects and of their parties."""

import re

from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import PUBLIC
from maillage.core.folded_text import FoldedText
from maillage.core.text import fold
from maillage.listing.columns import PERIOD, PERIOD_DATA, Column, data_columns
from maillage.listing.filters import Filter, choice_filter, distinct_values_filter, missing_value_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import Sort
from maillage.listing.values import Country, LocalisedText, Money, Records, organisation_link, period_value
from maillage.projects.funder_readers import code_name
from maillage.projects.models import (
    Funder,
    Participation,
    ParticipationRole,
    Party,
    PartyKind,
    Project,
    ProjectKind,
    ProjectStatus,
)
from maillage.projects.text_language import objective_language
from maillage.register.vocabulary import IDENTIFIER_SCHEMES

_MAX_SHOWN = 200
_MAX_CHOICES = 300
_ENGLISH, _FRENCH = "en", "fr"


def _record_link(record: Project | Party, text: str) -> LocalisedText:
    return LocalisedText(text, record.get_absolute_url(), record.language if isinstance(record, Project) else "")


def _participation_link(text: str, words: list[str], record: Project | Party) -> LocalisedText:
    said = ", ".join(filter(None, words))
    return LocalisedText(f"{text} ({said})" if said else text, record.get_absolute_url())


def _party_links(project: Project) -> list[LocalisedText]:
    """Each party with its role, and for laboratories and others what it is, by the name that it has in this project."""
    participations = project.participations.select_related("party").order_by("position", "pk")[:_MAX_SHOWN]
    return [_party_link(participation, participation.party) for participation in participations]


def _party_link(participation: Participation, party: Party) -> LocalisedText:
    is_cordis = party.funder == Funder.CORDIS
    words = [
        str(participation.get_role_display()),
        "" if is_cordis else str(party.get_kind_display() or party.category),
    ]
    name = participation.name or party.name
    return _participation_link(name, [*words, "" if is_cordis else party.city], party)


def _programme(project: Project) -> LocalisedText | None:
    """The programme by its name where it is known; that of the European Union is a code, or in English."""
    name = code_name(project.programme)
    return LocalisedText(name, "", _ENGLISH if project.funder == Funder.CORDIS else "") if name else None


def _committee(project: Project) -> LocalisedText | None:
    words = " · ".join(filter(None, (project.committee, project.committee_title)))
    return LocalisedText(words, "", _FRENCH) if words else None


def _project_kind(project: Project) -> str:
    """What it is, for a project that is more than one of research."""
    return "" if project.kind == ProjectKind.PROJECT else str(project.get_kind_display())


def _acronym(project: Project) -> str:
    return project.acronym if project.acronym != project.title else ""


def _project_detail(project: Project) -> str:
    """What a row on the page of an organisation says beside the title."""
    if project.funder == Funder.CORDIS:
        return project.acronym
    return " · ".join(filter(None, (_project_kind(project), project.committee_title, _short_funder(project))))


def _short_funder(record: Project | Party) -> str:
    return str(record.funder).upper()


def _euros(amount: object) -> Money | None:
    return Money(amount, "EUR") if amount is not None else None  # type: ignore[arg-type]


def _own_text(project: Project, text: str) -> LocalisedText | None:
    """A text of a project in its own language."""
    return LocalisedText(text, "", project.language) if text else None


def _objective(project: Project) -> LocalisedText | None:
    return LocalisedText(project.objective, "", objective_language(project)) if project.objective else None


def _english_text(text: str) -> LocalisedText:
    return LocalisedText(text, "", _ENGLISH)


def _project_facts(project: Project) -> list[FactRow]:
    return non_empty_rows(
        FactRow("funder", _("Funder"), project.get_funder_display()),
        FactRow("kind", _("Kind"), _project_kind(project)),
        FactRow("acronym", _("Acronym"), _acronym(project)),
        FactRow("objective", _("Objective"), _objective(project)),
        FactRow("keywords", _("Key words"), [_own_text(project, word) for word in project.keywords]),
        FactRow(
            "stems", _("Rare words of the summary, without their endings"), list(map(_english_text, project.stems))
        ),
        FactRow(
            "subjects", _("Subjects"), [_english_text(path.strip("/").replace("/", " › ")) for path in project.subjects]
        ),
        FactRow("topic", _("Topic"), _own_text(project, project.topic_title or project.topic)),
        FactRow("programme", _("Programme"), _programme(project)),
        FactRow("committee", _("Committee"), _committee(project)),
        FactRow("scheme", _("Scheme"), code_name(project.scheme)),
        FactRow("year", _("Year of the call"), "" if project.signed_on else str(project.year or "")),
        FactRow("status", _("State"), project.get_status_display()),
        FactRow("signed_on", _("Signed on"), project.signed_on),
        FactRow("period", _("Period"), period_value(project)),
        FactRow("cost", _("Cost"), _euros(project.cost)),
        FactRow("contribution", _("Contribution of the funder"), _euros(project.contribution)),
        FactRow("parties", _("Parties"), _party_links(project)),
    )


def _programmes() -> list[tuple[str, str]]:
    """The programmes of most projects, by name."""
    counts = Project.objects.visible_to(PUBLIC).exclude(programme="").values_list("programme")
    codes = counts.annotate(number=Count("pk")).order_by("-number", "programme")[:_MAX_CHOICES]
    return sorted(((code, code_name(code)) for code, _number in codes), key=lambda choice: fold(choice[1]))


def _committees() -> list[tuple[str, str]]:
    projects = Project.objects.visible_to(PUBLIC).exclude(committee="").order_by("committee", "-year")
    titles = projects.distinct("committee").values_list("committee", "committee_title")[:_MAX_CHOICES]
    return [(code, f"{code} {title}".strip()) for code, title in titles]


def _years() -> list[tuple[str, str]]:
    projects = Project.objects.visible_to(PUBLIC).exclude(year=None)
    years = projects.order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in years]


def _of_year(records: Records, year: str) -> Records:
    return records.filter(year=int(year)) if re.fullmatch("[0-9]{4}", year) else records.none()


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
            Column("acronym", _("Acronym"), _acronym),
            Column("funder_name", _("Funder"), _short_funder),
            Column("programme_name", _("Programme"), _programme),
            Column("scheme", _("Scheme"), lambda project: code_name(project.scheme)),
            Column("signed_on", _("Signed on"), lambda project: project.signed_on),
            PERIOD,
            *data_columns(
                key=lambda project: project.key,
                funder=lambda project: project.funder,
                number=lambda project: project.number,
                kind=lambda project: project.kind,
                year=lambda project: project.year,
                topic=lambda project: project.topic,
                call=lambda project: project.call,
                committee=lambda project: project.committee,
                committee_title=lambda project: project.committee_title,
                programme=lambda project: project.programme,
                cost=lambda project: project.cost,
                contribution=lambda project: project.contribution,
                keywords=lambda project: list(project.keywords),
                stems=lambda project: list(project.stems),
            ),
            *PERIOD_DATA,
        ),
        sorts=(
            Sort(
                "signed",
                _("latest first"),
                (F("year"), F("signed_on")),
                descending=True,
                nullable=True,
                column="signed_on",
            ),
            Sort("title", _("by title"), (FoldedText("title"),)),
        ),
        filters=(
            choice_filter("funder", _("Funder"), "funder", Funder.choices),
            choice_filter("kind", _("Kind"), "kind", ProjectKind.choices),
            choice_filter("status", _("State"), "status", ProjectStatus.choices),
            distinct_values_filter("scheme", _("Scheme"), "scheme", Project, code_name),
            Filter("programme", _("Programme"), _programmes, lambda records, code: records.filter(programme=code)),
            Filter("committee", _("Committee"), _committees, lambda records, code: records.filter(committee=code)),
            Filter("year", _("Year"), _years, _of_year),
        ),
        text=(FoldedText("title"), FoldedText("acronym"), FoldedText("topic_title"), FoldedText("committee_title")),
        slug="key",
        organisation_paths=("participations__party__organisation",),
        heading=lambda project: _own_text(project, project.title),
        detail=_project_detail,
        facts=_project_facts,
    )
)


def _project_links(party: Party) -> list[LocalisedText]:
    participations = party.participations.select_related("project").order_by(
        F("project__year").desc(nulls_last=True), F("project__signed_on").desc(nulls_last=True), "pk"
    )
    # Those with two teams of the party once, as the coordinator if one of them is.
    shown: dict[int, Participation] = {}
    for participation in participations[:_MAX_SHOWN]:
        if participation.role == ParticipationRole.COORDINATOR or participation.project_id not in shown:
            shown[participation.project_id] = participation
    return [_project_link(participation, participation.project) for participation in shown.values()]


def _project_link(participation: Participation, project: Project) -> LocalisedText:
    words = [str(participation.get_role_display())]
    if project.funder != Funder.CORDIS:
        words = [_project_kind(project), *words, str(project.year or "")]
    return _participation_link(project.acronym or project.title, words, project)


def _names_as_written(party: Party) -> list[str]:
    """The other spellings of its name in projects, most frequent first."""
    names = party.participations.exclude(name__in=("", party.name)).order_by().values_list("name")
    return [name for name, _number in names.annotate(number=Count("pk")).order_by("-number", "name")[:_MAX_SHOWN]]


def _organisation_or_none(party: Party) -> LocalisedText | str:
    return organisation_link(party.organisation) or str(_("not found there; named as its funder writes it"))


def _rnsr_link(party: Party) -> LocalisedText | None:
    return LocalisedText(party.rnsr, IDENTIFIER_SCHEMES["rnsr"].address.format(party.rnsr)) if party.rnsr else None


def _party_facts(party: Party) -> list[FactRow]:
    return non_empty_rows(
        FactRow("short_name", _("Short name"), party.short_name),
        FactRow("funder", _("Funder"), party.get_funder_display()),
        FactRow("kind", _("Kind"), party.get_kind_display()),
        FactRow(
            "category",
            _("Category at the funder"),
            LocalisedText(party.category, "", _FRENCH) if party.category else "",
        ),
        FactRow("rnsr", _("RNSR number"), _rnsr_link(party)),
        FactRow("names", _("Also written"), _names_as_written(party)),
        FactRow("city", _("Town"), party.city),
        FactRow("country", _("Country"), Country(party.country) if party.country else None),
        FactRow("website", _("Website"), party.website),
        FactRow("organisation", _("In the register"), _organisation_or_none(party)),
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
            Column("funder_name", _("Funder"), _short_funder),
            Column("organisation", _("In the register"), lambda party: organisation_link(party.organisation)),
            *data_columns(
                key=lambda party: party.key,
                funder=lambda party: party.funder,
                number=lambda party: party.number,
                short_name=lambda party: party.short_name,
                category=lambda party: party.category,
                vat=lambda party: party.vat,
                rnsr=lambda party: party.rnsr,
                region=lambda party: party.region,
                organisation_key=lambda party: party.organisation.key if party.organisation else "",
                tie=lambda party: party.tie,
            ),
        ),
        sorts=(Sort("name", _("by name"), ("name",)),),
        filters=(
            choice_filter("funder", _("Funder"), "funder", Funder.choices),
            choice_filter("kind", _("Kind"), "kind", PartyKind.choices),
            Filter("country", _("Country"), _countries, _of_country),
            missing_value_filter("unmatched", _("Not found in the register"), "organisation"),
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
