"""A text in both languages."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class BilingualText:
    """A text in both languages; shown in the active one."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.fr if (get_language() or "fr").startswith("fr") else self.en

    def __bool__(self) -> bool:
        return bool(self.fr or self.en)
