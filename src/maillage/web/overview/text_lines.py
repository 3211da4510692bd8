"""Texts of drawings: SVG does not break lines, so that names are cut or broken here."""


def shorten(text: str, letters: int) -> str:
    """A text of at most so many letters; what is left out is an ellipsis."""
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def break_lines(text: str, letters: int, most: int = 2) -> list[str]:
    """A text on at most `most` lines of at most so many letters."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and len(line) + 1 + len(words[0]) <= letters:
            line = f"{line} {words.pop(0)}"
        lines.append(shorten(line, letters))
    return [*lines, shorten(" ".join(words), letters)] if words else lines
