"""Writes public pages to a folder, as a site of files."""

import json
import mimetypes
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from maillage.core.actors import PUBLIC
from maillage.errors import MaillageError
from maillage.publishing.models import ecosystem_address
from maillage.publishing.queries import shown_ecosystems
from maillage.register.models import Organisation
from maillage.site.queries import current_site
from maillage.web.publishing.static_site.pages import Address, StaticPage, is_of_ecosystem, links_of

# The names of the files that were written last time, so that those that are no longer are removed.
MANIFEST = ".maillage-site.json"
Progress = Callable[[str, int, int], None]


def publish_site(folder: Path, keys: Iterable[str], live_site: str, progress: Progress) -> int:
    """Write the ecosystem pages of organisations and what they link to; without keys, of those that the site shows.

    Links to other pages lead to `live_site`, or are plain text where it is empty. Returns the number of pages. Raises
    `MaillageError` for an unknown organisation, or a folder that has other files.
    """
    former = _former_files(folder)
    visitor = _Visitor()
    sources = _fetch_pages(_organisations(list(keys)), visitor, progress)
    files: dict[str, bytes] = {}
    for address, source in sources.items():
        page = StaticPage(address, source, set(sources), live_site, visitor.asset_file)
        files[address.file] = page.source().encode()
    files |= visitor.assets
    files["index.html"] = _front_door().encode()
    _write(folder, files, former)
    return len(sources)


class _Visitor:
    """A visitor of the site, who is not signed in; keeps the pictures and style sheets that pages need, by file."""

    def __init__(self) -> None:
        self.assets: dict[str, bytes] = {}
        self._files: dict[str, str] = {}
        self._client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname or "localhost")

    def _get(self, address: str) -> tuple[int, str, bytes]:
        """The status, the media type and the content of an address."""
        response = self._client.get(address, secure=settings.SITE_URL.startswith("https://"))
        return response.status_code, response.headers["Content-Type"].partition(";")[0], response.getvalue()

    def page(self, address: str) -> str:
        """The source of a page; empty if there is none."""
        status, media_type, content = self._get(address)
        return content.decode() if status == 200 and media_type == "text/html" else ""

    def asset_file(self, path: str) -> str:
        """The file of a picture or a style sheet: a static file, or one that the site makes."""
        if path not in self._files:
            static_url = f"/{settings.STATIC_URL.strip('/')}/"
            if path.startswith(static_url):
                name, content = f"static/{path.removeprefix(static_url)}", _static_file(path.removeprefix(static_url))
            else:
                _status, media_type, content = self._get(path)
                ending = mimetypes.guess_extension(media_type) or ""
                name = path.strip("/") + ("" if path.endswith(ending) else ending)
            self._files[path], self.assets[name] = name, content
        return self._files[path]


def _organisations(keys: list[str]) -> list[Organisation]:
    if not keys:
        return shown_ecosystems(PUBLIC)
    visible = Organisation.objects.visible_to(PUBLIC).filter(merged_into=None).in_bulk(keys, field_name="key")
    if missing := [key for key in keys if key not in visible]:
        what = _("There is no public organisation with the key “%s”.") % missing[0]
        raise MaillageError(what, _("Correct it; the address of its page ends in it."))
    return [visible[key] for key in keys]


def _fetch_pages(organisations: list[Organisation], visitor: _Visitor, progress: Progress) -> dict[Address, str]:
    """The source of each page by its address: of the organisations in every language, then what these link to."""
    waiting = list(_first_addresses(organisations))
    sources: dict[Address, str] = {}
    chosen = {address.path for address in waiting}
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        source = visitor.page(address.request)
        if not source:
            continue  # a link to it stays, to the living site
        sources[address] = source
        if is_of_ecosystem(address) and not address.why:
            links = [link for link in links_of(source, address) if link not in known]
            found = [link for link in links if link.path in chosen or not is_of_ecosystem(link)]
            known.update(found)
            waiting += found
        progress(_("Writing the pages"), len(sources), len(known))
    return sources


def _first_addresses(organisations: list[Organisation]) -> Iterator[Address]:
    for language in current_site().values.languages:
        with translation.override(language):
            yield Address(reverse("ecosystems"))
            yield from (Address(ecosystem_address(organisation)) for organisation in organisations)


def _static_file(name: str) -> bytes:
    """A static file as it was collected, or from where it is kept."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    found = finders.find(name)
    return Path(str(found)).read_bytes() if found else b""


def _front_door() -> str:
    """The first page, which leads to the first language."""
    site, names = current_site().values, dict(settings.LANGUAGES)
    first = site.languages[0]
    links = format_html_join(
        "",
        '<li><a href="{0}/ecosystems/index.html" lang="{0}">{1}</a></li>',
        ((language, names[language]) for language in site.languages),
    )
    page = (
        '<!DOCTYPE html><html lang="{0}"><head><meta charset="utf-8"><title>{1}</title>'
        '<meta http-equiv="refresh" content="0; url={0}/ecosystems/index.html"></head><body><ul>{2}</ul></body></html>'
    )
    return format_html(page, first, site.name, links)


def _former_files(folder: Path) -> set[str]:
    """The files that an earlier run wrote; refuses a folder that has files but no list of them."""
    manifest = folder / MANIFEST
    if manifest.is_file():
        names = json.loads(manifest.read_text(encoding="utf-8"))
        paths = (Path(str(name)) for name in names)
        return {str(path) for path in paths if ".." not in path.parts and not path.is_absolute()}
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = _("%(folder)s is not an empty folder, and not a site that was written before.") % {"folder": folder}
        raise MaillageError(what, _("Choose another folder: nothing of yours is overwritten."))
    return set()


def _write(folder: Path, files: dict[str, bytes], former: set[str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name in former - files.keys():
        (folder / name).unlink(missing_ok=True)
    (folder / MANIFEST).write_text(json.dumps(sorted(files)), encoding="utf-8")
