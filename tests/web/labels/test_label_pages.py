"""The page of a label: its waves, what is not known of them, and the holders known here."""

import re

import pytest
from django.test import Client

from tests.web.clients import page_words

pytestmark = pytest.mark.django_db


def test_the_page_of_a_label_shows_gaps_and_the_holders_known(example: None, client: Client) -> None:
    shown = page_words(client, "/en/labels/carnot")
    second = shown[shown.index("Carnot 2 ", shown.index("Holders known here")) :]
    second = second[: second.index("Carnot 3 ")]
    for told in ("9 December 2010", "28 April 2011 – 27 April 2016 derived", "not known", "of which renewed: 24"):
        assert told in second
    assert re.search(r"Not known: .*How many for one theme · At most, in the country", shown)
    assert "Paramètre" in page_words(client, "/fr/labels/carnot")


def test_each_count_of_holders_is_the_list_that_it_leads_to(example: None, client: Client) -> None:
    html = client.get("/en/labels/carnot").content.decode()
    links = re.findall(r'<a href="(/en/awards/\?[^"]+)">\s*(\d+) (?:known by name|others?, whose dates)', html)
    assert len(links) >= 8
    for address, number in links[:4]:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert re.search(rf"<caption>\s*Awards: {number}\s*</caption>", listed) or int(number) == 0
