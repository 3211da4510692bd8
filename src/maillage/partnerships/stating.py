"""Stating a need, with or without an account, and saying anew what it asks for."""

import datetime as dt
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import MANAGER, OFFICER, PILOT, READER, Actor
from maillage.kernel.processes.actions import About, begin
from maillage.kernel.regions import is_region
from maillage.kernel.text import lines
from maillage.matching.text import read
from maillage.offers.queries import vocabulary
from maillage.partnerships.links import token_of
from maillage.partnerships.mails import queue_mail
from maillage.partnerships.models import Address, AddressRole, Asked, Need, Requester, working_days_promised
from maillage.partnerships.queries import bodies_before, running_cases
from maillage.partnerships.sectors import Sector
from maillage.register.models import Organisation
from maillage.register.recognition import known_labels
from maillage.register.vocabulary import OrganisationKind
from maillage.rules.company_size import Figures, SizeClass, size_class

LONGEST = 200_000
# A seat asked for takes the place of one more in the search for teams.
MOST_ASKED = 15
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A capability asked for: a concept of the vocabulary by its key, essential or merely wished."""

    concept: str
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """What an answer must meet; countries of ISO 3166-1, regions of ISO 3166-2, a label by its key."""

    trl_low: int | None = None
    trl_high: int | None = None
    countries: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    label_key: str = ""
    label_on: dt.date | None = None
    budget: Decimal | None = None
    currency: str = "EUR"
    start_on: dt.date | None = None
    seat_kind: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. Figures of the last closed year, of the whole group, in euros; `sector` is a code of `Sector`."""

    organisation: str
    email: str
    contact: str = ""
    country: str = ""
    is_enterprise: bool = True
    staff: Decimal | None = None
    turnover: Decimal | None = None
    balance: Decimal | None = None
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A need as it was taken, and the word that opens the page on which its requester follows it."""

    need: Need
    token: str


@action(READER, OFFICER, title=gettext_lazy("State a need"))
def state_need(
    *,
    actor: Actor,
    at: dt.datetime,
    text: str,
    asker: Asker,
    addressee_id: int,
    title: str = "",
    terms: Terms = Terms(),
    asked: list[AskedFor] | None = None,
    confidential: bool = True,
) -> Stated:
    """Take a need and put it before a body that has promised to answer; the requester gets a mail with a link.

    Raises `Impossible` for an empty or endless text, a body that takes no needs, or terms that cannot be.
    """
    day, text = timezone.localdate(at), lines(text)
    _check_text(text)
    _check_terms(terms, actor, day)
    delay = working_days_promised(addressee_id, day)
    if delay is None:
        raise Impossible(_("This body takes no needs at the moment; choose another one."))
    need = Need(
        key=_new_key(),
        title=_title(title, text),
        text=text,
        language=_language(text),
        stated_at=at,
        stated_by_id=actor.user_id,
        is_confidential=confidential,
        **_fields(terms),
    )
    _save(need)
    _ask(need, asked or [])
    _keep_requester(need, asker, actor, addressee_id)
    address(need, addressee_id, at=at, actor=actor, delay=delay)
    queue_mail(need, "received")
    return Stated(need, token_of(need))


def address(need: Need, organisation_id: int, *, at: dt.datetime, actor: Actor, delay: int | None) -> Address:
    """Put a need before a body that answers it: its case begins, and with it the delay it has promised, if any."""
    about = About(need.title, (Need.kind_name(), need.pk), organisation_id, delay=delay)
    case = begin(actor=actor, at=at, process="need", about=about)
    clock = case.clock
    promised = clock.due_day if clock else timezone.localdate(at)
    values = {"role": AddressRole.ADDRESSEE, "case": case, "since": at, "promised_day": promised}
    made: Address = Address.objects.update_or_create(need=need, organisation_id=organisation_id, defaults=values)[0]
    return made


def _answering(*, need_id: int, **_others: Any) -> Iterable[int]:
    return bodies_before(need_id)


@action(
    MANAGER,
    PILOT,
    OFFICER,
    title=gettext_lazy("Say what a need asks for"),
    concerns=_answering,
    changes=("partnerships.need", "need_id"),
)
def specify_need(
    *, actor: Actor, at: dt.datetime, need_id: int, terms: Terms, asked: list[AskedFor], reason: str = ""
) -> Need:
    """Say anew what a need asks for and must meet, after a talk with the requester; the text stays as written."""
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    if not any(actor.is_officer or actor.reach & set(case.bodies) for case in running_cases(need_id)):
        raise Impossible(_("This need has been dealt with, or is before another body by now."))
    _check_terms(terms, actor, timezone.localdate(need.stated_at))
    for name, value in _fields(terms).items():
        setattr(need, name, value)
    _save(need)
    need.asked.all().delete()
    _ask(need, asked)
    return need


def _check_text(text: str) -> None:
    if len(text) > LONGEST:
        told = ngettext("The text has %(length)d character; shorten it to %(most)d, or attach it as a file.",
                        "The text has %(length)d characters; shorten it to %(most)d, or attach it as a file.",
                        len(text))  # fmt: skip
        raise Impossible(told % {"length": len(text), "most": LONGEST})
    # Three words; or some length, for scripts that set no space between them.
    words = re.findall(r"[^\W\d_]{2,}", text[:2_000])
    if len(words) < 3 and not any(len(word) >= 12 and not word.isascii() for word in words):
        raise Impossible(_("Say in a sentence or two what you need: nothing can be found for so few words."))


def _check_terms(terms: Terms, actor: Actor, day: dt.date) -> None:
    """Refuse what contradicts itself, naming both sides."""
    unknown = [code for code in terms.countries if not re.fullmatch("[A-Z]{2}", code)]
    unknown += [code for code in terms.regions if not is_region(code)]
    if unknown:
        raise Impossible(_("Not a code of a country or region: %s.") % ", ".join(unknown)[:200])
    astray = [code for code in terms.regions if terms.countries and code[:2] not in terms.countries]
    if astray:
        told = _("The regions %(regions)s lie outside the countries asked for (%(countries)s); leave out one of them.")
        raise Impossible(told % {"regions": ", ".join(astray), "countries": ", ".join(terms.countries)})
    if terms.label_key and terms.label_key not in dict(known_labels(actor)):
        raise Impossible(_("There is no label “%s”; choose one of the list.") % terms.label_key[:80])
    if bool(terms.trl_low) != bool(terms.trl_high):
        raise Impossible(_("Give both ends of the readiness levels, or none."))
    if terms.budget is not None and terms.budget <= 0:
        raise Impossible(_("A budget is above 0; leave it empty where there is none."))
    if terms.label_on and not terms.label_key:
        raise Impossible(_("Say which label must be held on that day."))
    if terms.start_on and terms.start_on < day:
        raise Impossible(_("The start lies in the past; give a day to come, or none."))
    if terms.seat_kind and terms.seat_kind not in OrganisationKind.values:
        raise Impossible(_("There is no such kind of organisation; choose one of the list."))


def _fields(terms: Terms) -> dict[str, Any]:
    values = {name: getattr(terms, name) for name in Terms.__slots__}
    return values | {"label_on": terms.label_on if terms.label_key else None}


def _title(title: str, text: str) -> str:
    """The title given, else the beginning of the text up to the end of a sentence."""
    given = " ".join(title.split())
    first = given or re.split(r"(?<=[.!?…])\s|\n", text.strip(), maxsplit=1)[0]
    first = " ".join(first.split()).removesuffix(".")
    return first if len(first) <= 120 else first[:119].rsplit(" ", 1)[0] + "…"


def _language(text: str) -> str:
    found = read(text[:20_000]).languages
    return found[0].value if len(found) == 1 else ""


def _new_key() -> str:
    """A key that tells nothing of how many needs there are."""
    return f"{timezone.now().year}-" + "".join(secrets.choice(_LETTERS) for _number in range(6))


def _save(need: Need) -> None:
    try:
        need.full_clean()
    except ValidationError as error:
        raise Impossible(" ".join(error.messages)) from error
    need.save()


def _ask(need: Need, asked: list[AskedFor]) -> None:
    wanted = {one.concept: one.essential for one in asked}
    if len(wanted) > MOST_ASKED:
        raise Impossible(_("Ask for at most %d capabilities; keep those that matter most.") % MOST_ASKED)
    known = vocabulary().concepts
    if strange := sorted(key for key in wanted if key not in known):
        raise Impossible(_("“%s” is no capability of the vocabulary.") % strange[0][:120])
    Asked.objects.bulk_create(Asked(need=need, concept=key, essential=must) for key, must in wanted.items())


def _keep_requester(need: Need, asker: Asker, actor: Actor, addressee_id: int) -> None:
    try:
        validate_email(asker.email.strip())
        size = size_class(Figures(asker.staff, asker.turnover, asker.balance))
    except ValidationError as error:
        raise Impossible(_("Give a mail address to which the answer can be sent.")) from error
    except ValueError as error:
        raise Impossible(_("Staff, turnover and balance sheet are not negative.")) from error
    if asker.sector and asker.sector not in Sector.values:
        raise Impossible(_("“%s” is no sector of the list; leave it empty.") % asker.sector[:20])
    if not asker.organisation.strip():
        raise Impossible(_("Say for which organisation you ask."))
    Requester.objects.create(
        need=need,
        person_id=actor.user_id,
        organisation=asker.organisation.strip()[:300],
        country=asker.country,
        contact=asker.contact.strip()[:200],
        email=asker.email.strip(),
        language=(get_language() or "fr")[:2],
        is_enterprise=asker.is_enterprise,
        staff=asker.staff,
        turnover=asker.turnover,
        sector=asker.sector,
        balance=asker.balance,
        size=(size if asker.is_enterprise else SizeClass.UNKNOWN).value,
        readers=[addressee_id],
    )


def may_be_addressed(organisation_id: int, day: dt.date) -> Organisation:
    """The body, if it takes needs on a day. Raises `Impossible`."""
    found: Organisation | None = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if found is None or working_days_promised(organisation_id, day) is None:
        raise Impossible(_("This body takes no needs at the moment; choose another one."))
    return found
