"""The pages of a static site: which they are, where each is written, and how it is changed for that place."""

import posixpath
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from maillage.listing.listing import LISTINGS
from maillage.web.publishing.static_site.html_tree import Element, parse_html

# What only the living site can do: forms, finding, another day, acting for an organisation.
_LIVE_TAGS, _LIVE_CLASSES = frozenset({"form", "search"}), frozenset({"acting", "another-day", "live-only"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a page that may be written: its path, and the sentence that it explains, if any."""

    path: str
    why: str = ""

    @property
    def request(self) -> str:
        """The address by which the site is asked for the page."""
        return f"{self.path}?why={self.why}" if self.why else self.path

    @property
    def file(self) -> str:
        """The path of the file, relative to the folder of the static site."""
        folder = unquote(self.path).strip("/")
        return f"{folder}/why/{self.why}/index.html" if self.why else f"{folder}/index.html"


def address_of(url: str, page: Address) -> Address | None:
    """The address of a link on a page, if a static site can have it: pages of ecosystems, of records, and home."""
    parts = urlsplit(urljoin(f"http://site{page.path}", url))
    if parts.netloc != "site" or not _is_plain(parts.path):
        return None
    query = parse_qs(parts.query)
    why = query.pop("why", [""])[0]
    match = _resolve(parts.path)
    if match is None or query or (why and not (why.isascii() and why.isdigit())):
        return None
    if match.url_name == "home":
        return Address(parts.path + "ecosystems/")
    if match.url_name == "ecosystem":
        return Address(parts.path, why)
    is_record = match.url_name == "record" and match.namespace in LISTINGS
    return Address(parts.path) if (is_record or match.url_name == "ecosystems") and not why else None


def _resolve(path: str) -> ResolverMatch | None:
    """The view of a path; a path of a language is known while that language is active."""
    language = path.strip("/").partition("/")[0]
    if language not in dict(settings.LANGUAGES):
        return None
    with translation.override(language):
        try:
            return resolve(path)
        except Resolver404:
            return None


def _is_plain(path: str) -> bool:
    return not any(part in (".", "..") or "/" in part or "\\" in part for part in map(unquote, path.split("/")))


def is_of_ecosystem(address: Address) -> bool:
    """Whether an address is of ecosystem pages: what these link to is written too, but not what a record links to."""
    match = _resolve(address.path)
    return match is not None and match.url_name in ("ecosystem", "ecosystems")


def links_of(source: str, page: Address) -> list[Address]:
    """The addresses that the content of a page links to and that a static site can have, each once."""
    mains = [element for element in parse_html(source).elements() if element.tag == "main"]
    links = [link for main in mains for link in main.elements() if link.tag == "a"]
    found = [address_of(link.get("href"), page) for link in links if link.get("href")]
    return list(dict.fromkeys(address for address in found if address))


class StaticPage:
    """A page that is changed for its file. `assets` are the static files that it needs, by name."""

    def __init__(self, address: Address, source: str, written: set[Address], live_site: str) -> None:
        self._address, self._written, self._live_site = address, written, live_site
        self._root = parse_html(source)
        self.assets: set[str] = set()

    def source(self) -> str:
        """The HTML of the file."""
        for element in self._root.elements():
            if "asof" in element.get("class").split():
                _keep_summary(element)
        self._root.remove(_is_live)
        for element in self._root.elements():
            element.attributes = [(name, value) for name, value in element.attributes if not name.startswith("hx-")]
            for name in ("href", "src"):
                if element.get(name):
                    element.set(name, self._link(element.get(name)))
        self._root.remove(_is_dead)
        return self._root.source()

    def _link(self, url: str) -> str | None:
        """A link as it is in the file: relative, or to the living site; `None` without one."""
        parts = urlsplit(url)
        if parts.scheme or parts.netloc or not (parts.path or parts.query):
            return url
        static_url = f"/{settings.STATIC_URL.strip('/')}/"
        if parts.path.startswith(static_url):
            name = parts.path.removeprefix(static_url)
            self.assets.add(name)
            return self._relative(f"static/{name}")
        address = address_of(url, self._address)
        if address in self._written:
            fragment = f"#{parts.fragment}" if parts.fragment else ""
            return self._relative(address.file) + fragment
        return urljoin(self._live_site + self._address.path, url) if self._live_site else None

    def _relative(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(self._address.file))


def _keep_summary(element: Element) -> None:
    """Keep of what chooses another day the words that say which day the page is of."""
    summaries = [child for child in element.children if isinstance(child, Element) and child.tag == "summary"]
    element.tag, element.children = "p", [child for summary in summaries for child in summary.children]


def _is_live(element: Element) -> bool:
    """Whether only the living site can do what an element is for."""
    if element.tag in _LIVE_TAGS or _LIVE_CLASSES & set(element.get("class").split()):
        return True
    if element.tag == "script":
        return element.get("type") != "application/ld+json"
    return element.tag == "meta" and element.get("name") == "htmx-config"


def _is_dead(element: Element) -> bool:
    """Whether an element was there for a link that leads nowhere now."""
    if element.tag == "link":
        return not element.get("href")
    if element.tag != "li":
        return False
    links = [inner for inner in element.elements() if inner.tag == "a"]
    return bool(links) and not any(link.get("href") for link in links) and _is_menu_entry(element)


def _is_menu_entry(element: Element) -> bool:
    """Whether an entry is but a link, without text around it."""
    return not any(isinstance(child, str) and child.strip() for child in element.children)
