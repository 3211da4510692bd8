"""A dossier of 150 pages on paper: how long its PDF takes, against the limit of five seconds."""

import datetime as dt
import re
import statistics
import time
from typing import Any

from benchmarks.report import markdown_table, write_section

_LIMIT = 5.0
_PAGES = 150
_RUNS = 5
_PARAGRAPH = (
    "Le consortium simulé réunit des équipes de recherche, des plateformes et des services cliniques ; il décrit ici, "
    "pour la mesure et sans rien affirmer de personne, ses moyens, ses projets et la manière dont il les conduit. "
)
_CALL = """
call: paper-measure
label: paper-measure
wave: paper-measure
title: {fr: Appel simulé, en: Simulated call}
authority: {decides: paper-measure-agency, runs: paper-measure-agency}
dates: {opens: 2020-01-01T09:00, closes: 2099-01-01T09:00}
holders: [institute]
criteria: {all: {title: {fr: Tout, en: All}, weight: 1}}
sections:
  chapter:
    title: {fr: Chapitre, en: Chapter}
    repeat: 60
    questions:
      text: {title: {fr: Texte, en: Text}, most: 50000}
      people: {title: {fr: Personnel, en: Staff}, kind: table, most: 60, columns: {
        name: {title: {fr: Nom, en: Name}}, role: {title: {fr: Fonction, en: Role}},
        months: {title: {fr: Mois, en: Months}, kind: number}}}
outcomes: {award: {title: {fr: Label, en: Award}}}
"""


def run() -> None:
    """Set the dossier some times; nothing of it stays in the database."""
    from django.db import transaction

    from maillage.calls.application_pdf import render_application_pdf
    from maillage.core.security.session_scope import ACTION_SCOPE, set_default_scope

    set_default_scope(ACTION_SCOPE)
    with transaction.atomic():
        application = _application()
        render_application_pdf(application)
        seconds, made = zip(
            *(_timed(lambda: render_application_pdf(application)) for _run in range(_RUNS)), strict=True
        )
        transaction.set_rollback(True)
    pages = len(re.findall(rb"/Type\s*/Page\b", made[0]))
    longest = max(seconds)
    rows = [
        ("pages", f"{_PAGES}", f"{pages}"),
        ("median", f"{_LIMIT:.0f} s", f"{statistics.median(seconds):.2f} s"),
        ("longest", f"{_LIMIT:.0f} s", f"{longest:.2f} s ({longest / _LIMIT:.0%} of the limit)"),
        ("size", "", f"{len(made[0]) / 1e6:.1f} MB"),
    ]
    body = f"""A simulated dossier of 60 chapters, each with a text and a table of 30 rows, read from the database and set as a PDF with
numbered pages, {_RUNS} times.

{markdown_table(("", "limit", "measured"), rows)}
"""
    write_section("paper", "A dossier on paper", body)


def _timed(work: Any) -> tuple[float, bytes]:
    begun = time.perf_counter()
    made: bytes = work()
    return time.perf_counter() - begun, made


def _application() -> Any:
    from maillage.calls.actions.calls import publish_call
    from maillage.calls.models import Application, ApplicationParty, Reply
    from maillage.core.actors import SYSTEM
    from maillage.labels.models import Label
    from maillage.register.models import Organisation

    now = dt.datetime.now(dt.UTC)
    agency, body = (
        Organisation.objects.create(key=f"paper-measure-{kind}", kind=kind, name_fr="Organisme simulé")
        for kind in ("agency", "institute")
    )
    Label.objects.create(key="paper-measure", name_fr="Label simulé", authority=agency, period_start="2020")
    version = publish_call(actor=SYSTEM, at=now, text=_CALL, reason="A measure.")
    application = Application.objects.create(
        key="d-paper-measure", version=version, title="Dossier simulé", begun_at=now
    )
    ApplicationParty.objects.create(application=application, organisation=body, part="lead")
    row = {"name": "Personne simulée", "role": "ingénieure de recherche", "months": "12"}
    for number in range(1, 61):
        given = {"application": application, "section": "chapter", "number": number, "at": now}
        Reply.objects.create(**given, question="text", value="\n\n".join([_PARAGRAPH * 4] * 12))
        Reply.objects.create(**given, question="people", value=[row] * 30)
    return application
