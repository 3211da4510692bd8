"""The pictures of the ecosystem: their titles and addresses, in the order in which pages link them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: the name of its address, its title, and what it shows."""

    view: str
    title: str | Promise
    about: str | Promise


PICTURES = (
    Picture("network", _("The network"), _("who is tied to whom, on any day")),
    Picture("map", _("The map"), _("where the organisations are")),
    Picture("label-timeline", _("Labels over time"), _("which labels were held, and by whom")),
    Picture("yearly-figures", _("Figures by year"), _("how the ecosystem has grown")),
)


@dataclass(frozen=True, slots=True)
class PictureLink:
    title: str
    about: str
    url: str
    current: bool


def picture_links(current: str = "") -> list[PictureLink]:
    """The links to all pictures; `current` is the name of the address of the page that shows them."""
    return [
        PictureLink(str(picture.title), str(picture.about), reverse(picture.view), picture.view == current)
        for picture in PICTURES
    ]
