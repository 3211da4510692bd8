"""The lists of facts over the API: the JSON Schema of their rows, and the lasting keys by which actions name a fact."""

from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext as _

from maillage.api.addresses import API_ROOT
from maillage.api.problems import ProblemError
from maillage.api.responses import json_response
from maillage.core.rows.list_register import FACT_LISTS
from maillage.documents.json_schema import DIALECT
from maillage.documents.list_schema import row_schema


def schema_index() -> HttpResponse:
    """The addresses of the schemas of the rows of each list."""
    return json_response({"schemas": {name: f"{API_ROOT}schemas/{name}" for name in FACT_LISTS}})


def schema_response(name: str) -> HttpResponse:
    """The JSON Schema of a row of a list, as `values` of the actions take it; 404 for no list."""
    fact_list = FACT_LISTS.get(name)
    if fact_list is None:
        return ProblemError(404, _("“%s” is no list of the register.") % name[:60]).response()
    return json_response({"$schema": DIALECT, **row_schema(fact_list)})


def list_name_of(model: type[models.Model]) -> str:
    """The name of the list of facts that holds records of a model; empty for none."""
    return next((name for name, fact_list in FACT_LISTS.items() if fact_list.model is model), "")


def fact_key(record: models.Model, list_name: str | None = None) -> dict[str, str] | None:
    """The list and the lasting key of a fact, as actions take them; `None` for a record that is no fact of a list."""
    name = list_name_of(type(record)) if list_name is None else list_name
    return {"list_name": name, "fact_id": str(record.serializable_value("uid"))} if name else None
