"""Checks of the text and the terms of a need."""

import datetime as dt
import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor
from maillage.core.regions import is_region
from maillage.partnerships.need_inputs import MAX_TEXT_LENGTH, NeedTerms
from maillage.register.label_provider import list_known_labels
from maillage.register.vocabulary import OrganisationKind


def check_need_text(text: str) -> None:
    """Raise `ActionError` for a text that is too long, or too short to match anything."""
    if len(text) > MAX_TEXT_LENGTH:
        message = ngettext("The text has %(length)d character; shorten it to %(most)d, or attach it as a file.",
                        "The text has %(length)d characters; shorten it to %(most)d, or attach it as a file.",
                        len(text))  # fmt: skip
        raise ActionError(message % {"length": len(text), "most": MAX_TEXT_LENGTH})
    # Three words; or a long run of characters, for scripts without spaces between words.
    words = re.findall(r"[^\W\d_]{2,}", text[:2_000])
    if len(words) < 3 and not any(len(word) >= 12 and not word.isascii() for word in words):
        raise ActionError(_("Say in a sentence or two what you need: nothing can be found for so few words."))


def check_need_terms(terms: NeedTerms, actor: Actor, day: dt.date) -> None:
    """Raise `ActionError` for terms that contradict each other, naming both sides, or are unknown to the register."""
    unknown = [code for code in terms.countries if not re.fullmatch("[A-Z]{2}", code)]
    unknown += [code for code in terms.regions if not is_region(code)]
    if unknown:
        raise ActionError(_("Not a code of a country or region: %s.") % ", ".join(unknown)[:200])
    astray = [code for code in terms.regions if terms.countries and code[:2] not in terms.countries]
    if astray:
        message = _(
            "The regions %(regions)s lie outside the countries asked for (%(countries)s); leave out one of them."
        )
        raise ActionError(message % {"regions": ", ".join(astray), "countries": ", ".join(terms.countries)})
    if terms.label_key and terms.label_key not in dict(list_known_labels(actor)):
        raise ActionError(_("There is no label “%s”; choose one of the list.") % terms.label_key[:80])
    if bool(terms.trl_low) != bool(terms.trl_high):
        raise ActionError(_("Give both ends of the readiness levels, or none."))
    if terms.budget is not None and terms.budget <= 0:
        raise ActionError(_("A budget is above 0; leave it empty where there is none."))
    if terms.label_on and not terms.label_key:
        raise ActionError(_("Say which label must be held on that day."))
    if terms.start_on and terms.start_on < day:
        raise ActionError(_("The start lies in the past; give a day to come, or none."))
    if terms.seat_kind and terms.seat_kind not in OrganisationKind.values:
        raise ActionError(_("There is no such kind of organisation; choose one of the list."))
