"""How calls and dossiers are listed, exported and shown."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.calls.models import Call, Dossier, Part, Reply
from maillage.calls.queries import dossiers
from maillage.calls.sending import digest_of
from maillage.kernel import wording
from maillage.kernel.actors import Actor
from maillage.kernel.listing import (
    Column,
    FactRow,
    Filter,
    Folded,
    Listing,
    Records,
    Said,
    Sort,
    body,
    choice,
    data_columns,
    present,
    register,
    register_behind,
    said,
)

_STATES = (
    ("open", pgettext_lazy("state of a call", "open")),
    ("coming", pgettext_lazy("state of a call", "to come")),
    ("closed", pgettext_lazy("state of a call", "closed")),
    ("withdrawn", pgettext_lazy("state of a call", "withdrawn")),
)
_DOSSIER_STATES = (
    ("written", pgettext_lazy("state of a dossier", "being written")),
    ("sent", pgettext_lazy("state of a dossier", "sent")),
    ("withdrawn", pgettext_lazy("state of a dossier", "withdrawn")),
)


def state_of(call: Call) -> Any:
    """`open`, `to come`, `closed` or `withdrawn`, as it is now."""
    now = timezone.now()
    if call.withdrawn_at:
        return dict(_STATES)["withdrawn"]
    return dict(_STATES)["coming" if now < call.opens_at else "open" if now < call.closes_at else "closed"]


def _in_state(records: Records, value: str) -> Records:
    now = timezone.now()
    if value == "withdrawn":
        return records.exclude(withdrawn_at=None)
    running = records.filter(withdrawn_at=None)
    if value == "open":
        return running.filter(opens_at__lte=now, closes_at__gt=now)
    return running.filter(opens_at__gt=now) if value == "coming" else running.filter(closes_at__lte=now)


def _facts(call: Call) -> list[FactRow]:
    says = call.last.says
    return present(
        FactRow("label", _("Label"), said(call.label, "name", call.label.get_absolute_url())),
        FactRow("about", _("About"), str(says.about)),
        FactRow("opens_at", pgettext_lazy("date of a call", "Opens"), moment_of(call.opens_at, says.zone)),
        FactRow("closes_at", pgettext_lazy("date of a call", "Closes"), moment_of(call.closes_at, says.zone)),
        FactRow("themes", _("Themes"), [str(one) for one in says.themes.values()]),
        FactRow("texts", _("Legal texts"), list(says.texts)),
        FactRow("withdrawn", _("Withdrawn"), call.withdrawn_why),
        FactRow("simulated", _("Simulated"), _("made to try something out") if says.simulated else ""),
    )


def moment_of(when: dt.datetime, zone: str) -> str:
    """A moment of a call in the call's own zone, which is named."""
    return f"{wording.moment(when.astimezone(ZoneInfo(zone)))} ({zone})"


CALLS = register(
    Listing(
        name="calls",
        model=Call,
        title=_("Calls"),
        one=_("call"),
        intro=_("Calls for dossiers for a label: open now, to come, and past."),
        columns=(
            Column("title", _("Call"), lambda call: Said(str(call), call.get_absolute_url())),
            Column("label", _("Label"), lambda call: said(call.label, "name", call.label.get_absolute_url())),
            Column(
                "opens", pgettext_lazy("date of a call", "Opens"), lambda call: timezone.localtime(call.opens_at).date()
            ),
            Column(
                "closes",
                pgettext_lazy("date of a call", "Closes"),
                lambda call: timezone.localtime(call.closes_at).date(),
            ),
            Column("state", _("State"), state_of),
            *data_columns(
                key=lambda call: call.key,
                label_key=lambda call: call.label.key,
                opens_at=lambda call: call.opens_at,
                closes_at=lambda call: call.closes_at,
            ),
        ),
        sorts=(Sort("closes", _("last to close first"), (F("closes_at"),), descending=True),),
        filters=(Filter("state", _("State"), lambda: _STATES, _in_state),),
        text=(Folded("title_fr"), Folded("title_en")),
        slug="key",
        body_paths=("label__authority", "label__managed_by"),
        select_related=("label__authority", "label__managed_by"),
        heading=lambda call: Said(str(call)),
        facts=_facts,
        bodies=lambda call: [one for one in (call.label.authority, call.label.managed_by) if one],
    )
)


def dossier_state(dossier: Dossier) -> Any:
    """`being written`, `sent` or `withdrawn`."""
    key = "withdrawn" if dossier.withdrawn_at else "sent" if dossier.sent_at else "written"
    return dict(_DOSSIER_STATES)[key]


def _dossier_in_state(records: Records, value: str) -> Records:
    if value == "withdrawn":
        return records.exclude(withdrawn_at=None)
    running = records.filter(withdrawn_at=None)
    return running.filter(sent_at=None) if value == "written" else running.exclude(sent_at=None)


def _lead(dossier: Dossier) -> Any:
    return next((one.organisation for one in dossier.parties.all() if one.part == Part.LEAD), None)


DOSSIERS = register(
    Listing(
        name="dossiers",
        model=Dossier,
        title=_("Dossiers"),
        one=_("dossier"),
        intro=_("Dossiers that a body you act for writes, or that were sent to it."),
        columns=(
            Column("title", _("Dossier"), lambda one: Said(one.title, one.get_absolute_url())),
            Column("call", _("Call"), lambda one: Said(str(one.version.call), one.version.call.get_absolute_url())),
            Column("lead", _("Led by"), lambda one: body(lead) if (lead := _lead(one)) else None),
            Column("state", _("State"), dossier_state),
            Column("sent", _("Sent"), lambda one: timezone.localtime(one.sent_at).date() if one.sent_at else None),
            *data_columns(
                key=lambda one: one.key,
                call_key=lambda one: one.version.call.key,
                call_version=lambda one: one.version.version,
                theme=lambda one: one.theme,
                sent_at=lambda one: one.sent_at,
                digest=lambda one: one.digest,
            ),
        ),
        sorts=(Sort("newest", _("latest first"), (F("begun_at"),), descending=True),),
        filters=(Filter("state", _("State"), lambda: _DOSSIER_STATES, _dossier_in_state),),
        text=(Folded("title"),),
        slug="key",
        body_paths=("parties__organisation",),
        select_related=("version__call",),
        prefetch_related=("parties__organisation",),
        heading=lambda one: Said(one.title),
        facts=lambda one: present(
            FactRow("call", _("Call"), Said(str(one.version.call), one.version.call.get_absolute_url())),
            FactRow("version", _("Version of the call"), one.version.version),
            FactRow("theme", _("Theme"), str(one.call.themes[one.theme]) if one.theme in one.call.themes else ""),
            FactRow("lead", _("Led by"), body(_lead(one))),
            FactRow("digest", _("Receipt (SHA-256)"), one.digest),
            FactRow("to_sign", _("As it reads now (SHA-256)"), "" if one.sent_at else digest_of(one)),
        ),
        bodies=lambda one: [party.organisation for party in one.parties.all() if party.part != Part.OFFICE],
    )
)


def _replies(actor: Actor) -> Records:
    """Those of the dossiers that an actor reads."""
    rows: Records = Reply.objects.filter(dossier__in=dossiers(actor=actor).values("pk"))
    return rows


REPLIES = register_behind(
    Listing(
        name="replies",
        model=Reply,
        title=_("Replies"),
        one=_("reply"),
        intro=_("What the dossiers that you read say, question by question, with the version to write on."),
        columns=(
            Column("dossier", _("Dossier"), lambda one: Said(one.dossier.title)),
            Column("question", _("Question"), lambda one: one.question),
            *data_columns(
                dossier_key=lambda one: one.dossier.key,
                section=lambda one: one.section,
                filling=lambda one: one.number,
                value=lambda one: one.value,
                version=lambda one: one.version,
                on_behalf=lambda one: one.on_behalf,
                at=lambda one: one.at,
            ),
        ),
        sorts=(Sort("latest", _("latest first"), ("at",), descending=True),),
        filters=(choice("dossier", _("Dossier"), "dossier__key", ()), choice("section", _("Section"), "section", ())),
        select_related=("dossier",),
        reads=_replies,
    )
)
