"""How past projects and the bodies that took part in them are listed, exported and shown."""

from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actors import PUBLIC
from maillage.kernel.listing import (
    PERIOD,
    PERIOD_DATA,
    Column,
    Country,
    FactRow,
    Filter,
    Folded,
    Listing,
    Money,
    Records,
    Said,
    Sort,
    between,
    body,
    choice,
    data_columns,
    distinct,
    present,
    register,
)
from maillage.projects.models import Participation, Party, PartyKind, Project, Status

_SHOWN = 200
_ENGLISH = "en"


def _link(record: Project | Party, text: str) -> Said:
    return Said(text, record.get_absolute_url(), _ENGLISH if isinstance(record, Project) else "")


def _taking_part(one: Participation, text: str, record: Project | Party) -> Said:
    return Said(f"{text} ({one.get_role_display()})", record.get_absolute_url())


def _parties(project: Project) -> list[Said]:
    found = project.participations.select_related("party").order_by("position", "pk")[:_SHOWN]
    return [_taking_part(one, one.party.name, one.party) for one in found]


def _money(amount: object) -> Money | None:
    return Money(amount, "EUR") if amount is not None else None  # type: ignore[arg-type]


def _english(text: str) -> Said | None:
    return Said(text, "", _ENGLISH) if text else None


def _project_facts(project: Project) -> list[FactRow]:
    return present(
        FactRow("acronym", _("Acronym"), project.acronym),
        FactRow("objective", _("Objective"), _english(project.objective)),
        FactRow("keywords", _("Key words"), [_english(word) for word in project.keywords]),
        FactRow(
            "subjects", _("Subjects"), [_english(path.strip("/").replace("/", " › ")) for path in project.subjects]
        ),
        FactRow("topic", _("Topic"), _english(project.topic_title or project.topic)),
        FactRow("programme", _("Programme"), _english(project.programme)),
        FactRow("scheme", _("Scheme"), project.scheme),
        FactRow("status", _("State"), project.get_status_display()),
        FactRow("signed_on", _("Signed on"), project.signed_on),
        FactRow("period", _("Period"), between(project)),
        FactRow("cost", _("Cost"), _money(project.cost)),
        FactRow("contribution", _("Contribution of the funder"), _money(project.contribution)),
        FactRow("parties", _("Parties"), _parties(project)),
    )


PROJECTS = register(
    Listing(
        name="projects",
        model=Project,
        title=_("Past projects"),
        one=_("project"),
        intro=_("Funded projects as their funder tells of them: evidence of what a body can do, and with whom."),
        columns=(
            Column("title", _("Project"), lambda project: _link(project, project.title)),
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
            Sort("signed", _("latest first"), (F("signed_on"),), descending=True, nullable=True),
            Sort("title", _("by title"), (Folded("title"),)),
        ),
        filters=(
            choice("status", _("State"), "status", Status.choices),
            distinct("scheme", _("Scheme"), "scheme", Project),
            distinct("programme", _("Programme"), "programme", Project),
        ),
        text=(Folded("title"), Folded("acronym"), Folded("topic_title")),
        slug="key",
        body_paths=("participations__party__organisation",),
        heading=lambda project: _english(project.title),
        facts=_project_facts,
    )
)


def _projects(party: Party) -> list[Said]:
    found = party.participations.select_related("project").order_by(F("project__signed_on").desc(nulls_last=True), "pk")
    return [_taking_part(one, one.project.acronym or one.project.title, one.project) for one in found[:_SHOWN]]


def _party_facts(party: Party) -> list[FactRow]:
    return present(
        FactRow("short_name", _("Short name"), party.short_name),
        FactRow("kind", _("Kind"), party.get_kind_display()),
        FactRow("city", _("Town"), party.city),
        FactRow("country", _("Country"), Country(party.country) if party.country else None),
        FactRow("website", _("Website"), party.website),
        FactRow("organisation", _("In the register"), body(party.organisation)),
        FactRow("tie", _("Recognised by"), party.get_tie_display()),
        FactRow("projects", _("Past projects"), _projects(party)),
    )


def _countries() -> list[tuple[str, Country]]:
    parties = Party.objects.visible_to(PUBLIC).exclude(country="")
    found = parties.values_list("country").annotate(number=Count("pk")).order_by("-number", "country")
    return [(code, Country(code)) for code, _number in found]


def _of_country(records: Records, code: str) -> Records:
    return records.filter(country=code)


PARTIES = register(
    Listing(
        name="parties",
        model=Party,
        title=_("Parties of projects"),
        one=_("party"),
        intro=_("The bodies that took part in past projects, as the funder of these names them."),
        columns=(
            Column("name", _("Name"), lambda party: _link(party, party.name)),
            Column("kind", _("Kind"), lambda party: party.get_kind_display()),
            Column("city", _("Town"), lambda party: party.city),
            Column("country", _("Country"), lambda party: Country(party.country) if party.country else ""),
            Column("organisation", _("In the register"), lambda party: body(party.organisation)),
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
            choice("kind", _("Kind"), "kind", PartyKind.choices),
            Filter("country", _("Country"), _countries, _of_country),
        ),
        text=(Folded("name"), Folded("short_name"), Folded("city")),
        slug="key",
        body_paths=("organisation",),
        select_related=("organisation",),
        heading=lambda party: party.name,
        facts=_party_facts,
        bodies=lambda party: [party.organisation] if party.organisation else [],
    )
)
