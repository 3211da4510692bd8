"""The parts of the settings of a site, each with a page of its own, as the overview shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core.actors import Actor
from maillage.register.queries import shown_organisations
from maillage.site.environment import locked_variable
from maillage.site.models import SiteText
from maillage.site.queries import Site


@dataclass(frozen=True, slots=True)
class FieldText:
    """What the form says of a setting. `kind` is `text`, `long`, `mail`, `years`, `colour` or `languages`."""

    label: str | Promise
    help: str | Promise = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class SettingsPart:
    """Settings that are changed together, by name."""

    title: str | Promise
    intro: str | Promise
    fields: dict[str, FieldText]


PARTS = {
    "name": SettingsPart(
        gettext_lazy("Name of the network"),
        gettext_lazy("It stands at the head of each page, in the subject of mails and in calendars."),
        {
            "name_fr": FieldText(gettext_lazy("Name in French")),
            "name_en": FieldText(gettext_lazy("Name in English"), gettext_lazy("If it is empty, the other one.")),
        },
    ),
    "languages": SettingsPart(
        gettext_lazy("Languages"),
        gettext_lazy("The first is that of readers whose browser asks for none of them."),
        {"languages": FieldText(gettext_lazy("Languages offered, in their order"), kind="languages")},
    ),
    "contact": SettingsPart(
        gettext_lazy("Contact"),
        gettext_lazy("It stands at the foot of each page."),
        {
            "contact_mail": FieldText(gettext_lazy("Mail address"), kind="mail"),
            "contact": FieldText(gettext_lazy("Postal address, telephone"), kind="long"),
        },
    ),
    "colours": SettingsPart(
        gettext_lazy("Colours"),
        gettext_lazy("Colour of links and buttons. One that cannot be read by everyone is refused (WCAG 2.2, AA)."),
        {
            "colour": FieldText(
                gettext_lazy("Colour on light backgrounds"),
                gettext_lazy("Six hexadecimal digits, like #0b6e63. If it is empty, that of the software."),
                "colour",
            ),
            "dark_colour": FieldText(
                gettext_lazy("Colour on dark backgrounds"),
                gettext_lazy("If it is empty, it is made from the other one."),
                "colour",
            ),
        },
    ),
    "examples": SettingsPart(
        gettext_lazy("Needs to try"),
        gettext_lazy("The page that answers a need offers them as examples, one a line. Without any, it offers none."),
        {
            "examples_fr": FieldText(gettext_lazy("In French"), kind="long"),
            "examples_en": FieldText(gettext_lazy("In English"), kind="long"),
        },
    ),
    "mails": SettingsPart(
        gettext_lazy("Sender of mails"),
        gettext_lazy("The mail server must be allowed to send for this address."),
        {
            "sender": FieldText(
                gettext_lazy("Address"),
                gettext_lazy("The name of the network stands before it, unless you write another: Name <address>."),
            )
        },
    ),
    "requesters": SettingsPart(
        gettext_lazy("Who stated a need"),
        gettext_lazy(
            "Once the delay has passed, names, mail addresses, messages, letters and files of a need are erased each "
            "night, in the history too; its figures stay. The form of needs and the page on personal data say so."
        ),
        {
            "requester_years": FieldText(
                gettext_lazy("Years kept after the end of the need"),
                gettext_lazy("From 1 to 10; 3 unless you choose another. A shorter delay erases more tonight."),
                "years",
            )
        },
    ),
}


@dataclass(frozen=True, slots=True)
class PartState:
    """A part as it is: the lines that say it, the page that changes it, and whether it still is to be done."""

    key: str
    title: str
    lines: tuple[str, ...]
    url: str
    is_done: bool
    locked: tuple[str, ...] = ()
    is_optional: bool = False


def part_states(site: Site, actor: Actor) -> Iterator[PartState]:
    """Every part of the settings, in the order in which a new site sets them."""
    yield _settings_part("name", _name_lines(site), is_done=bool(site.values.name_en or site.values.name_fr))
    languages = (_language_names(site.values.languages),)
    yield _settings_part("languages", languages, is_done="languages" in site.values.model_fields_set)
    yield _logo_part(site)
    contact = (site.values.contact_mail, *site.values.contact.split("\n"))
    yield _settings_part("contact", contact, is_done=bool(site.values.contact_mail or site.values.contact))
    yield shown_part(actor)
    colours = (site.values.colour, site.values.dark_colour)
    yield _settings_part("colours", colours, is_done=any(colours), is_optional=True)
    yield _settings_part("mails", (site.values.sender,), is_done=bool(site.values.sender), is_optional=True)
    yield _requesters_part(site)
    examples = tuple(site.values.examples.splitlines())
    yield _settings_part("examples", examples, is_done=bool(examples), is_optional=True)
    for kind in SiteText.Kind:
        lines = (_("written"),) if kind.value in site.texts else ()
        yield PartState(kind.value, str(kind.label), lines, reverse("site-text-edit", args=[kind.value]), bool(lines))


def _settings_part(key: str, lines: tuple[str, ...], *, is_done: bool, is_optional: bool = False) -> PartState:
    part = PARTS[key]
    locked = tuple(variable for name in part.fields if (variable := locked_variable(name)))
    filled = tuple(line for line in lines if line)
    return PartState(key, str(part.title), filled, reverse("site-part", args=[key]), is_done, locked, is_optional)


def _requesters_part(site: Site) -> PartState:
    years = site.values.requester_years
    words = ngettext("kept %d year after the end of the need", "kept %d years after the end of the need", years) % years
    is_done = "requester_years" in site.values.model_fields_set
    return _settings_part("requesters", (words,), is_done=is_done, is_optional=True)


def _name_lines(site: Site) -> tuple[str, ...]:
    return tuple(dict.fromkeys((site.values.name_fr, site.values.name_en)))


def _language_names(codes: tuple[str, ...]) -> str:
    names = {code: str(name) for code, name in settings.LANGUAGES}
    return ", ".join(names[code] for code in codes)


def _logo_part(site: Site) -> PartState:
    logo = site.logo
    lines = (_("%(width)d × %(height)d pixels") % {"width": logo.width, "height": logo.height},) if logo else ()
    return PartState("logo", _("Logo"), lines, reverse("site-logo"), bool(logo))


def shown_part(actor: Actor) -> PartState:
    """The organisations whose ecosystem is shown."""
    names = tuple(str(organisation) for organisation in shown_organisations(actor=actor))
    locked = ("MAILLAGE_SHOWN",) if settings.SHOWN_ORGANISATIONS else ()
    return PartState("shown", _("Organisations shown"), names, reverse("site-shown"), bool(names), locked)
