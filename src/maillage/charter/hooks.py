"""Hooks."""

import datetime as dt
from typing import Any

from maillage.charter.actions.follow_ups import start_follow_ups
from maillage.core.action_registry import follows


@follows("reviews.publish_decisions")
def follow_new_holders(*, at: dt.datetime, **_others: Any) -> None:
    """A label awarded today is followed from today."""
    start_follow_ups(at)
