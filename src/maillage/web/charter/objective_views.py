"""Pages on which objectives are set, and results declared."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import partial

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
from maillage.presentation.form_types import CleanedData
from maillage.web.charter.action_forms import follow_up_form_page, run_with_file
from maillage.web.charter.forms import ObjectiveForm, ResultForm
from maillage.web.charter.lookups import get_follow_up_for_action
from maillage.web.files.uploads import accepts_upload


def parse_targets(text: str) -> Iterator[YearTarget]:
    """Parse lines such as “2027: 12.5” into targets. Raises `ActionError` for any other line."""
    for line in filter(None, map(str.strip, text.splitlines())):
        match = re.fullmatch(r"(\d{4})\s*:\s*(.+)", line)
        try:
            yield YearTarget(int(match[1]), parse_number(match[2]))  # type: ignore[index]
        except (TypeError, InvalidOperation) as error:
            raise ActionError(_("“%s” is no target; write one year a line, such as 2027: 12.5.") % line[:60]) from error


def parse_number(text: str) -> Decimal:
    """Parse a number with a decimal comma or point. Raises `InvalidOperation` if it is none."""
    number = Decimal(re.sub(r"\s", "", text).replace(",", "."))
    if not number.is_finite():
        raise InvalidOperation
    return number


def _with_targets(posted: CleanedData) -> dict[str, object]:
    return posted | {"aims": list(parse_targets(posted["aims"]))} if "aims" in posted else posted


def objective_page(request: Request, pk: int, name: str = "") -> HttpResponse:
    """Set an objective, or replace the one with this key."""
    follow_up = get_follow_up_for_action(request, pk, "set_objective")
    objective = next((objective for objective in follow_up.objectives.all() if objective.key == name), None)
    initial: dict[str, object] = {}
    if objective:
        targets = sorted(objective.targets.all(), key=lambda target: target.year)
        aims = "\n".join(f"{target.year}: {target.target.normalize():f}" for target in targets)
        initial = {field: getattr(objective, field) for field in ("key", "text", "unit", "figure", "fewer")} | {
            "aims": aims
        }
    figures = charter_version_of(follow_up, timezone.localdate()).document.figures()
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
    """Declare the result of a year."""
    follow_up = get_follow_up_for_action(request, pk, "declare_reached")
    objective = get_object_or_404(follow_up.objectives, key=name, targets__year=year)
    form = ResultForm(request.POST if request.method == "POST" else None)
    action = partial(run_with_file, declare_reached, follow_up, intake, follow_up_id=pk, key=name, year=year)
    if run_action_form(request, action, form):
        return redirect(f"{follow_up.get_absolute_url()}#objectives")
    heading = _("What was reached in %s") % year
    return follow_up_form_page(
        request, form, follow_up, upload=True, heading=heading, intro=objective.text, go=_("Declare it")
    )
