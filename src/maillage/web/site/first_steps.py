"""The first steps on an empty site: what an officer sets and records before others come, and whether it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from maillage.core.request import Request
from maillage.people.models import Invitation, Mandate
from maillage.presentation.action_forms import require_officer
from maillage.register.models import ImportRun, Organisation, Tie
from maillage.register.queries import organisations, shown_organisations
from maillage.register.vocabulary import MEMBERSHIP_KINDS, TieKind
from maillage.site.queries import reread_site
from maillage.web.site.parts import PartState, part_states

# Kept in the address of a settings page that was opened from here, so that it leads back.
FROM_FIRST_STEPS = "first"
# A register with more organisations than this says that it has more.
_MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class StepLink:
    """A page on which a step is taken."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it is for, where it is taken, what is there already, and whether it is done."""

    title: str
    intro: str
    links: list[StepLink]
    is_done: bool
    lines: tuple[str, ...] = ()
    is_optional: bool = False


@require_safe
def first_steps_page(request: Request) -> HttpResponse:
    """The steps from an empty register to a network that others can use."""
    require_officer(request, _("The site is set by its officers."))
    steps = list(_steps(request))
    needed = [step for step in steps if not step.is_optional]
    context = {"steps": steps, "done": sum(step.is_done for step in needed), "number": len(needed)}
    return render(request, "web/site/first_steps.html", context)


def waits_for_first_steps(request: Request) -> bool:
    """Whether the reader is an officer, at the home page or the desk, of a site that shows no organisation yet."""
    match = request.resolver_match
    at_home = bool(match and match.url_name in ("home", "desk"))
    return at_home and request.actor.is_officer and not shown_organisations(actor=request.actor)


def _steps(request: Request) -> Iterator[Step]:
    parts = {part.key: part for part in part_states(reread_site(), request.actor)}
    shown = shown_organisations(actor=request.actor)
    yield _setting_step(parts["name"], _("How readers call the network, in each language."))
    yield _setting_step(parts["languages"], _("Which languages readers may choose, and which comes first."))
    yield _setting_step(parts["logo"], _("A picture before the name; the site does well without."), is_optional=True)
    yield _setting_step(parts["contact"], _("Whom readers write to."))
    yield _organisations_step(request)
    yield _setting_step(parts["shown"], _("Whose ecosystem the home page tells."))
    yield _members_step(request, shown)
    yield _mandates_step(shown)
    intro = _("Who publishes the site, what it keeps of persons, and how far everyone can use it.")
    yield _texts_step([parts[kind] for kind in ("legal", "privacy", "accessibility")], intro)


def _setting_step(part: PartState, intro: str, *, is_optional: bool = False) -> Step:
    links = [] if part.locked else [StepLink(_("Set"), f"{part.url}?{FROM_FIRST_STEPS}=1")]
    is_done = part.is_done or bool(part.locked)
    return Step(part.title, intro, links, is_done, part.lines, is_optional)


def _organisations_step(request: Request) -> Step:
    count = organisations(actor=request.actor)[:_MOST_COUNTED].count()
    loaded = ImportRun.objects.exclude(finished_at=None).exists()
    intro = (
        _("Records of ROR are loaded: an organisation among them is found by its name, and need not be recorded.")
        if loaded
        else _("Records of ROR can be loaded by a command: scripts/maillage import ror FILE. Or record your own.")
    )
    links = [
        StepLink(_("Record one"), reverse("new-fact", args=["organisations"])),
        StepLink(_("Upload a sheet"), reverse("sheet", args=["organisations"])),
    ]
    return Step(_("Organisations in the register"), intro, links, count > 0, _counted_organisations(count))


def _counted_organisations(count: int) -> tuple[str, ...]:
    if count == _MOST_COUNTED:
        return (_("%d organisations or more") % count,)
    return (ngettext("%d organisation", "%d organisations", count) % count,) if count else ()


def _members_step(request: Request, shown: list[Organisation]) -> Step:
    ties = Tie.objects.visible_to(request.actor).filter(object__in=shown, kind__in=MEMBERSHIP_KINDS)
    count = ties[:_MOST_COUNTED].count()
    filled = urlencode({"of": shown[0].key, "role": TieKind.MEMBER.value}) if shown else ""
    links = [
        StepLink(_("Add a member"), f"{reverse('new-fact', args=['memberships'])}?{filled}"),
        StepLink(_("Upload a sheet"), reverse("sheet", args=["memberships"])),
    ]
    intro = _("Their ties to the organisations shown: a member is found by typing its name.")
    lines = (ngettext("%d tie", "%d ties", count) % count,) if count else ()
    return Step(_("Members"), intro, links if shown else [], count > 0, lines)


def _mandates_step(shown: list[Organisation]) -> Step:
    links = [
        StepLink(_("Invite somebody: %s") % organisation, reverse("mandates-of", args=[organisation.key]))
        for organisation in shown
    ]
    acting = Mandate.objects.filter(organisation__in=shown).exists()
    invited = Invitation.objects.filter(Q(organisation__in=shown)).exists()
    intro = _("A manager answers needs and keeps what is said of an organisation; invite one by mail.")
    lines = (_("somebody is invited"),) if invited and not acting else ()
    return Step(_("Who acts for them"), intro, links, acting or invited, lines)


def _texts_step(parts: list[PartState], intro: str) -> Step:
    links = [StepLink(part.title, f"{part.url}?{FROM_FIRST_STEPS}=1") for part in parts]
    written = tuple(part.title for part in parts if part.is_done)
    return Step(_("Notice and statements"), intro, links, len(written) == len(parts), written)
