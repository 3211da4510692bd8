"""Names on pages: their direction, long words, regions by name."""

import pytest
from django.test import Client

from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db
ARABIC = "معهد باستور"


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_name_from_right_to_left_does_not_turn_its_neighbours(client: Client) -> None:
    Organisation.objects.create(key="rtl", name_en=ARABIC, kind="institute", city=ARABIC)
    Organisation.objects.create(key="ltr", name_en="Institute", kind="institute", city="Lille")
    listed = page(client, "/en/organisations/")
    assert f'<a href="/en/organisations/rtl" dir="auto">{ARABIC}</a>' in listed
    assert f'<span dir="auto">{ARABIC}</span>' in listed
    assert '<a href="/en/organisations/ltr">Institute</a>' in listed
    assert f'<span dir="auto">{ARABIC}</span>' in page(client, "/en/organisations/rtl").partition("</h1>")[0]


def test_regions_are_listed_and_described_by_name(client: Client) -> None:
    for code in ("FR-IDF", "FR-ARA", "FR-GES"):
        Organisation.objects.create(key=code.lower(), name_fr=code, kind="other", country="FR", region=code)
    options = page(client, "/fr/organisations/").partition('name="region"')[2].partition("</select>")[0]
    places = [options.index(name) for name in ("Auvergne-Rhône-Alpes", "Grand-Est", "Île-de-France")]
    assert places == sorted(places)
    assert '"addressRegion": "Île-de-France"' in page(client, "/fr/organisations/fr-idf")


def test_json_ld_leaves_out_the_dates_that_it_cannot_say(client: Client) -> None:
    dates = {"season": "2020-21", "doubt": "2019?", "month": "2006-XX", "day": "2020-02-07"}
    for key, date in dates.items():
        Organisation.objects.create(key=key, name_fr=key, kind="other", period_start=date)
    shown = {key for key in dates if "foundingDate" in page(client, f"/fr/organisations/{key}")}
    assert shown == {"day"}
