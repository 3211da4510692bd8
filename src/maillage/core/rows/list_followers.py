"""What follows a change of the facts of a list, whoever made it: a form, a sheet, a file or a program."""

from collections.abc import Callable

from maillage.core.registers import Register, qualified_name
from maillage.core.rows.fact_list import AnyFactList

ListFollower = Callable[[], None]
# Followers by "list > function".
LIST_FOLLOWERS: Register[tuple[str, ListFollower]] = Register("list followers")


def follows_list(name: str) -> Callable[[ListFollower], ListFollower]:
    """Run a function once after each change of facts of a list, in the same transaction, however many facts changed.

    The function must bring about the same state whichever facts changed, and must change nothing where nothing did.
    """

    def register(function: ListFollower) -> ListFollower:
        LIST_FOLLOWERS[f"{name} > {qualified_name(function)}"] = (name, function)
        return function

    return register


def finish_list(fact_list: AnyFactList) -> None:
    """Run what a list does once its rows are written, then what other rooms do."""
    if fact_list.finish:
        fact_list.finish()
    for name, follower in LIST_FOLLOWERS.values():
        if name == fact_list.name:
            follower()
