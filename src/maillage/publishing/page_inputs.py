"""The sentences of a page as arguments of actions."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from maillage.publishing.sentence_checks import TEMPLATE_NAMES


@dataclass(frozen=True, slots=True)
class SentenceInput:
    """A sentence in both languages, the fact that decides whether it is shown, and what its variables are bound to.

    `holds` and `bind` have the forms of docs/statements.md.
    """

    fr: str
    en: str
    holds: dict[str, JsonValue]
    bind: dict[str, JsonValue] = field(default_factory=dict)
    ended_fr: str = ""
    ended_en: str = ""
    unsure_fr: str = ""
    unsure_en: str = ""

    def templates(self) -> dict[str, str]:
        """The templates that are filled in, by variant and language."""
        texts = {name: " ".join(getattr(self, name).split()) for name in TEMPLATE_NAMES}
        return {name: text for name, text in texts.items() if text}
