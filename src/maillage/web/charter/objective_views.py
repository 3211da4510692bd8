"""Pages on which objectives are set, and results declared."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.charter.actions.objectives import YearTarget, declare_reached, set_objective
from maillage.charter.queries import charter_version_of
from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import run_action_form
from maillage.web.charter.action_forms import follow_up_form_page, run_with_file
from maillage.web.charter.forms import ObjectiveForm, ResultForm
from maillage.web.charter.lookups import get_follow_up_for_action
from maillage.web.files.uploads import accepts_upload


def parse_targets(text: str) -> Iterator[YearTarget]:
    """The targets that lines such as “2027: 12.5” give. Raises `ActionError` for another line."""
    for line in filter(None, map(str.strip, text.splitlines())):
        found = re.fullmatch(r"(\d{4})\s*:\s*(.+)", line)
        try:
            yield YearTarget(int(found[1]), parse_number(found[2]))  # type: ignore[index]
        except (TypeError, InvalidOperation) as error:
            raise ActionError(_("“%s” is no target; write one year a line, such as 2027: 12.5.") % line[:60]) from error


def parse_number(text: str) -> Decimal:
    """A number as either language writes it. Raises `InvalidOperation`."""
    found = Decimal(re.sub(r"\s", "", text).replace(",", "."))
    if not found.is_finite():
        raise InvalidOperation
    return found


def _with_targets(posted: dict[str, Any]) -> dict[str, Any]:
    return posted | {"aims": list(parse_targets(posted["aims"]))} if "aims" in posted else posted


def objective_page(request: Request, pk: int, name: str = "") -> HttpResponse:
    """Set an objective, or set one again."""
    follow_up = get_follow_up_for_action(request, pk, "set_objective")
    known = next((one for one in follow_up.objectives.all() if one.key == name), None)
    initial: dict[str, Any] = {}
    if known:
        targets = sorted(known.targets.all(), key=lambda one: one.year)
        aims = "\n".join(f"{one.year}: {one.target.normalize():f}" for one in targets)
        initial = {each: getattr(known, each) for each in ("key", "text", "unit", "figure", "fewer")} | {"aims": aims}
    figures = charter_version_of(follow_up, timezone.localdate()).says.figures()
    form = ObjectiveForm(request.POST if request.method == "POST" else None, initial=initial, figures=figures)
    outcome = run_action_form(
        request,
        partial(set_objective, follow_up_id=pk),
        form,
        arguments=lambda: _with_targets(form.posted),
    )
    if outcome:
        return redirect(f"{follow_up.get_absolute_url()}#objectives")
    intro = _("What was agreed with the holder; set again under the same key, it takes the place of what was set.")
    return follow_up_form_page(request, form, follow_up, heading=_("Set an objective"), intro=intro, go=_("Set it"))


@accepts_upload
def result_page(request: Request, pk: int, name: str, year: int, intake: StreamingUploadHandler) -> HttpResponse:
    """Say what was reached in a year."""
    follow_up = get_follow_up_for_action(request, pk, "declare_reached")
    known = get_object_or_404(follow_up.objectives, key=name, targets__year=year)
    form = ResultForm(request.POST if request.method == "POST" else None)
    action = partial(run_with_file, declare_reached, follow_up, intake, follow_up_id=pk, key=name, year=year)
    if run_action_form(request, action, form):
        return redirect(f"{follow_up.get_absolute_url()}#objectives")
    heading = _("What was reached in %s") % year
    return follow_up_form_page(
        request, form, follow_up, upload=True, heading=heading, intro=known.text, go=_("Declare it")
    )
