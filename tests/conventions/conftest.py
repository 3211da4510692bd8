"""The wave of `tests.calls.wave`; Django is not set up when this file is read."""

from typing import Any

import pytest


@pytest.fixture
def wave(db: None) -> Any:
    from tests.calls.wave import wave as made

    return made()
