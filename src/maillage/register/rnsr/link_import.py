"""Reading of a file of links between RNSR and ROR, which are put to review."""

import datetime as dt
from pathlib import Path

from maillage.core.actors import Actor
from maillage.register.actions.rnsr_import import propose_rnsr_links
from maillage.register.rnsr.links import WrittenLinks, read_links


def import_links(path: Path, *, actor: Actor, at: dt.datetime) -> WrittenLinks:
    """Propose the links of a file as pairs to decide. Raises `InvalidFileError` where it cannot be read to its end."""
    refusals: list[str] = []
    links = list(read_links(path, refusals))
    written: WrittenLinks = propose_rnsr_links(actor=actor, at=at, links=links)
    written.refusals = refusals
    return written
