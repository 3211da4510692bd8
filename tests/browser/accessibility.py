"""Accessibility."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def serious_violations(page: Page) -> list[str]:
    """What axe holds to be serious or critical on a page, in light and dark; only contrasts differ."""
    found = _grave(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in _grave(page, runOnly=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    return found


def _grave(page: Page, **options: object) -> list[str]:
    violations: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    grave = [one for one in violations if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in grave]
