"""The header of every page has the name of the network, those of signing in included, which are a library's."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.clients import page_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["new-need", "account_login", "account_reset_password", "account_request_login_code"])
def test_the_header_names_the_network(page: str) -> None:
    shown = page_text(Client().get(reverse(page)))
    assert re.search(r'class="brand".*?<bdi>([^<]+)</bdi>', shown, re.DOTALL)[1] == "Maillage"
