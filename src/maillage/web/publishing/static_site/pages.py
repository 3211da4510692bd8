"""The pages of a static site: which they are, where each is written, and how it is changed for that place."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from maillage.listing.listing import LISTINGS
from maillage.web.publishing.static_site.html_tree import Element, parse_html

# What only the living site can do: forms, finding, another day, acting for an organisation.
_LIVE_TAGS, _LIVE_CLASSES = frozenset({"form", "search"}), frozenset({"acting", "another-day", "live-only"})
# Pages beside those of ecosystems and of records: their list, and the legal notice and its like.
_OTHER_PAGES = frozenset({"ecosystems", "site-text"})


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
    """The address of a link on a page, if a static site can have it: ecosystems, records, legal texts, and home."""
    parts = urlsplit(urljoin(f"http://site{page.path}", url))
    match = _resolve(parts.path) if parts.netloc == "site" and _is_plain(parts.path) else None
    query = parse_qs(parts.query)
    why = query.pop("why", [""])[0]
    if match is None or query or (why and not (why.isascii() and why.isdigit())):
        return None
    return _address(match, parts.path, why)


def _address(match: ResolverMatch, path: str, why: str) -> Address | None:
    if match.url_name == "home":
        return Address(f"{path}ecosystems/")
    if match.url_name == "ecosystem":
        return Address(path, why)
    is_record = match.url_name == "record" and match.namespace in LISTINGS
    return Address(path) if (is_record or match.url_name in _OTHER_PAGES) and not why else None


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
    """The addresses that the content and the foot of a page link to and that a static site can have, each once."""
    parts = [element for element in parse_html(source).elements() if element.tag in ("main", "footer")]
    links = [link for part in parts for link in part.elements() if link.tag == "a"]
    found = [address_of(link.get("href"), page) for link in links if link.get("href")]
    return list(dict.fromkeys(address for address in found if address))


class StaticPage:
    """A page that is changed for its file. `asset_file` gives the file of a picture or a style sheet, by its path."""

    def __init__(
        self, address: Address, source: str, written: set[Address], live_site: str, asset_file: Callable[[str], str]
    ) -> None:
        self._address, self._written, self._live_site = address, written, live_site
        self._root, self._asset_file = parse_html(source), asset_file

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
                    element.set(name, self._link(element.get(name), is_asset=_is_asset(element)))
        self._root.remove(_is_dead)
        return self._root.source()

    def _link(self, url: str, *, is_asset: bool) -> str | None:
        """A link as it is in the file: relative, or to the living site; `None` without one."""
        parts = urlsplit(url)
        if parts.scheme or parts.netloc or not (parts.path or parts.query):
            return url
        if is_asset:
            return self._relative(self._asset_file(parts.path))
        address = address_of(url, self._address)
        if address in self._written:
            fragment = f"#{parts.fragment}" if parts.fragment else ""
            return self._relative(address.file) + fragment
        return urljoin(self._live_site + self._address.path, url) if self._live_site else None

    def _relative(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(self._address.file))


def _is_asset(element: Element) -> bool:
    """Whether an element shows a picture or brings a style sheet."""
    is_linked = element.tag == "link" and bool({"stylesheet", "icon"} & set(element.get("rel").split()))
    return is_linked or element.tag == "img"


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
