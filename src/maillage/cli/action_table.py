"""`maillage actions`: who may do what, from the registry of actions, as the table of docs/actions.md."""

from maillage.cli.site_session import set_up_django

_PAGE_HEAD = """# Actions

Everything that can change the register, and who may do it. The table comes from the registry of actions:
`scripts/maillage actions > docs/actions.md`.

| Action | What it does | Roles |
|---|---|---|
"""


def run() -> None:
    """Print the table of all actions and of the roles that may run each."""
    set_up_django()
    print(actions_table(), end="")


def actions_table() -> str:
    """The page docs/actions.md: one row for each registered action."""
    from django.utils import translation

    from maillage.core.action_registry import REGISTRY

    with translation.override("en"):
        rows = [
            f"| `{action.name}` | {action.title} | {', '.join(sorted(action.roles))} |"
            for action in sorted(REGISTRY.values(), key=lambda action: action.name)
        ]
    return _PAGE_HEAD + "\n".join(rows) + "\n"
