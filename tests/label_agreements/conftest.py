"""The wave of `tests.calls.sample_call`; Django is not set up when this file is read."""

from typing import Any

import pytest


@pytest.fixture
def wave(db: None) -> Any:
    from tests.calls.sample_call import publish_sample_call as made

    return made()
