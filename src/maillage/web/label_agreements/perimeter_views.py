"""Page on which the perimeter of a version of a label agreement is written, entity by entity."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError, Arguments
from maillage.core.record_versions import StaleRecordError
from maillage.core.request import Request
from maillage.label_agreements.actions.perimeter import remove_entity, write_entity
from maillage.label_agreements.models import LabelAgreementVersion, PerimeterEntity
from maillage.label_agreements.queries import entity_text, perimeter_entities, share_text
from maillage.presentation.action_forms import organisation_id_of_key
from maillage.presentation.form_types import CleanedData
from maillage.web.label_agreements.forms import EntityForm
from maillage.web.label_agreements.lookups import get_writable_version


def perimeter_page(request: Request, pk: int, number: int) -> HttpResponse:
    """Confirm, change, remove or add the entities of a version, one at a time."""
    version = get_writable_version(request, pk, number)
    removing = request.POST.get("do") == "remove"
    sent = EntityForm(request.POST, removing=removing) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        try:
            _save_entity(request, version, sent.posted)
            return redirect("convention-perimeter", pk, number)
        except StaleRecordError as error:
            sent = _form_after_conflict(version, sent, error)
        except ActionError as error:
            sent.add_error(None, str(error))
    key = sent.cleaned_data.get("organisation", "") if sent else ""
    rows = [
        (entity, sent if entity.organisation.key == key and sent else _entity_form(entity), share_text(entity.share))
        for entity in perimeter_entities(version)
    ]
    is_new = sent is not None and not any(form is sent for _entity, form, _share in rows)
    context = {"version": version, "rows": rows, "form": sent if is_new else EntityForm(auto_id="new_%s")}
    return render(request, "web/conventions/perimeter.html", context, status=422 if sent else 200)


def _form_after_conflict(version: LabelAgreementVersion, sent: EntityForm, summary: StaleRecordError) -> EntityForm:
    """The posted form with what somebody else saved in the meantime; sent again, it replaces that."""
    entity = version.entities.filter(organisation__key=sent.cleaned_data["organisation"]).first()
    retry_form = EntityForm(dict(sent.data.items()) | {"base": entity.edition if entity else 0})
    theirs = entity_text(entity) if entity else _("It was taken out.")
    retry_form.add_error(None, f"{summary} {theirs}")
    return retry_form


def _entity_form(entity: PerimeterEntity) -> EntityForm:
    """The form of an entity, filled with its current values."""
    initial = {
        "organisation": entity.organisation.key, "host": entity.host.key if entity.host else "",
        "share": f"{entity.share.normalize():f}" if entity.share else "", "since": entity.since, "until": entity.until,
        "base": entity.edition,
    }  # fmt: skip
    return EntityForm(initial=initial, auto_id=f"entity_{entity.pk}_%s")


def _save_entity(request: Request, version: LabelAgreementVersion, posted: CleanedData) -> None:
    """Confirm, change, add or remove an entity."""
    by: Arguments = {"actor": request.actor, "at": timezone.now()}
    about: Arguments = {
        "agreement_id": version.agreement_id,
        "version": version.number,
        "base": posted.get("base") or 0,
    }
    organisation_id = organisation_id_of_key(request, posted.get("organisation", ""))
    if request.POST.get("do") == "remove":
        remove_entity(**by, **about, organisation_id=organisation_id)
        return
    values: Arguments = {"share": posted["share"]} if "share" in posted else {}
    if "host" in posted:
        values["host_id"] = organisation_id_of_key(request, posted["host"])
    for name in {"since", "until"} & posted.keys():
        values[name] = posted[name].isoformat() if posted[name] else ""
    write_entity(**by, **about, organisation_id=organisation_id, **values)
