"""The process of `maillage up` that does the queued work."""

from maillage.cli.children import die_with_parent
from maillage.cli.session import set_up_django


def work() -> None:
    """Take jobs from the queue until asked to end."""
    die_with_parent()
    set_up_django()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency", "2", verbosity=0)


if __name__ == "__main__":
    work()
