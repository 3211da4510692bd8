"""The web server process of `maillage up`: granian, with one worker and a few threads."""

import logging
import sys
import threading
from collections.abc import Callable

from maillage.cli.child_processes import PARENT_VARIABLE, end_with_parent

# Seconds after the start, by which the first page has been served.
WARM_UP_DELAY = 10.0


def serve_site(port: int) -> None:
    """Serve the site on the loopback interface until SIGINT or SIGTERM."""
    end_with_parent()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "maillage.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
    )
    server.serve(target_loader=load_application)


def load_application(_target: str) -> Callable[..., object]:
    """Import the site, in the worker that granian forked; the worker ends with its parent too."""
    import os

    os.environ.pop(PARENT_VARIABLE, None)
    end_with_parent()
    from maillage.wsgi import application

    # Without DEBUG, Django only mails errors to the administrators; here they are printed too.
    handler = logging.StreamHandler()
    handler.setLevel(logging.ERROR)
    logging.getLogger("django").addHandler(handler)
    _warm_up()
    return application


def _warm_up() -> None:
    """Load the compiled search of teams in a thread, so that the first search does not wait for it.

    After the first page: in a new installation the search is compiled, which takes all of a CPU for seconds.
    """
    from maillage.matching.teams import load_compiled_search

    timer = threading.Timer(WARM_UP_DELAY, load_compiled_search)
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    serve_site(int(sys.argv[1]))
