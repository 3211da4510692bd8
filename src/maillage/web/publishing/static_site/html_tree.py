"""A page as a small tree, in which links are changed and parts are taken out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID_TAGS = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)

Attributes = list[tuple[str, str | None]]


@dataclass(slots=True)
class Element:
    """An element with its children, which are elements or the source of texts, comments and declarations."""

    tag: str
    attributes: Attributes = field(default_factory=list)
    children: "list[Element | str]" = field(default_factory=list)

    def get(self, name: str) -> str:
        return next((value or "" for key, value in self.attributes if key == name), "")

    def set(self, name: str, value: str | None) -> None:
        """Set an attribute; `None` removes it."""
        kept = [(key, old if key != name else value) for key, old in self.attributes]
        self.attributes = [(key, new) for key, new in kept if key != name or value is not None]

    def elements(self) -> "Iterator[Element]":
        """The element and every element within it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.elements()

    def remove(self, unwanted: "Callable[[Element], bool]") -> None:
        """Remove every element within it that is unwanted, with what it holds."""
        self.children = [child for child in self.children if isinstance(child, str) or not unwanted(child)]
        for child in self.children:
            if isinstance(child, Element):
                child.remove(unwanted)

    def source(self) -> str:
        inner = "".join(child if isinstance(child, str) else child.source() for child in self.children)
        if not self.tag:
            return inner
        opening = f"<{self.tag}{''.join(_attribute(name, value) for name, value in self.attributes)}>"
        return opening if self.tag in VOID_TAGS else f"{opening}{inner}</{self.tag}>"


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{escape(value)}"'


def parse_html(source: str) -> Element:
    """The tree of a page; its root has no tag."""
    parser = _TreeBuilder()
    parser.feed(source)
    parser.close()
    return parser.root


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        element = Element(tag, list(attrs))
        self._open[-1].children.append(element)
        if tag not in VOID_TAGS:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID_TAGS:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and those within it whose end tag was left out."""
        places = [place for place, element in enumerate(self._open) if element.tag == tag]
        if places:
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.handle_data(f"<!{decl}>")
