"""The settings of the site: what is accepted, who wins, what mails and pages get of them."""

import struct
import zlib
from typing import Any

import pytest
from django.utils import timezone, translation

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.errors import MaillageError
from maillage.site.actions.site_settings import save_site_settings, set_logo, write_site_text
from maillage.site.colours import DARK, LEAST_CONTRAST, LIGHT, contrast, least_contrast, nearest_legible, palette
from maillage.site.environment import check_environment, environment_settings
from maillage.site.models import SiteSettings
from maillage.site.pictures import read_picture
from maillage.site.queries import current_site, mail_sender, reread_site
from maillage.site.site_values import InvalidSettingError


def png(width: int = 20, height: int = 10) -> bytes:
    """A picture without pixels, whole otherwise."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def save(**changes: Any) -> None:
    save_site_settings(actor=SYSTEM, at=timezone.now(), changes=changes)


@pytest.mark.django_db
def test_a_site_bears_the_name_of_the_software_until_officers_name_it() -> None:
    assert current_site().name == "Maillage"
    save(name_fr="  Réseau   des biobanques ")
    assert current_site().name == "Réseau des biobanques"
    save(name_en="Biobank network")
    with translation.override("en"):
        assert current_site().name == "Biobank network"
    assert SiteSettings.objects.get().values == {"name_fr": "Réseau des biobanques", "name_en": "Biobank network"}


@pytest.mark.django_db
def test_only_officers_set_the_site() -> None:
    with pytest.raises(ActionForbiddenError):
        save_site_settings(actor=PUBLIC, at=timezone.now(), changes={"name_en": "Mine"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name_en": "n" * 61}, "shorten it to 60"),
        ({"requester_years": "0"}, "from 1 to 10"),
        ({"requester_years": ""}, "from 1 to 10"),
        ({"requester_years": "for ever"}, "whole number of years"),
        ({"languages": "fr,de"}, "fr, en"),
        ({"languages": ""}, "fr, en"),
        ({"contact_mail": "nobody"}, "no mail address"),
        ({"sender": "Network <nobody>"}, "no mail address"),
        ({"sender": "a@b.example\nBcc: c@d.example"}, "one line"),
        ({"colour": "green"}, "six hexadecimal digits"),
        ({"logo": "x"}, "no setting"),
        ({"title": "x"}, "no setting"),
    ],
)
def test_a_value_that_is_not_valid_is_refused_with_what_to_do(
    changes: dict[str, str], message: str, english: None
) -> None:
    with pytest.raises(ActionError, match=message):
        save(**changes)


@pytest.mark.django_db
def test_a_colour_that_cannot_be_read_is_refused_with_its_ratio_and_the_nearest_that_can(english: None) -> None:
    with pytest.raises(
        ActionError, match=r"contrast .* is 1\.\d+ to 1.*nearest that does is (#[0-9a-f]{6})"
    ) as refusal:
        save(colour="#FC0")
    nearest = str(refusal.value).rstrip(".").rsplit(" ", 1)[1]
    save(colour=nearest)
    assert nearest in current_site().values.colour_sheet


@pytest.mark.parametrize("colour", ["#0b6e63", "#7a1f5c", "#123456", "#8a5200"])
def test_every_shade_made_from_a_colour_can_be_read(colour: str) -> None:
    for scheme in (LIGHT, DARK):
        shades = palette(nearest_legible(colour, scheme), scheme)
        assert contrast(shades["opal"], shades["opal-2"]) >= LEAST_CONTRAST
        assert contrast(shades["opal"], shades["on-opal"]) >= LEAST_CONTRAST
        assert least_contrast(shades["opal"], scheme) >= LEAST_CONTRAST


@pytest.mark.django_db
def test_what_the_environment_sets_wins_and_is_locked(settings: Any, english: None) -> None:
    save(name_en="Ours", sender="ours@network.example")
    settings.SITE_ENVIRONMENT = environment_settings({"MAILLAGE_NAME_EN": "Theirs", "MAILLAGE_CONTACT": ""})
    assert reread_site().name == "Theirs"
    with pytest.raises(ActionError, match="MAILLAGE_NAME_EN"):
        save(name_en="Ours again")
    assert mail_sender() == "Theirs <ours@network.example>"
    save(sender="Office <ours@network.example>")
    assert mail_sender() == "Office <ours@network.example>"


def test_an_environment_that_is_not_valid_names_its_variable(settings: Any) -> None:
    settings.SITE_ENVIRONMENT = {"languages": "german"}
    with pytest.raises(MaillageError, match="MAILLAGE_LANGUAGES"):
        check_environment()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "PNG"),
        (b"GIF89a<script>", "PNG"),
        (png()[:-3], "damaged"),
        (png() + b"<script>alert(1)</script>", "damaged"),
        (b"\xff\xd8\xff\xe0<script>", "damaged"),
        (b"RIFF\x04\x00\x00\x00WEBPVP8 ", "damaged"),
        (png(width=9_000), "4000 pixels"),
        (png() + bytes(600 * 1024), "512 kB"),
    ],
)
def test_a_picture_that_is_none_is_refused_whatever_its_name(content: bytes, message: str, english: None) -> None:
    with pytest.raises(InvalidSettingError, match=message):
        read_picture(content)


@pytest.mark.django_db
def test_a_logo_replaces_the_one_before_and_can_be_removed() -> None:
    for width in (20, 30):
        set_logo(actor=SYSTEM, at=timezone.now(), content=png(width))
    logo = current_site().logo
    assert logo
    assert (logo.width, logo.media_type) == (30, "image/png")
    set_logo(actor=SYSTEM, at=timezone.now(), content=b"")
    assert current_site().logo is None


@pytest.mark.django_db
def test_a_text_is_led_to_once_it_is_written() -> None:
    write_site_text(actor=SYSTEM, at=timezone.now(), kind="privacy", text_en="We keep little.", text_fr="")
    assert current_site().texts == ("privacy",)
    with pytest.raises(ActionError):
        write_site_text(actor=SYSTEM, at=timezone.now(), kind="recipes", text_en="", text_fr="")
