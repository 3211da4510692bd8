"""Badges: anyone verifies one from the published keys alone, and learns when it does not hold any more."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.core.actors import OFFICER, SYSTEM, Actor
from maillage.labels.actions.badge_keys import change_badge_key
from maillage.labels.models import Award, SigningKey
from maillage.labels.rows import AWARDS
from maillage.publishing.actions.lists import load_lists
from maillage.register.models import Organisation
from tests.labels.badge_verifier import base64url_bytes, verify_badge
from tests.web.clients import page_text

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def award(example) -> Award:
    """The award of OPALE: from 7 February 2020; no source gives its end."""
    return Award.objects.get(label__key="carnot", holder__key="opale")


def token(award: Award) -> str:
    answer = Client().get(f"/badges/{award.pk}.jwt")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
    return page_text(answer)


def keys() -> dict[str, Any]:
    return Client().get("/.well-known/jwks.json").json()


def path_of(address: str) -> str:
    assert address.startswith(SITE)
    return address.removeprefix(SITE)


def revoked(claims: dict[str, Any]) -> str:
    """Why the list that the badge names revokes it; empty where it does not."""
    found = Client().get(path_of(claims["credentialStatus"]["id"])).json()
    assert found["id"] == claims["credentialStatus"]["id"]
    return next((one["revocationReason"] for one in found["revokedCredentials"] if one["id"] == claims["id"]), "")


def asked(given: str) -> Any:
    return Client().post("/en/badges/verify", {"text": given})


def end(award: Award, day: str = "2024-06-30") -> None:
    award.period_end, award.attested = day, ""
    award.save()


def test_anyone_verifies_a_badge_from_the_published_keys(award):
    signed, published = token(award), keys()
    claims = verify_badge(signed, published)
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["issuer"]["id"] == claims["iss"] == f"{SITE}/organisations/mesr"
    subject = claims["credentialSubject"]
    assert subject["id"] == claims["sub"] == f"{SITE}/organisations/opale"
    assert claims["id"] == claims["jti"] == f"{SITE}/badges/{award.pk}"
    assert subject["achievement"]["criteria"]["narrative"]
    assert "Carnot" in claims["name"]
    assert dt.datetime.fromisoformat(claims["validFrom"]).timestamp() == claims["nbf"]
    assert claims["validFrom"] == "2020-02-06T23:00:00Z"  # midnight in Paris
    assert "validUntil" not in claims
    assert "exp" not in claims
    assert any(source["id"].startswith("https://jacob.cea.fr") for source in claims["evidence"])
    assert revoked(claims) == ""
    kid = json.loads(base64url_bytes(signed.split(".")[0]))["kid"]
    assert Client().get(path_of(kid)).json() == next(key for key in published["keys"] if key["kid"] == kid)
    assert not {"d", "p", "q"} & set(published["keys"][0])
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"name": "X"}).encode()).decode().rstrip("=")
    with pytest.raises(InvalidSignature):
        verify_badge(".".join((signed.split(".")[0], forged, signed.split(".")[2])), published)


def test_the_badge_of_an_ended_award_says_ended(award):
    before = token(award)
    assert "not known whether" in page_text(Client().get(f"/en/badges/{award.pk}"))
    assert "not known whether" in page_text(asked(before))
    end(award)
    assert "June 2024" in revoked(verify_badge(before, keys()))
    page = page_text(Client().get(f"/en/badges/{award.pk}"))
    assert "Ended" in page
    assert "30 June 2024" in page
    told = asked(before)
    assert told.status_code == 200
    assert "It does not hold today. Ended: 7 February 2020 – 30 June 2024." in page_text(told)
    claims = verify_badge(token(award), keys())
    assert (claims["validUntil"], claims["exp"]) == ("2024-06-30T21:59:59Z", 1719784799)
    assert "Terminé" in page_text(Client().get(f"/fr/badges/{award.pk}"))


def test_a_badge_withdrawn_or_told_otherwise_does_not_hold(award):
    signed = token(award)
    claims = verify_badge(signed, keys())
    award.holder = Organisation.objects.get(key="calym")
    award.save()
    assert "something else" in revoked(claims)
    award.holder, award.visibility = Organisation.objects.get(key="opale"), "network"
    award.save()
    assert "no public award" in revoked(claims)
    assert "no public award" in page_text(asked(signed))
    page = Client().get(f"/en/badges/{award.pk}")
    assert page.status_code == 404
    assert "does not hold today" in page_text(page)
    for ending in ("jwt", "json"):
        assert Client().get(f"/badges/{award.pk}.{ending}").status_code == 404
    assert Client().get(f"/en/awards/{award.pk}").status_code == 404


def test_keys_are_changed_and_what_they_signed_stays_good(award, settings):
    officer = Actor(name="O", roles=frozenset({OFFICER}))
    first = token(award)
    change_badge_key(actor=officer, at=timezone.now(), reason="It is old.")
    second = token(award)
    assert len(keys()["keys"]) == 2
    for signed in (first, second):
        assert verify_badge(signed, keys())["id"]
        assert asked(signed).status_code == 200
    settings.SECRET_KEY = "another"
    third = token(award)
    assert len({base64url_bytes(one.split(".")[0]) for one in (first, second, third)}) == 3
    assert "PRIVATE" not in SigningKey.objects.latest("pk").sealed_private
    change_badge_key(actor=officer, at=timezone.now(), reason="A disk was lost.", leaked=True)
    assert len(keys()["keys"]) == 1
    with pytest.raises(KeyError):
        verify_badge(third, keys())
    refused = asked(third)
    assert refused.status_code == 422
    assert "not believed any more" in page_text(refused)


def test_the_picture_holds_the_badge_and_is_verified(award):
    answer = Client().get(f"/en/badges/{award.pk}.svg")
    drawn = ET.fromstring(answer.content)
    baked = drawn[0]
    assert baked.tag == "{https://purl.imsglobal.org/ob/v3p0}credential"
    assert verify_badge(baked.get("verify"), keys())["id"].endswith(f"/{award.pk}")
    assert "OPALE" in drawn.find(f"{SVG}title").text
    assert "2020" in drawn.find(f"{SVG}desc").text
    envelope = Client().get(f"/badges/{award.pk}.json").content
    png = Client().get(f"/en/badges/{award.pk}.png").content
    texts = [content for kind, content in chunks(png) if kind == b"iTXt"]
    assert [one.split(b"\0")[0] for one in texts] == [b"openbadgecredential"]
    assert verify_badge(texts[0].split(b"\0")[-1].decode(), keys())["id"].endswith(f"/{award.pk}")
    for name, content in (("a.svg", answer.content), ("a.json", envelope), ("a.png", png)):
        sent = Client().post("/en/badges/verify", {"file": SimpleUploadedFile(name, content)})
        assert "Signed by this site, and not changed since" in page_text(sent)
    assert Client().get(f"/badges/{award.pk}.jwt?known=2020-01-01").status_code == 302
    assert Client().get(f"/badges/{award.pk}", follow=True).redirect_chain[-1][0] == f"/fr/badges/{award.pk}"


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each checked by its sum."""
    place = len(b"\x89PNG\r\n\x1a\n")
    while place < len(png):
        size = int.from_bytes(png[place : place + 4], "big")
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        assert zlib.crc32(kind + content) == int.from_bytes(png[place + 8 + size : place + 12 + size], "big")
        yield kind, content
        place += 12 + size


def part(value: Any) -> str:
    return (
        base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode().strip("=")
    )


def forgeries(signed: str) -> dict[str, str]:
    """Badges that nobody of this site signed, by what is wrong with them."""
    import jwt

    head, body, signature = signed.split(".")
    header, claims = json.loads(base64url_bytes(head)), json.loads(base64url_bytes(body))
    public = json.dumps(keys()["keys"][0]).encode()
    confused = f"{part({**header, 'alg': 'HS256'})}.{body}"
    other = rsa.generate_private_key(65537, 2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(other.public_key(), as_dict=True)
    elsewhere = {"kid": "http://127.0.0.1:9/evil.json", "jku": "http://127.0.0.1:9/evil.json", "jwk": jwk}
    nested = b'{"a":' * 6_000
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">'
    return {
        "“none”": f"{part({**header, 'alg': 'none'})}.{body}.",
        "“HS256”": f"{confused}.{part(hmac.digest(public, confused.encode(), hashlib.sha256))}",
        "signature does not fit": jwt.encode(claims, other, "RS256", headers={"kid": header["kid"], "jwk": jwk}),
        "signed elsewhere": jwt.encode(claims, other, "RS256", headers=elsewhere),
        "does not fit": f"{head}.{part({**claims, 'name': 'Ours'})}.{signature}",
        "cut off": f"{part(nested)}.{body}.{signature}",
        "may have been cut off": f"{part({**header, 'kid': 5})}.{body}.{signature}",
        "No signed badge": bomb + "<g>" * 20_000,
        "No signed badge is in this text": '{"type": "OpenBadgeCredential"}' + "[" * 50_000,
        "at most 100": "eyJ" * 50_000,
        "Paste a badge": " ",
        "begins with": "eyJ" * 30_000 + "é",
    }


def test_forged_and_hostile_badges_are_refused_in_words(award):
    for told, given in forgeries(token(award)).items():
        answer = asked(given)
        assert answer.status_code == 422, told
        assert told in page_text(answer), told
    for times, status, told in ((24_000, 422, "120000 bytes"), (100_000, 413, "too large for a badge")):
        large = Client().post("/en/badges/verify", {"file": SimpleUploadedFile("a.svg", b"<svg>" * times)})
        assert large.status_code == status
        assert told in page_text(large)
    assert Client(enforce_csrf_checks=True).post("/en/badges/verify", {"text": "eyJ.a.b"}).status_code == 403
    assert Client().post("/en/badges/verify").status_code == 422
    binary = Client().post("/en/badges/verify", {"file": SimpleUploadedFile("a.svg", b"\xff\xfe\x00eyJ.\x00.")})
    assert binary.status_code == 422


def test_a_simulated_award_says_so_in_its_badge(award):
    signed = token(award)
    award.simulated = True
    award.save()
    claims = verify_badge(token(award), keys())
    for place in (claims["name"], claims["description"], claims["credentialSubject"]["achievement"]["name"]):
        assert "SIMUL" in place.upper()
    assert "something else" in revoked(verify_badge(signed, keys()))
    for page in (f"/en/badges/{award.pk}", f"/en/badges/{award.pk}.svg", f"/en/awards/{award.pk}"):
        assert "imulated" in page_text(Client().get(page))


def test_pages_lead_to_the_badge(award):
    link = f'href="/en/badges/{award.pk}"'
    for page in (f"/en/awards/{award.pk}", "/en/organisations/opale"):
        assert link in page_text(Client().get(page))
    event = Award.objects.filter(holder=None).first()
    if event:
        assert "/badges/" not in page_text(Client().get(f"/en/awards/{event.pk}")).split("<main")[1]
        assert Client().get(f"/badges/{event.pk}.jwt").status_code == 404
    # Awards without any date have a badge too: it is valid since the register knows of them.
    undated = Award.objects.filter(period_start="", attested="").exclude(holder=None).first()
    assert verify_badge(token(undated), keys())["validFrom"]


def test_who_held_a_label_on_any_day(award, client):
    page = page_text(client.get("/en/labels/carnot?on=2016-01-01"))
    assert "Who holds it on 1 January 2016" in page
    found = client.get("/api/v1/awards?label=carnot&on=2016-01-01&force=possible&limit=200").json()["items"]
    held = {one["fields"]["holder_key"]: one["in_force"] for one in found}
    assert "opale" not in held
    assert (held["carnot-list"], held["carnot-leti"]) == ("yes", "unsure")
    surely = sum(1 for answer in held.values() if answer == "yes")
    assert f"On 1 January 2016, {surely} organisations hold it" in page
    assert f"; whether {len(held) - surely} others do is not known." in page
    later = client.get("/api/v1/awards?label=carnot&on=2021-01-01&force=possible&limit=200").json()["items"]
    assert {one["fields"]["holder_key"]: one["in_force"] for one in later}["opale"] == "yes"
    answer = client.get("/en/awards/?label=carnot&on=2021-01-01&force=possible&format=csv")
    assert len(b"".join(answer.streaming_content).splitlines()) == len(later) + 1


def test_lists_say_what_is_simulated(award, tmp_path, english):
    rows = ("opale, from: 2031, simulated: true", "calym, from: 2031, simulated: perhaps")
    path = tmp_path / "lists.yaml"
    path.write_text("awards:\n" + "".join(f"- {{label: carnot, holder: {row}}}\n" for row in rows))
    report = load_lists(actor=SYSTEM, at=timezone.now(), path=path)
    made = Award.objects.get(period_start="2031")
    assert made.simulated
    assert AWARDS.to_row(made)["simulated"] is True
    assert "simulated" not in AWARDS.to_row(award)
    (refused,) = report.refusals
    assert (refused.line, "must be yes or no" in refused.reason) == (3, True)
