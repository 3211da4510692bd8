"""How calls, applications and replies are listed, exported and shown."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.calls.completeness import application_digest
from maillage.calls.models import Application, Call, PartyRole, Reply
from maillage.calls.queries import applications
from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.folded_text import FoldedText
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import Filter, choice_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_back_office_listing, register_listing
from maillage.listing.sorts import Sort
from maillage.listing.values import LocalisedText, Records, localised_text, organisation_link
from maillage.register.models import Organisation

_CALL_STATES = (
    ("open", pgettext_lazy("state of a call", "open")),
    ("coming", pgettext_lazy("state of a call", "to come")),
    ("closed", pgettext_lazy("state of a call", "closed")),
    ("withdrawn", pgettext_lazy("state of a call", "withdrawn")),
)
_APPLICATION_STATES = (
    ("written", pgettext_lazy("state of an application", "being written")),
    ("sent", pgettext_lazy("state of an application", "sent")),
    ("withdrawn", pgettext_lazy("state of an application", "withdrawn")),
)


def call_state(call: Call) -> Promise:
    """`open`, `to come`, `closed` or `withdrawn`, as it is now."""
    now = timezone.now()
    if call.withdrawn_at:
        return dict(_CALL_STATES)["withdrawn"]
    return dict(_CALL_STATES)["coming" if now < call.opens_at else "open" if now < call.closes_at else "closed"]


def _calls_in_state(records: Records, value: str) -> Records:
    now = timezone.now()
    if value == "withdrawn":
        return records.exclude(withdrawn_at=None)
    running = records.filter(withdrawn_at=None)
    if value == "open":
        return running.filter(opens_at__lte=now, closes_at__gt=now)
    return running.filter(opens_at__gt=now) if value == "coming" else running.filter(closes_at__lte=now)


def _call_facts(call: Call) -> list[FactRow]:
    document = call.last.document
    return non_empty_rows(
        FactRow("label", _("Label"), localised_text(call.label, "name", call.label.get_absolute_url())),
        FactRow("about", _("About"), str(document.about)),
        FactRow(
            "opens_at", pgettext_lazy("date of a call", "Opens"), moment_in_call_zone(call.opens_at, document.zone)
        ),
        FactRow(
            "closes_at", pgettext_lazy("date of a call", "Closes"), moment_in_call_zone(call.closes_at, document.zone)
        ),
        FactRow("themes", _("Themes"), [str(theme) for theme in document.themes.values()]),
        FactRow("texts", _("Legal texts"), list(document.texts)),
        FactRow("withdrawn", _("Withdrawn"), call.withdrawal_reason),
        FactRow("simulated", _("Simulated"), _("made to try something out") if document.simulated else ""),
    )


def moment_in_call_zone(when: dt.datetime, zone: str) -> str:
    """A moment of a call in the call's own zone, which is named."""
    return f"{formats.moment(when.astimezone(ZoneInfo(zone)))} ({zone})"


CALLS = register_listing(
    Listing(
        name="calls",
        model=Call,
        title=_("Calls"),
        singular=_("call"),
        intro=_("Calls for applications for a label: open now, to come, and past."),
        columns=(
            Column("title", _("Call"), lambda call: LocalisedText(str(call), call.get_absolute_url())),
            Column("label", _("Label"), lambda call: localised_text(call.label, "name", call.label.get_absolute_url())),
            Column(
                "opens", pgettext_lazy("date of a call", "Opens"), lambda call: timezone.localtime(call.opens_at).date()
            ),
            Column(
                "closes",
                pgettext_lazy("date of a call", "Closes"),
                lambda call: timezone.localtime(call.closes_at).date(),
            ),
            Column("state", _("State"), call_state),
            *data_columns(
                key=lambda call: call.key,
                label_key=lambda call: call.label.key,
                opens_at=lambda call: call.opens_at,
                closes_at=lambda call: call.closes_at,
            ),
        ),
        sorts=(Sort("closes", _("last to close first"), (F("closes_at"),), descending=True),),
        filters=(Filter("state", _("State"), lambda: _CALL_STATES, _calls_in_state),),
        text=(FoldedText("title_fr"), FoldedText("title_en")),
        slug="key",
        organisation_paths=("label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by"),
        heading=lambda call: LocalisedText(str(call)),
        facts=_call_facts,
        organisations=lambda call: [
            organisation for organisation in (call.label.authority, call.label.managed_by) if organisation
        ],
    )
)


def application_state(application: Application) -> Promise:
    """`being written`, `sent` or `withdrawn`."""
    key = "withdrawn" if application.withdrawn_at else "sent" if application.sent_at else "written"
    return dict(_APPLICATION_STATES)[key]


def _applications_in_state(records: Records, value: str) -> Records:
    if value == "withdrawn":
        return records.exclude(withdrawn_at=None)
    running = records.filter(withdrawn_at=None)
    return running.filter(sent_at=None) if value == "written" else running.exclude(sent_at=None)


def _lead_organisation(application: Application) -> Organisation | None:
    return next((party.organisation for party in application.parties.all() if party.part == PartyRole.LEAD), None)


def _application_facts(application: Application) -> list[FactRow]:
    themes = application.call_document.themes
    digest_to_sign = "" if application.sent_at else application_digest(application)
    return non_empty_rows(
        FactRow("call", _("Call"), _call_link(application)),
        FactRow("version", _("Version of the call"), application.version.version),
        FactRow("theme", _("Theme"), str(themes.get(application.theme, ""))),
        FactRow("lead", _("Led by"), organisation_link(_lead_organisation(application))),
        FactRow("digest", _("Receipt (SHA-256)"), application.digest),
        FactRow("to_sign", _("As it reads now (SHA-256)"), digest_to_sign),
    )


def _call_link(application: Application) -> LocalisedText:
    call = application.version.call
    return LocalisedText(str(call), call.get_absolute_url())


def _applicants(application: Application) -> list[Organisation]:
    return [party.organisation for party in application.parties.all() if party.part != PartyRole.OFFICE]


APPLICATIONS = register_listing(
    Listing(
        name="dossiers",
        model=Application,
        title=_("Applications"),
        singular=_("application"),
        intro=_("Applications that an organisation you act for writes, or that were sent to it."),
        columns=(
            Column(
                "title",
                _("Application"),
                lambda application: LocalisedText(application.title, application.get_absolute_url()),
            ),
            Column("call", _("Call"), _call_link),
            Column(
                "lead",
                _("Led by"),
                lambda application: organisation_link(lead) if (lead := _lead_organisation(application)) else None,
            ),
            Column("state", _("State"), application_state),
            Column(
                "sent",
                _("Sent"),
                lambda application: timezone.localtime(application.sent_at).date() if application.sent_at else None,
            ),
            *data_columns(
                key=lambda application: application.key,
                call_key=lambda application: application.version.call.key,
                call_version=lambda application: application.version.version,
                theme=lambda application: application.theme,
                sent_at=lambda application: application.sent_at,
                digest=lambda application: application.digest,
            ),
        ),
        sorts=(Sort("newest", _("latest first"), (F("begun_at"),), descending=True),),
        filters=(Filter("state", _("State"), lambda: _APPLICATION_STATES, _applications_in_state),),
        text=(FoldedText("title"),),
        slug="key",
        organisation_paths=("parties__organisation",),
        select_related=("version__call",),
        prefetch_related=("parties__organisation",),
        heading=lambda application: LocalisedText(application.title),
        facts=_application_facts,
        organisations=_applicants,
    )
)


def _readable_replies(actor: Actor) -> Records:
    """The replies of the applications that an actor may read."""
    rows: Records = Reply.objects.filter(application__in=applications(actor=actor).values("pk"))
    return rows


REPLIES = register_back_office_listing(
    Listing(
        name="replies",
        model=Reply,
        title=_("Replies"),
        singular=_("reply"),
        intro=_("What the applications that you read say, question by question, with the version to write on."),
        columns=(
            Column("dossier", _("Application"), lambda reply: LocalisedText(reply.application.title)),
            Column("question", _("Question"), lambda reply: reply.question),
            *data_columns(
                dossier_key=lambda reply: reply.application.key,
                section=lambda reply: reply.section,
                filling=lambda reply: reply.number,
                value=lambda reply: reply.value,
                version=lambda reply: reply.version,
                on_behalf=lambda reply: reply.on_behalf,
                at=lambda reply: reply.at,
            ),
        ),
        sorts=(Sort("latest", _("latest first"), ("at",), descending=True),),
        filters=(
            choice_filter("dossier", _("Application"), "application__key", ()),
            choice_filter("section", _("Section"), "section", ()),
        ),
        select_related=("application",),
        reads=_readable_replies,
    )
)
