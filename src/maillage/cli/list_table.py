"""`maillage lists`: the lists of the register and their fields, as the page docs/lists.md."""

from typing import TYPE_CHECKING

from maillage.cli.site_session import set_up_django

if TYPE_CHECKING:
    from maillage.core.rows.fact_list import AnyFactList
    from maillage.core.rows.row import RowField

_PAGE_HEAD = """# Lists

The lists of facts, in the order in which a file of them is loaded, with the fields of a row. One description makes the
form of the page, the template and the reader of sheets, the reader of YAML files, the API and this page, which is
printed by `scripts/maillage lists > docs/lists.md`.

A row without an `id` is matched by its *natural key*; a start that becomes known replaces an unknown one. In files, a
source is an address, or a mapping such as `{kind: letter, title: …, issuer: …, dated: 2024-07, place: page 2}` or
`{kind: statement, of: key-of-the-organisation}`.
"""


def run() -> None:
    """Print the page."""
    set_up_django()
    print(lists_page(), end="")


def lists_page() -> str:
    """The page docs/lists.md."""
    from django.utils import translation

    from maillage.core.rows.withdrawn_list import file_lists

    with translation.override("en"):
        return _PAGE_HEAD + "".join(_section(fact_list) for fact_list in file_lists().values())


def _section(fact_list: "AnyFactList") -> str:
    key = ", ".join(f"`{fact_list.field(name).key}`" for name in fact_list.natural_key)
    about = (
        f"{' '.join((fact_list.row.__doc__ or '').split())} In files: `{fact_list.name}`. Natural key: {key}. "
        f"Written by: {', '.join(fact_list.writers)}."
    )
    lines = [
        f"\n## {fact_list.title}",
        "",
        about,
        "",
        "| Field | Title | In French | Type | Required | Help |",
        "|---|---|---|---|---|---|",
        *(_field_line(field) for field in fact_list.fields),
    ]
    return "\n".join(lines) + "\n"


def _field_line(field: "RowField") -> str:
    from django.utils import translation

    with translation.override("fr"):
        french = field.title
    cells = [f"`{field.key}`", field.title, french, _type_words(field), "yes" if field.required else "", field.help]
    return f"| {' | '.join(cells)} |"


def _type_words(field: "RowField") -> str:
    schema = field.type.json_schema()
    if isinstance(choices := schema.get("enum"), list):
        return "one of " + ", ".join(f"`{key}`" for key in choices)
    return type_name(field.type)


def type_name(value_type: object) -> str:
    """The type of a field in words: `several of web address`, `record of organisations`."""
    from maillage.core.rows.values import Reference, Several

    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(value_type).__name__)
    if isinstance(value_type, Several):
        return f"several of {type_name(value_type.of)}"
    if isinstance(value_type, Reference):
        return f"{words.strip()} ({value_type.list})"
    return words.strip()
