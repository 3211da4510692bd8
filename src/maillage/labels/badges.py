"""Badges of the public awards of organisations, by Open Badges 3.0, and their revocation.

https://www.imsglobal.org/spec/ob/v3p0: an `OpenBadgeCredential` of the W3C's data model 2.0, signed as a JSON Web
Token, with a 1EdTech revocation list as its status. Texts are in both French and English, since a badge has no
language of a reader.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.core import formats
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.addresses import permanent_address
from maillage.core.certainty import evidence_of
from maillage.core.json_types import JsonObject
from maillage.labels import signing_keys
from maillage.labels.actions.badge_keys import create_first_badge_key
from maillage.labels.models import Award, Label
from maillage.register.models import Organisation
from maillage.register.vocabulary import IDENTIFIER_SCHEMES

BadgeData = JsonObject
_OB = "https://purl.imsglobal.org/spec/ob/v3p0"
_CONTEXT = ["https://www.w3.org/ns/credentials/v2", f"{_OB}/context-3.0.3.json", f"{_OB}/extensions.json"]
_SCHEMA = f"{_OB}/schema/json/ob_v3p0_achievementcredential_schema.json"
_MAX_EVIDENCE = 20
_TOKEN = re.compile(r"[A-Za-z0-9_.-]+")


def get_badge_award(number: int) -> Award | None:
    """The award of a badge: public and held by an organisation; `None` if there is none of this number."""
    awards = Award.objects.visible_to(PUBLIC).exclude(holder=None).select_related("label__authority", "holder")
    award: Award | None = awards.filter(pk=number).first()
    return award


def sign_badge(award: Award) -> str:
    """The signed badge in the compact form of VC-JWT. Creates the first key of the site if there is none."""
    signer = signing_keys.current_signer()
    while signer is None:
        create_first_badge_key(actor=SYSTEM, at=timezone.now())
        signer = signing_keys.current_signer()
    return signing_keys.sign_claims(badge_claims(award), signer)


def badge_claims(award: Award) -> BadgeData:
    """The credential with the claims of a JSON Web Token that repeat it, as section 8.2.4 of Open Badges asks."""
    credential = badge_credential(award)
    claims = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": int(_valid_from(award).timestamp()),
    }
    if ends := _valid_until(award):
        claims["exp"] = int(ends.timestamp())
    return credential | claims


def badge_credential(award: Award) -> BadgeData:
    """The `OpenBadgeCredential`, not signed. It is valid from the first day that is sure to the last that is possible;
    an end that no source gives leaves it without `validUntil`.
    """
    address, ends = permanent_address("badges", award.pk), _valid_until(award)
    name = _badge_name(award)
    credential = {
        "@context": _CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{name} – {_in_both_languages(lambda: str(award.holder))}",
        "description": _in_both_languages(lambda: _badge_description(award)),
        "image": {"id": f"{address}.svg", "type": "Image", "caption": name},
        "issuer": _issuer_profile(award.label),
        "validFrom": _timestamp(_valid_from(award)),
        "credentialSubject": _subject(award),
        "evidence": _evidence(award),
        "credentialSchema": [{"id": _SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": _status_address(award.pk, badge_fingerprint(award)),
            "type": "1EdTechRevocationList",
        },
    }
    if ends:
        credential["validUntil"] = _timestamp(ends)
    return {name: value for name, value in credential.items() if value}


def _in_both_languages(get_text: Callable[[], str]) -> str:
    """A text in French, then in English if that differs."""
    texts = []
    for language in ("fr", "en"):
        with override(language):
            texts.append(get_text())
    return " / ".join(dict.fromkeys(texts))


def _badge_name(award: Award) -> str:
    name, mark = _in_both_languages(lambda: str(award.label)), _in_both_languages(lambda: _("SIMULATED"))
    return f"{mark} – {name}" if award.simulated else name


def _badge_description(award: Award) -> str:
    """The award in a sentence, with the site that signs it."""
    template = _(
        "The register %(site)s says: %(holder)s, %(label)s, %(term)s. Signed by the register, not by who awards."
    )
    description = template % {
        "site": settings.SITE_URL,
        "holder": award.holder,
        "label": award.label,
        "term": formats.period(award.period_start, award.period_end),
    }
    return " ".join((_("Simulated: nothing of this is real."), description)) if award.simulated else description


def _issuer_profile(label: Label) -> BadgeData:
    """The profile of the authority of a label: an organisation of the register, a name as text, or else the site."""
    if label.authority:
        authority = label.authority
        profile = {
            "id": permanent_address("organisations", authority.key),
            "name": _in_both_languages(lambda: str(authority)),
            "url": authority.website,
            "otherIdentifier": [
                {"type": "IdentifierEntry", "identifierType": kind, "identifier": value}
                for kind, value in _identifiers(authority)
            ],
        }
    else:
        authority_address = f"{permanent_address('labels', label.key)}#authority"
        profile = {"id": authority_address, "name": label.authority_text or settings.SITE_URL}
    return {"type": ["Profile"], **{name: value for name, value in profile.items() if value}}


def _identifiers(organisation: Organisation) -> list[tuple[str, str]]:
    """Identifiers with an address in a public register: type and address, by the extensions of Open Badges."""
    identifiers = organisation.identifiers.order_by("scheme", "value")
    addressed_identifiers = (
        (identifier, IDENTIFIER_SCHEMES[identifier.scheme].address)
        for identifier in identifiers
        if identifier.scheme in IDENTIFIER_SCHEMES
    )
    return [
        (f"ext:{identifier.scheme}", address.format(identifier.value))
        for identifier, address in addressed_identifiers
        if address
    ]


def _subject(award: Award) -> BadgeData:
    holder: Any = award.holder  # Any: not `None`, since a badge is of an award that an organisation holds
    identities = [("name", _in_both_languages(lambda: str(holder))), *_identifiers(holder)]
    return {
        "id": permanent_address("organisations", holder.key),
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "identityType": kind, "identityHash": value, "hashed": False}
            for kind, value in identities
        ],
        "achievement": _achievement(award),
    }


def _achievement(award: Award) -> BadgeData:
    label = award.label
    purpose = _in_both_languages(lambda: str(label.purpose or label))
    return {
        "id": permanent_address("labels", label.key),
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": _badge_name(award),
        "description": purpose,
        "criteria": {"id": permanent_address("labels", label.key), "narrative": purpose},
        "creator": _issuer_profile(label),
    }


def _evidence(award: Award) -> list[BadgeData]:
    key = (Award.kind_name(), award.pk)
    titles_by_url = {
        citation.source.url: str(citation.source) for citation in evidence_of([key], actor=PUBLIC)[key].citations
    }
    sources = [{"id": url, "type": ["Evidence"], "name": title} for url, title in titles_by_url.items()]
    return sources[:_MAX_EVIDENCE]


# The term, as times in the time zone of the site.


def _valid_from(award: Award) -> dt.datetime:
    """The first certain day, else the first possible day, else the time when the award was recorded."""
    first_day = award.certain.lower or award.possible.lower
    if first_day:
        return _midnight(first_day)
    events = apps.get_model("labels", "AwardEvent")._default_manager.filter(id=award.pk)
    recorded_at: dt.datetime | None = events.aggregate(first=Min("pgh_created_at"))["first"]
    return (recorded_at or timezone.now()).replace(microsecond=0)


def _valid_until(award: Award) -> dt.datetime | None:
    """The last second of the last possible day; `None` if that is not known."""
    after = award.possible.upper
    return _midnight(after) - dt.timedelta(seconds=1) if after else None


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _timestamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# Revocation.


def badge_fingerprint(award: Award) -> str:
    """A hash of label, holder, start and simulation of an award; if it changes, earlier badges are revoked."""
    holder: Any = award.holder  # Any: not `None`, since a badge is of an award that an organisation holds
    text = "\n".join((award.label.key, holder.key, award.period_start, str(award.simulated)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def award_has_ended(award: Award, day: dt.date) -> bool:
    """Whether the award has surely ended by a day."""
    after: dt.date | None = award.possible.upper
    return after is not None and after <= day


def revocation_reason(number: int, seal: str, day: dt.date) -> str:
    """Why a badge is revoked on a day, in the active language; empty if it is valid, surely or perhaps.

    `seal` is the fingerprint that the badge was signed with.
    """
    award = get_badge_award(number)
    if award is None:
        return _("The register has no public award with this number: it was withdrawn, or never was.")
    if badge_fingerprint(award) != seal:
        return _("The register says something else of this award since the badge was signed.")
    if award_has_ended(award, day):
        return _("Ended: %(period)s.") % {"period": formats.period(award.period_start, award.period_end)}
    return ""


def revocation_list(number: int, seal: str, day: dt.date) -> BadgeData:
    """The revocation list of one badge; it contains the badge once it is revoked."""
    reason = _in_both_languages(lambda: revocation_reason(number, seal, day))
    entry = {"id": permanent_address("badges", number), "revoked": True, "revocationReason": reason}
    award = get_badge_award(number)
    return {
        "id": _status_address(number, seal),
        "issuer": _issuer_profile(award.label)["id"] if award else settings.SITE_URL,
        "revokedCredentials": [entry] if reason else [],
    }


def _status_address(number: int, seal: str) -> str:
    return f"{permanent_address('badges', number)}/status/{seal}"


def badge_reference(claims: BadgeData) -> tuple[int, str]:
    """The number and the seal in the status address of a badge; 0 and an empty text if it has none."""
    status = claims.get("credentialStatus")
    address = str(status.get("id", "")) if isinstance(status, dict) else ""
    match = re.search(r"/badges/(\d{1,18})/status/(\w+)$", address)
    return (int(match[1]), match[2]) if match else (0, "")


def find_badge_token(text: str) -> str:
    """The first signed token in a text (a bare token, SVG or JSON); empty if there is none.

    The text is searched, not parsed: no entity is expanded and no address is fetched.
    """
    runs = (match[0] for match in _TOKEN.finditer(text))
    return next((run for run in runs if run.startswith("eyJ") and run.count(".") == 2), "")
