"""A progress bar for anything longer than two seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

DELAY_SECONDS = 2.0


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a `ProgressCallback`; the bar appears after `DELAY_SECONDS`."""
    from rich.console import Console
    from rich.progress import Progress

    progress, began = Progress(console=Console(stderr=True), transient=True), time.monotonic()
    tasks: dict[str, object] = {}

    def update(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = progress.add_task(what, total=total)
        progress.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]
        if not progress.live.is_started and time.monotonic() - began > DELAY_SECONDS:
            progress.start()

    try:
        yield update
    finally:
        progress.stop()


# Arguments: title of the task, steps done, steps in all.
ProgressCallback = Callable[[str, int, int], None]
