"""What the nightly erasure leaves alone: what is confirmed while it runs."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from maillage.core.actors import PUBLIC
from maillage.core.history import tracked_models
from maillage.files.models import File
from maillage.files.uploads import receive_file
from maillage.proposals.actions.proposals import ProposerInput, confirm_proposal, propose_change
from maillage.proposals.models import Proposal, Proposer
from maillage.proposals.tasks import erase_old_proposers
from tests.files.sample_files import PDF
from tests.web.facts.clients import record

WAIT = 20


def proposed_long_ago() -> Proposal:
    """A proposal with its document whose mail address nobody has confirmed in time."""
    unit = record("organisations", key="unit", name_fr="L’unité", name_en="The unit", kind="research-unit")
    with receive_file("lease.pdf", [PDF]) as document:
        document.detect_type()
        proposal = propose_change(
            actor=PUBLIC, at=timezone.now(), kind="correct", list_name="organisations", fact_id=str(unit.uid),
            values={"city": "Paris", "source": [{"kind": "document", "title": "Lease", "sha256": document.digest}]},
            reason="It moved to Paris in 2021.", proposer=ProposerInput("reader@example.org"), document=document,
        )  # fmt: skip
    Proposal.objects.update(proposed_at=timezone.now() - timezone.timedelta(days=30))
    return proposal


def in_thread(act: Callable[[], object]) -> threading.Thread:
    """Run something in a thread with a connection of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def wait_until_blocked(thread: threading.Thread) -> None:
    """Wait until a session of this database waits for a lock."""
    deadline = time.monotonic() + WAIT
    blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while thread.is_alive() and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            if cursor.execute(blocked).fetchone()[0]:
                return
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_what_is_confirmed_while_old_proposals_are_erased_stays_whole() -> None:
    proposal, confirmed, may_commit = proposed_long_ago(), threading.Event(), threading.Event()

    def confirm_slowly() -> None:
        with transaction.atomic():
            confirm_proposal(actor=PUBLIC, at=timezone.now(), proposal_id=proposal.pk)
            confirmed.set()
            may_commit.wait(WAIT)

    confirming = in_thread(confirm_slowly)
    assert confirmed.wait(WAIT)
    erasing = in_thread(lambda: erase_old_proposers(0))
    wait_until_blocked(erasing)
    may_commit.set()
    for thread in (confirming, erasing):
        thread.join(WAIT)
    proposal.refresh_from_db()
    assert proposal.state == "open"
    assert Proposer.objects.filter(proposal=proposal).exists()
    assert "named" in File.objects.values_list("visibility", flat=True)
    assert dict(tracked_models())[Proposal].objects.filter(id=proposal.pk).exists()
