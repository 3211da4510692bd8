"""An empty site of its own for a test file, and its officer."""

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site, fresh_database, running_site, user_environment


@dataclass(frozen=True)
class EmptySite:
    """A site that was started empty, with the folder of its data and the variables of its database."""

    site: Site
    folder: Path
    variables: dict[str, str]

    def mailed_link(self, email: str, part: str) -> str:
        """The link with this part in a mail to an address, as soon as the worker has written it."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            mails = [file.read_text(errors="replace") for file in sorted((self.folder / "mail").glob("*"))]
            texts = (mail.replace("=\n", "").replace("=3D", "=") for mail in mails if email in mail)
            if found := next((found for text in texts if (found := re.search(rf"http://\S*{part}\S*", text))), None):
                return found[0]
            time.sleep(0.3)
        raise AssertionError(f"no mail to {email} has a link with {part}")


@contextmanager
def empty_site() -> Iterator[EmptySite]:
    """Run an empty site in a folder and a database of its own."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="maillage-empty-")))
        variables = {}
        if own := user_environment().get("DATABASE_URL"):
            variables["DATABASE_URL"] = ending.enter_context(fresh_database(own))
        yield EmptySite(ending.enter_context(running_site(folder, "--empty", **variables)), folder, variables)


def officer_page(browser: Browser, site: Site) -> Page:
    """A page of the officer of the site, signed in, in English."""
    page = browser.new_context(base_url=site.url, locale="en-GB").new_page()
    page.goto("/en/sign-in")
    page.locator("input[name=username]").fill(site.email)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main form button.go").click()
    expect(page.locator("footer")).to_contain_text("What you may record")
    return page


def check_page(page: Page) -> None:
    """Nothing serious for axe, and no sideways scroll, wide and on a phone."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert serious_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
