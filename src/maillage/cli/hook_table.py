"""`maillage hooks`: what follows what, from the registers, as the page docs/hooks.md."""

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from maillage.cli.site_session import set_up_django

_PAGE_HEAD = """# Hooks

What follows what, and which room answers what another room asks. The page comes from the registers, which each room
fills from its `hooks.py` and which are the same in every process: `scripts/maillage hooks > docs/hooks.md`.
"""
# A function with the name under which it is registered.
Rows = Iterable[tuple[str, Any]]  # Any: a function or a class, with its name and its module


def run() -> None:
    """Print what follows each action and each transition, and what rooms register."""
    set_up_django()
    print(hooks_page(), end="")


def hooks_page() -> str:
    """The page docs/hooks.md."""
    from django.utils import translation

    with translation.override("en"):
        sections = [*_followers(), *_workflow(), *_providers()]
    return _PAGE_HEAD + "".join(sections)


def _followers() -> list[str]:
    from maillage.core.action_registry import EVERY_ACTION_FOLLOWERS, FOLLOWERS
    from maillage.core.rows.list_followers import LIST_FOLLOWERS

    return [
        _section("After an action", "In its transaction: what a follower raises undoes the action.",
                 "Action", sorted(FOLLOWERS.values(), key=lambda item: item[0])),
        _section("After every action", "In its transaction.",
                 "", [("", follower) for follower in EVERY_ACTION_FOLLOWERS.values()]),
        _section("After facts of a list are written", "In their transaction, once for a form, sheet or file.",
                 "List", sorted(LIST_FOLLOWERS.values(), key=lambda item: item[0])),
    ]  # fmt: skip


def _workflow() -> list[str]:
    from maillage.workflow.guards import GUARDS
    from maillage.workflow.signals import NOTICE_LISTENERS, TRANSITION_PREPARATIONS

    return [
        _section("Before a transition", "After its guards, before the case is in its new state.",
                 "Transition", sorted(TRANSITION_PREPARATIONS.values(), key=lambda item: item[0])),
        _section("Guards", "Conditions that the definition of a process may name.",
                 "Guard", ((name, guard.holds) for name, guard in sorted(GUARDS.items())), _guard_words()),
        _section("Notices of cases", "Who delivers them.",
                 "", [("", listener) for listener in NOTICE_LISTENERS.values()]),
    ]  # fmt: skip


def _guard_words() -> dict[str, str]:
    from maillage.workflow.guards import GUARDS

    return {name: str(guard.title) for name, guard in GUARDS.items()}


def _providers() -> list[str]:
    from maillage.calls.checks import ELIGIBILITY_CHECKS
    from maillage.desk.done_rows import DONE_PROVIDERS
    from maillage.desk.providers import CASE_PAGES, DESK_PROVIDERS
    from maillage.notifications.notice_kinds import NOTICE_KINDS
    from maillage.people.personal_data import PERSONAL_DATA
    from maillage.register.collaboration_provider import COLLABORATION_PROVIDERS
    from maillage.register.company_numbers import COMPANY_NUMBER_PROVIDERS
    from maillage.register.figure_provider import FIGURES
    from maillage.register.label_provider import HELD_LABELS_PROVIDERS, HOLDERS_PROVIDERS, LABEL_LIST_PROVIDERS
    from maillage.search.finders import FINDERS

    labels = [*HELD_LABELS_PROVIDERS.values(), *LABEL_LIST_PROVIDERS.values(), *HOLDERS_PROVIDERS.values()]
    checks = sorted(ELIGIBILITY_CHECKS.items())
    figures = sorted(FIGURES.items())
    return [
        _section("Labels", "Who holds which label, for rooms below labels.",
                 "", [("", provider) for provider in labels]),
        _section("Collaboration", "Which organisations have worked together.",
                 "", [("", provider) for provider in COLLABORATION_PROVIDERS.values()]),
        _section("Company numbers", "Which organisation has which SIREN, by evidence of other rooms.",
                 "", [("", provider) for provider in COMPANY_NUMBER_PROVIDERS.values()]),
        _section("Figures", "Figures of an organisation, with their evidence.",
                 "Figure", [(name, figure.tell) for name, figure in figures],
                 {name: str(figure.title) for name, figure in figures}),
        _section("Eligibility checks", "Conditions of a call that the site checks itself.",
                 "Check", [(name, check.run) for name, check in checks],
                 {name: str(check.title) for name, check in checks}),
        _section("Rows of the desk", "What waits for a person, over all mandates.",
                 "", [("", provider) for _name, provider in sorted(DESK_PROVIDERS.items())]),
        _section("Pages of cases", "Where the cases of a process are dealt with, if not on their own page.",
                 "Process", sorted(CASE_PAGES.items())),
        _section("Done today", "What stands on the desk as done today.",
                 "", [("", provider) for _name, provider in sorted(DONE_PROVIDERS.items())]),
        _section("Finders", "Kinds of record that are found in a way of their own; others are found by their listing.",
                 "Kind", [(name, finder.documents) for name, finder in sorted(FINDERS.items())]),
        _table("Personal data", "What the site keeps of a person, for the export and the erasure.",
               ("Part", "Table", "Erased with the account"),
               [(f"`{name}`", f"`{data.model._meta.label_lower}`", "yes" if data.erased_with_account else "no")
                for name, data in sorted(PERSONAL_DATA.items())]),
        _table("Kinds of notice", "What persons may be told of.", ("Kind", "Notices about", "At first"),
               [(f"`{name}`", str(kind.title), str(kind.pace)) for name, kind in sorted(NOTICE_KINDS.items())]),
    ]  # fmt: skip


def _section(title: str, about: str, key: str, rows: Rows, words: dict[str, str] | None = None) -> str:
    """A table of functions by name, each with what it does: the words of that name, else its first sentence."""
    by_name: dict[str, list[Callable[..., object]]] = defaultdict(list)
    for name, function in rows:
        by_name[name].append(function)
    heads = (key, "Function", "What it does") if key else ("Function", "What it does")
    cells = [
        (*([f"`{name}`"] if key else []), f"`{_place(function)}`", (words or {}).get(name) or first_sentence(function))
        for name, functions in by_name.items()
        for function in functions
    ]
    return _table(title, about, heads, cells)


def _table(title: str, about: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, *rows)]
    lines.insert(1, "|" + "---|" * len(heads))
    return f"\n## {title}\n\n{about}\n\n" + "\n".join(lines) + "\n"


def _place(function: Callable[..., object]) -> str:
    return f"{function.__module__.removeprefix('maillage.')}.{function.__qualname__}"


def first_sentence(function: Callable[..., object]) -> str:
    """The first sentence of a function's docstring, on one line; empty where there is none."""
    text = " ".join(inspect.cleandoc(function.__doc__ or "").split("\n\n")[0].split())
    sentence, stop, _rest = text.partition(". ")
    return f"{sentence}." if stop else text
