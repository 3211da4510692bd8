"""The pictures of the ecosystem: their titles and addresses, in the order in which pages link them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: the name of its address, its title, and what it shows."""

    view: str
    title: str | Promise
    about: str | Promise


PICTURES: tuple[Picture, ...] = ()


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
