"""Reads the settings of the site, kept for seconds in each process so that pages cost no query.

They are read past the moment of a page that shows the past: the site of today shows it.
"""

import hashlib
import json
import time
from dataclasses import dataclass, field
from email.utils import formataddr

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from maillage.site.models import SiteText
from maillage.site.site_values import InvalidSettingError, SiteValues, checked_values

# Seconds for which a process keeps the settings; the process that changes them forgets them at once.
KEPT_SECONDS = 2.0
_STATEMENT = """
    SELECT (SELECT values FROM public.site_sitesettings),
           (SELECT array_agg(kind) FROM public.site_sitetext WHERE text_en <> '' OR text_fr <> ''),
           (SELECT array[media_type, width::text, height::text] FROM public.site_logo LIMIT 1)"""


@dataclass(frozen=True, slots=True)
class LogoPicture:
    """The logo as pages show it: its digest, its type, and its size in pixels."""

    digest: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Site:
    """The settings of the site in force, which of its texts are written, and its logo."""

    values: SiteValues = field(default_factory=SiteValues)
    texts: tuple[str, ...] = ()
    logo: LogoPicture | None = None

    @property
    def name(self) -> str:
        return self.values.name

    @property
    def colour_digest(self) -> str:
        """A digest of the style sheet of the site's colours; empty for those of the software."""
        sheet = self.values.colour_sheet
        return hashlib.sha256(sheet.encode()).hexdigest()[:12] if sheet else ""

    @property
    def text_titles(self) -> list[tuple[str, str]]:
        """The kinds and titles of the texts that are written."""
        return [(kind, str(SiteText.Kind(kind).label)) for kind in self.texts]


_kept: tuple[float, Site] | None = None


def current_site() -> Site:
    """The settings in force, at most `KEPT_SECONDS` old; those of the software while the database cannot be read."""
    if _kept is not None and time.monotonic() - _kept[0] < KEPT_SECONDS:
        return _kept[1]
    return reread_site()


def reread_site() -> Site:
    """The settings in force as the database has them now."""
    global _kept  # noqa: PLW0603 - one for the process
    try:
        site = _read_site()
    except (DatabaseError, psycopg.Error):
        return _kept[1] if _kept is not None else with_environment({})
    _kept = (time.monotonic(), site)
    return site


def forget_site() -> None:
    """Read the settings again at their next use, and once more when the transaction is committed."""
    drop_kept_site()
    transaction.on_commit(drop_kept_site)


def drop_kept_site() -> None:
    """Read the settings again at their next use in this process."""
    global _kept  # noqa: PLW0603 - one for the process
    _kept = None


def _read_site() -> Site:
    with connection.cursor() as cursor:
        # The driver's own cursor, so that this is not counted among the queries of the page.
        values, texts, logo = cursor.cursor.execute(_STATEMENT).fetchone()
    stored = json.loads(values) if isinstance(values, str) else values or {}
    site = with_environment(stored)
    picture = LogoPicture(site.values.logo, logo[0], int(logo[1]), int(logo[2])) if logo and site.values.logo else None
    return Site(site.values, tuple(kind for kind in SiteText.Kind.values if kind in (texts or [])), picture)


def with_environment(stored: dict[str, object]) -> Site:
    """The settings with those of the environment over them; a stored one that is no longer valid is left out."""
    given = {**stored, **settings.SITE_ENVIRONMENT}
    while True:
        try:
            return Site(checked_values(given))
        except InvalidSettingError as error:
            given.pop(error.field)


def mail_sender() -> str:
    """The sender of mails, under the name of the network unless the setting names another."""
    values = current_site().values
    sender = values.sender or settings.DEFAULT_FROM_EMAIL
    if values.sender and "<" in sender:
        return sender
    address = sender.rpartition("<")[2].removesuffix(">")
    return formataddr((values.name, address))


def network_name() -> str:
    """The name of the network in the active language."""
    return current_site().name
