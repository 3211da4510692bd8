"""What every test stands on: a PostgreSQL of its own, the served site, and a real browser."""

import gc
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation

from maillage.web.translations import compile_stale
from tests.data_folder import create_data_folder, remove_data_folder
from tests.database_choice import DATABASE_CHOICE
from tests.dovecot import DOVECOT, MailServer, running_dovecot
from tests.site_process import Site, running_site
from tests.template_databases import WorkingDatabases, working_databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Settled before Django reads its settings: tests never touch the data of whoever runs them.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
DATA = create_data_folder()
# Playwright keeps an event loop in the thread of the tests, where Django would then refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ.pop("DATABASE_URL", None)
# Commands speak the language of the shell, and tests read what they say.
os.environ["LC_ALL"] = "C.UTF-8"
if os.environ.get("MAILLAGE_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["MAILLAGE_TEST_DATABASE_URL"]

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


# Most objects belong to modules and live on; looking them through again and again took a quarter of the unit tests.
gc.set_threshold(50_000, 20, 50)

# How long one example takes says nothing on a busy machine; speed is shown by the benchmarks.
hypothesis.settings.register_profile("maillage", deadline=None)
# For `-m unit`, which answers within seconds; the whole suite tries five times as many examples.
hypothesis.settings.register_profile("unit", deadline=None, max_examples=20)
hypothesis.settings.load_profile("maillage")


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings: pytest-django then sets Django up, before any test module is imported; both languages too."""
    if config.option.markexpr == "unit":
        hypothesis.settings.load_profile("unit")
    for locale in settings.LOCALE_PATHS:
        compile_stale(Path(locale))


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    remove_data_folder()


# A test that asks for one of these, directly or by another fixture, needs a database or starts programs of the site.
NOT_UNIT = {"_django_db_helper", "django_db_setup", "db", "transactional_db", "databases", "cluster", "site", "browser"}
# These folders run the real commands and servers, without a fixture that says so.
PROGRAM_FOLDERS = {"browser", "cli", "database", "story"}
# What says at the head of a file that each of its tests needs a database, or at length that they take programs.
NO_UNIT_FILE = re.compile(
    r'^pytestmark = (?:\[\s*)?pytest\.mark\.(django_db|programs|usefixtures\("example)', re.MULTILINE
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m unit`, pass over files that cannot hold such a test: their imports take most of the time."""
    if config.option.markexpr != "unit":
        return None
    if collection_path.is_dir():
        return (collection_path.parent == Path(__file__).parent and collection_path.name in PROGRAM_FOLDERS) or None
    return bool(NO_UNIT_FILE.search(collection_path.read_text("utf-8"))) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `unit` the tests that need neither a database nor a running program."""
    for item in items:
        if not needs_programs(item):
            item.add_marker(pytest.mark.unit)


def needs_programs(item: pytest.Item) -> bool:
    """Whether a test needs a database, a server or a browser."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(
        folder in PROGRAM_FOLDERS
        or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
        or fixtures & NOT_UNIT
        or item.get_closest_marker("django_db")
        or item.get_closest_marker("programs")
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that asks for the example works on a database that holds it, the others on an empty one."""
    from maillage.site.queries import drop_kept_site

    DATABASE_CHOICE.choose("example" in getattr(item, "fixturenames", ()))
    drop_kept_site()


@pytest.fixture(scope="session")
def databases() -> Iterator[WorkingDatabases]:
    """A throw-away PostgreSQL, which ends with the tests even if they are killed, or databases on one's own."""
    with working_databases(DATA) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def cluster(databases: WorkingDatabases) -> Path:
    """The data folder of the server and of the served site."""
    return databases.data


@pytest.fixture(scope="session")
def django_db_setup(databases: WorkingDatabases) -> Iterator[None]:
    """Tests that use the database start it; the others do without. Takes the place of what pytest-django makes."""
    DATABASE_CHOICE.use(databases)
    yield
    DATABASE_CHOICE.close()


@pytest.fixture(scope="session")
def mailbox() -> Iterator[MailServer | None]:
    """The mailbox of the served site, on a real server; `None` where Dovecot is not installed."""
    if not DOVECOT:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="maillage-dovecot-") as folder:
        Path(folder).chmod(0o755)
        with running_dovecot(Path(folder)) as server:
            yield server


@pytest.fixture(scope="session")
def site(databases: WorkingDatabases, mailbox: MailServer | None) -> Iterator[Site]:
    """The site as `maillage up` serves it, with the example and a mailbox, on a free port."""
    inbox = {"MAILLAGE_INBOX": mailbox.url} if mailbox else {}
    with running_site(databases.data, **databases.site_variables(), **inbox) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real Chromium, one for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def page(browser: "Browser", site: Site) -> Iterator["Page"]:
    """A fresh visitor of the served site, who reads French."""
    context = browser.new_context(base_url=site.url, locale="fr-FR", timezone_id="Europe/Paris")
    yield context.new_page()
    context.close()


def chromium() -> str | None:
    """The Chromium of MAILLAGE_CHROMIUM, else one of the system, else (`None`) the one Playwright may have."""
    given = os.environ.get("MAILLAGE_CHROMIUM")
    if given:
        return given
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture
def example(db: None) -> None:
    """The register holds the example, and nothing else (see `pytest_runtest_setup`)."""


@pytest.fixture(scope="session", autouse=True)
def as_the_system() -> None:
    """Tests write and read as the system does; what they ask of the site is read in the name of whoever asks."""
    from maillage.core.security.session_scope import ACTION_SCOPE, set_default_scope

    set_default_scope(ACTION_SCOPE)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page leaves its language behind in the thread; the next test begins in the site's own."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def english(own_language: None) -> Iterator[None]:
    """What is told is read in English."""
    with translation.override("en"):
        yield
