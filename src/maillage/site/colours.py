"""Colours of the site: their contrast by WCAG 2.2, and the shades made from the one that officers choose."""

import re
from dataclasses import dataclass

# The least contrast of text by WCAG 2.2, level AA.
LEAST_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}")
_WHITE, _BLACK = "#ffffff", "#000000"


@dataclass(frozen=True, slots=True)
class Scheme:
    """The light or the dark scheme: the grounds on which text stands, the paper first, and the end that contrasts."""

    grounds: tuple[str, ...]
    far_end: str


# The grounds are those of `style.css`: paper, wash, and the two of messages.
LIGHT = Scheme(("#ffffff", "#f5f8f7", "#fff4e0", "#fdeeee"), _BLACK)
DARK = Scheme(("#10181b", "#172125", "#2d2313", "#331a1c"), _WHITE)


def is_colour(text: str) -> bool:
    """Whether a text is a colour as `#0b6e63`, in lower case."""
    return bool(_HEX.fullmatch(text))


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, scheme: Scheme) -> float:
    """The contrast of a colour with the ground of a scheme that it stands out from least."""
    return min(contrast(colour, ground) for ground in scheme.grounds)


def nearest_legible(colour: str, scheme: Scheme) -> str:
    """The colour itself, or the nearest on its way to black (to white in the dark scheme) that has enough contrast."""
    shades = (mix(colour, scheme.far_end, share / 50) for share in range(51))
    return next(shade for shade in shades if least_contrast(shade, scheme) >= LEAST_CONTRAST)


def mix(colour: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def palette(colour: str, scheme: Scheme) -> dict[str, str]:
    """The values of the style sheet's variables for a colour of links and buttons."""
    paper = scheme.grounds[0]
    tints = (mix(paper, colour, share / 100) for share in range(12, -1, -1))
    return {
        "opal": colour,
        "opal-2": next((tint for tint in tints if contrast(colour, tint) >= LEAST_CONTRAST), paper),
        "opal-3": mix(paper, colour, 0.4),
        "on-opal": max((_WHITE, _BLACK), key=lambda text: contrast(text, colour)),
    }


def colour_sheet(light: str, dark: str) -> str:
    """The style sheet of the site's colours; an empty dark one is made from the light one."""
    dark = dark or nearest_legible(light, DARK)
    return (
        f":root {{ {_declarations(palette(light, LIGHT))} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_declarations(palette(dark, DARK))} }} }}\n"
    )


def _declarations(values: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
