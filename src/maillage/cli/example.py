"""Load the example that ships with the package."""

from importlib.resources import files
from pathlib import Path

import yaml

from maillage.cli.progress_bar import ProgressCallback
from maillage.errors import MaillageError
from maillage.language import gettext as _

# In this order: each file adds to the ones before it.
EXAMPLE_FILES = ("ecosystem.yaml", "french.yaml", "supplement.yaml")


def load_example(tell: ProgressCallback | None = None) -> None:
    """Load the example ecosystem: its lists, their French, their supplement, its vocabulary and published sentences.

    Raises `MaillageError` if a row is refused.
    """
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.publishing.actions.lists import load_lists
    from maillage.publishing.actions.sentences import publish_sentences

    folder = _folder()
    for name in EXAMPLE_FILES:
        report = load_lists(actor=SYSTEM, at=timezone.now(), path=folder / name, progress=tell)
        if report.refusals:
            what = _("The example does not load: %(reason)s") % {"reason": report.refusals[0]}
            raise MaillageError(what, _("Reinstall the package."))
    load_example_vocabulary()
    _set_site(folder / "site.yaml")
    publish_sentences(actor=SYSTEM, at=timezone.now(), path=folder / "sentences.yaml")


def load_example_vocabulary() -> None:
    """Load the words of the example, in which its needs and offers meet."""
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.offers.actions.vocabularies import load_vocabulary

    load_vocabulary(actor=SYSTEM, at=timezone.now(), path=_folder() / "vocabulary.yaml")


def _folder() -> Path:
    return Path(str(files("maillage") / "example"))


def _set_site(file: Path) -> None:
    """Set what the site of the example shows: an organisation, and needs to try."""
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.register.actions.shown_organisations import choose_shown_organisations
    from maillage.register.models import Organisation
    from maillage.site.actions.site_settings import save_site_settings

    described = yaml.safe_load(file.read_text("utf-8"))
    shown = Organisation.objects.filter(key__in=described["shown"])
    organisation_ids = list(shown.values_list("pk", flat=True))
    choose_shown_organisations(actor=SYSTEM, at=timezone.now(), organisation_ids=organisation_ids)
    save_site_settings(actor=SYSTEM, at=timezone.now(), changes=described["settings"])
