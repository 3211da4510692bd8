"""What charters declare: new holders of a label are followed."""

import datetime as dt

from maillage.charter.actions.follow_ups import start_follow_ups
from maillage.core.action_registry import follows


@follows("reviews.publish_decisions")
def follow_new_holders(*, at: dt.datetime, **_others: object) -> None:
    """Start the follow-up of newly awarded labels."""
    start_follow_ups(at)
