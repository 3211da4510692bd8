"""Every process of the site holds the same registers: what follows an action does not depend on where it runs."""

import json
import os
import subprocess
import sys

import pytest

_PRINT = """
import json
from maillage.core.action_registry import followers_of
from maillage.core.registers import qualified_name, register_contents
followers = [qualified_name(follower) for follower in followers_of("labels.end_award")]
print(json.dumps({"registers": register_contents(), "followers": followers}))
"""
_BARE = "import django; django.setup()"
SET_UPS = {
    "worker": """
from maillage.cli.site_session import set_up_django
set_up_django()
from procrastinate.contrib.django import app
app.perform_import_paths()
""",
    "command line": """
import maillage.cli.load
from maillage.cli.site_session import set_up_django
set_up_django()
import maillage.publishing.actions.lists
""",
    "site": f"""
{_BARE}
from django.urls import get_resolver
assert get_resolver().url_patterns
""",
    "every module imported": f"""
{_BARE}
import importlib, pkgutil, maillage
apart = ("__main__", ".wsgi", ".provider_sign_in", ".provider_urls", ".provider_views", ".files.s3")
for module in pkgutil.walk_packages(maillage.__path__, "maillage."):
    if ".migrations" not in module.name and not module.name.endswith(apart):
        importlib.import_module(module.name)
""",
}


def _registers_after(set_up: str) -> dict:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "maillage.settings"}
    command = [sys.executable, "-c", set_up + _PRINT]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def bare() -> dict:
    return _registers_after(_BARE)


@pytest.mark.parametrize("process", SET_UPS)
def test_each_process_holds_the_registers_of_bare_set_up(process, bare):
    assert _registers_after(SET_UPS[process]) == bare


def test_the_worker_updates_members_when_an_award_ends(bare):
    # The worker's followers are compared with these above.
    assert "maillage.label_agreements.hooks.update_members_after_award" in bare["followers"]
    assert len(bare["registers"]["actions"]) > 100
