"""How many examples a property test tries."""

from hypothesis import settings

_USUAL = 100


def examples(number: int) -> settings:
    """Settings for `number` examples; proportionally fewer with `-m unit`."""
    return settings(max_examples=max(1, number * settings().max_examples // _USUAL), deadline=None)
