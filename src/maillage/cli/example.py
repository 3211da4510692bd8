"""Load the example that ships with the package."""

from importlib.resources import files
from pathlib import Path

from maillage.cli.progress_bar import ProgressCallback
from maillage.errors import MaillageError
from maillage.language import gettext as _

# In this order: each file adds to the ones before it.
EXAMPLE_FILES = ("ecosystem.yaml", "french.yaml", "supplement.yaml")
# The key of the organisation whose ecosystem the example shows.
SHOWN_KEY = "opale"


def load_example(tell: ProgressCallback | None = None) -> None:
    """Load the example ecosystem: its lists, their French, their supplement, and the published sentences.

    Raises `MaillageError` if a row is refused.
    """
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.publishing.actions.lists import load_lists
    from maillage.publishing.actions.sentences import publish_sentences
    from maillage.register.actions.shown_organisations import choose_shown_organisations
    from maillage.register.models import Organisation

    folder = Path(str(files("maillage") / "example"))
    for name in EXAMPLE_FILES:
        report = load_lists(actor=SYSTEM, at=timezone.now(), path=folder / name, progress=tell)
        if report.refusals:
            what = _("The example does not load: %(reason)s") % {"reason": report.refusals[0]}
            raise MaillageError(what, _("Reinstall the package."))
    shown = Organisation.objects.get(key=SHOWN_KEY)
    choose_shown_organisations(actor=SYSTEM, at=timezone.now(), organisation_ids=[shown.pk])
    publish_sentences(actor=SYSTEM, at=timezone.now(), path=folder / "sentences.yaml")
