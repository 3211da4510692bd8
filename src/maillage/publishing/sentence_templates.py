"""Templates of sentences: text with `{variable}` or `{variable.part}` in it."""

import re
from collections.abc import Iterator

_VARIABLE = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
_BRACE = re.compile(r"[{}]")
# The end of the fact whose phase decides the sentence; it needs no binding.
END_VARIABLE = "end"


class InvalidTemplateError(ValueError):
    """A template with a brace that belongs to no variable."""


def split_template(template: str) -> Iterator[tuple[str, str]]:
    """The text before each variable, and the variable, which is empty after the last text."""
    place = 0
    for hole in _VARIABLE.finditer(template):
        yield template[place : hole.start()], hole[1]
        place = hole.end()
    yield template[place:], ""


def template_variables(template: str) -> set[str]:
    """The variables of a template, without their parts. Raises `InvalidTemplateError`."""
    parts = list(split_template(template))
    for text, _variable in parts:
        if brace := _BRACE.search(text):
            near = text[max(0, brace.start() - 12) : brace.start() + 12]
            raise InvalidTemplateError(f"“{brace[0]}” near “{near}” is no variable; write {{name}} or {{name.part}}")
    return {variable.partition(".")[0] for _text, variable in parts if variable}
