"""Needs of the story: stated at the public form, and time that passes over them."""

import subprocess
import sys
import time

from playwright.sync_api import Page, expect

from tests.site_process import Site, user_environment

COMPANY = "company@example.org"
NEED = (
    "We develop a bispecific antibody for adult AML and look for a phase I/II trial, measurable residual disease, "
    "paired samples at relapse and proteomics."
)
_OLDER = """
import datetime as dt, sys
import django; django.setup()
from django.db.models import F
from maillage.partnerships.models import NeedAddress
from maillage.workflow.models import Case
from maillage.workflow.tasks import raise_reminders
from maillage.core.security.session_scope import ACTION_SCOPE, set_default_scope
set_default_scope(ACTION_SCOPE)
days = dt.timedelta(days=int(sys.argv[2]))
moved = {name: F(name) - days for name in ("opened_at", "entered_at", "due_at", "remind_at")}
assert Case.objects.filter(title=sys.argv[1]).update(**moved) == 1
NeedAddress.objects.filter(need__title=sys.argv[1]).update(promised_day=F("promised_day") - days)
raise_reminders.defer(timestamp=0)
"""


_READ = """
import django; django.setup()
from procrastinate.exceptions import AlreadyEnqueued
from maillage.partnerships.tasks import read_mails
try:
    read_mails.defer(timestamp=0)
except AlreadyEnqueued:
    pass
"""


def state_need_on_page(
    page: Page, title: str, text: str = NEED, *, to: str = "opale", language: str = "en", email: str = COMPANY
) -> str:
    """State a need as a company does, typing it; the address at which it is followed."""
    page.goto(f"/{language}/needs/new?to={to}")
    page.locator("#id_title").fill(title)
    page.locator("#id_text").press_sequentially(text[:60])
    page.locator("#id_text").fill(text)
    page.locator("#id_text").press("End")
    page.locator("#id_text").press_sequentially(" ")
    expect(page.locator("#matches .weighed li").first).to_be_visible()
    page.locator("#id_organisation").fill("Une petite entreprise simulée, Lyon")
    page.locator("#id_email").fill(email)
    page.locator("#id_country").select_option("FR")
    page.locator("form#need-form button.go").click()
    expect(page.locator("ol.stages").first).to_be_visible()
    return page.url


def age_case(site: Site, title: str, days: int) -> None:
    """Let the case of a need be so many days older, and the worker look at its clock."""
    _run_program(site, _OLDER, title, str(days))


def read_mailbox(site: Site) -> None:
    """Let the worker read the mailbox now, as it does each minute."""
    _run_program(site, _READ)


def _run_program(site: Site, program: str, *arguments: str) -> None:
    command = [sys.executable, "-c", program, *arguments]
    variables = user_environment() | site.variables | {"DJANGO_SETTINGS_MODULE": "maillage.settings"}
    done = subprocess.run(command, env=variables, check=False, timeout=60, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def wait_for_text(page: Page, address: str, words: str, seconds: float = 30) -> None:
    """Wait until a page says something that the worker brings about."""
    until = time.monotonic() + seconds
    while True:
        page.goto(address)
        if page.locator("main").get_by_text(words).count() or time.monotonic() > until:
            break
        time.sleep(0.5)
    expect(page.locator("main")).to_contain_text(words)
