"""Two people who correct one fact at once: the second sees what the first changed, and keeps what they typed."""

from django.utils.translation import gettext as _

from maillage.web.facts.changes import Change
from maillage.web.facts.forms import FactForm


def rebased_form(form: FactForm) -> tuple[FactForm, list[Change]]:
    """The form on the fact as it is now, with what its person changed, and what was changed in the meantime."""
    data, since = form.typed.copy(), []
    for name, field in form.fields.items():
        bound, before = form[name], form.data.get(f"initial-{name}")
        now = str(form.initial.get(name, "") or "")
        if not field.show_hidden_initial or before is None or before == now:
            continue
        since.append(Change(str(field.label), before, now))
        data[bound.html_initial_name] = now
        if form.data.get(name, "") == before:
            data[name] = now
    rebased = FactForm(form.fact_list, form.request, row=form.row, record=form.record, data=data)
    rebased.is_valid()
    message = _("Somebody has changed this fact since you opened it. What you typed is kept: look again, then save.")
    rebased.add_error(None, message)
    return rebased, since
