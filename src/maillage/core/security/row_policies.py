"""Row-level security: the database shows and accepts only the rows that the scope of the connection allows.

The policies are made from the models after each migration, so that a new room needs no SQL of its own:

- a table with a `visibility` shows a row by the rule of `core.security.visibility`, with its `confidential_roles`;
- a row that names a hidden organisation is hidden with it;
- a table whose model has `shown_with` and no `visibility` (identifiers, parties …) shows a row with its parent record;
- a table with `record_kind` and `record_id` (citations …) shows a row with the record it refers to;
- a table whose model names rows that refer to it (`shown_by`) shows a row with one of those (a source by a citation);
- a `confidential` table shows a row to the person it names, and to actors whose reach includes its organisation, by
  one of the `confidential_roles` where the model names some, or of those in its `confidential_role_field`; what is
  about a record whose kind names roles is shown to these, or to those of that field;
- the events of a table follow the rule of the table, and are shown only if the record in its present state is.

Every policy is forced, since the application owns its tables. Rows are written only within an action.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from maillage.core.history import tracked_models
from maillage.core.model_fields import field_of
from maillage.core.security.session_scope import (
    NETWORK_SETTING,
    PERSON_SETTING,
    REACH_SETTING,
    READS_SETTING,
    ROLE_SETTING,
    WRITES_SETTING,
)
from maillage.core.security.visibility import OWN_ID, related_rows, roles_by_kind, shown_with, visible_through

POLICY_SCHEMA = "seen"
_NAMES = ("reads", "adds", "changes", "removes")
_WRITING = f"(SELECT current_setting('{WRITES_SETTING}', true) = 'on')"
_ALL = f"(SELECT current_setting('{READS_SETTING}', true) = 'all')"
_PERSON = f"(SELECT nullif(current_setting('{PERSON_SETTING}', true), '')::bigint)"


def _ids(name: str) -> str:
    return f"coalesce(nullif(current_setting('{name}', true), ''), '{{}}')::bigint[]"


Model = type[models.Model]


def has_visibility(model: Model) -> bool:
    """Whether a model has a `visibility` field."""
    return any(field.name == "visibility" for field in model._meta.concrete_fields)


def _is_generic(model: Model) -> bool:
    return {"record_kind", "record_id"} <= {field.name for field in model._meta.concrete_fields}


def guarded_models() -> dict[Model, str]:
    """Each guarded model with the SQL condition under which a row `{row}` is read in a scope that does not read all."""
    own_models = [model for model in apps.get_models() if model.__module__.startswith("maillage.")]
    record_models = [model for model in own_models if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy]
    return {
        model: rule for model in sorted(record_models, key=lambda model: model._meta.db_table) if (rule := _rule(model))
    }


def _rule(model: Model) -> str:
    if hasattr(model, "confidential"):
        return _by_confidential_fields(model)
    if has_visibility(model):
        return _by_visibility(model)
    if _is_generic(model):
        return _by_record()
    if path := getattr(model, "shown_by", ""):
        return _by_referring_row(model, path)
    return _by_related_records(model, shown_with(model))


def _by_confidential_fields(model: Model) -> str:
    """`confidential = ("person", "organisation", …)`: the person's field and those of organisations; empty for none."""
    person, *organisation_fields = model.confidential  # type: ignore[attr-defined]
    conditions = [f"{{row}}.{_column(model, person)} = {_PERSON}"] if person else []
    roles = _by_role(model)
    conditions += [_within_reach(model, field) + roles for field in organisation_fields if field]
    return " OR ".join(conditions) or "false"


def _by_role(model: Model) -> str:
    """The condition that the mandate in use has one of the roles that a model or its row names; empty for none."""
    roles = ", ".join(f"'{role}'" for role in getattr(model, "confidential_roles", ()))
    if not roles:
        return ""
    role, field = f"(SELECT current_setting('{ROLE_SETTING}', true))", getattr(model, "confidential_role_field", "")
    if not field:
        return f" AND {role} IN ({roles})"
    return f" AND (({role} IN ({roles}){_by_kind(role)}) OR {role} = ANY ({{row}}.{_column(model, field)}))"


def _by_kind(role: str) -> str:
    """The condition that a role may read records of the kind that a row is about."""
    lists = {kind: ", ".join(f"'{one}'" for one in roles) for kind, roles in sorted(roles_by_kind().items())}
    return "".join(f" AND ({{row}}.record_kind <> '{kind}' OR {role} IN ({roles}))" for kind, roles in lists.items())


def _within_reach(model: Model, name: str) -> str:
    """The condition that a field, or an item of an array field, is the id of an organisation within reach."""
    reach, column = f"(SELECT {_ids(REACH_SETTING)})::bigint[]", f"{{row}}.{_column(model, name)}"
    is_array = isinstance(model._meta.get_field(name), ArrayField)
    return f"{column} && {reach}" if is_array else f"{column} = ANY ({reach})"


def _by_visibility(model: Model) -> str:
    arguments = ", ".join(f"{{row}}.{column}" for column in ("id", "visibility", *_organisation_columns(model)))
    own_visibility = (
        f"({{row}}.visibility = 'public' OR {POLICY_SCHEMA}.{model._meta.db_table}({arguments}){_by_owner(model)})"
    )
    whole_paths = [path for path in shown_with(model) if path not in visible_through(model) or _is_part(model)]
    hidden_checks = [_no_hidden_reference(model, path) for path in shown_with(model) if path not in whole_paths]
    return " AND ".join(
        rule for rule in (own_visibility, _by_related_records(model, whole_paths), *hidden_checks) if rule
    )


def _by_owner(model: Model) -> str:
    """The condition of a model with an `owner`: the field of the person who may always read the row."""
    owner = getattr(model, "owner", "")
    return f" OR {{row}}.{_column(model, owner)} = {_PERSON}" if owner else ""


def _is_part(model: Model) -> bool:
    return bool(getattr(model, "part_of_another", False))


def _by_related_records(model: Model, paths: Iterable[str]) -> str:
    return " AND ".join(_exists(field_of(model, path)) for path in paths if related_rows(model, path) is None)


def _by_referring_row(model: Model, path: str) -> str:
    rows_and_key = related_rows(model, path)
    if rows_and_key is None:
        raise TypeError(f"{path} leads to no rows that refer to {model.__name__}.")
    rows, key = rows_and_key
    table, column = rows._meta.db_table, _column(rows, key)
    # OFFSET 0 keeps PostgreSQL from asking of all referring rows at once who may see them, for one page of a list.
    return f"EXISTS (SELECT 1 FROM public.{table} link WHERE link.{column} = {{row}}.id OFFSET 0)"


def _exists(field: "models.ForeignKey[object, object]") -> str:
    table, column = field.related_model._meta.db_table, f"{{row}}.{field.column}"
    exists = f"EXISTS (SELECT 1 FROM public.{table} whole WHERE whole.id = {column})"
    return f"({exists} OR {column} IS NULL)" if field.null else exists


def _no_hidden_reference(model: Model, path: str) -> str:
    """The condition that no record named by a row is hidden. Hidden records are few and looked up once per query."""
    hidden = f"(SELECT unnest({POLICY_SCHEMA}.{_end_field(model, path).related_model._meta.db_table}_hidden()))"
    if related_rows(model, path):
        linked = f"unnest({POLICY_SCHEMA}.{_linked_name(model, path)}({{row}}.id))"
        return f"NOT EXISTS (SELECT 1 FROM {linked} one WHERE one IN {hidden})"
    column = f"{{row}}.{_column(model, path)}"
    return f"({column} IS NULL OR {column} NOT IN {hidden})"


def _end_field(model: Model, path: str) -> "models.ForeignKey[object, object]":
    """The field at the end of a path."""
    first, _sep, end = path.partition("__")
    field: models.ForeignKey[object, object] = field_of(model, first)
    return field_of(field.related_model, end) if end else field


def _linked_name(model: Model, path: str) -> str:
    return f"{model._meta.db_table}_{path.partition('__')[0]}"


def _hidden_function(model: Model) -> str:
    """The SQL function that returns the ids of a model's hidden records, with an index of those not public."""
    table = model._meta.db_table
    rows = f"public.{table} one WHERE one.visibility <> 'public' AND NOT ({_by_visibility(model)})"
    statement = f"answer := ARRAY(SELECT one.id FROM {rows});".replace("{row}", "one")
    index = f"CREATE INDEX IF NOT EXISTS {table}_not_public ON public.{table} (id) WHERE visibility <> 'public';"
    return index + _unrestricted_function(f"{table}_hidden()", "bigint[]", statement)


def _linked_functions(model: Model) -> Iterator[str]:
    """The SQL functions that return the ids at the end of each path over related rows, past the policies.

    Those rows are shown with this record, so their own policies would lead back here.
    """
    for path in shown_with(model):
        if rows_and_key := related_rows(model, path):
            rows, key = rows_and_key
            end_column = f"link.{_column(rows, _end_field(model, path).name)}"
            ids = f"SELECT {end_column} FROM public.{rows._meta.db_table} link WHERE link.{_column(rows, key)} = row_id"
            statement = f"answer := ARRAY({ids} AND {end_column} IS NOT NULL);"
            heading = f"{_linked_name(model, path)}(row_id bigint)"
            yield _unrestricted_function(heading, "bigint[]", statement)


def _by_record() -> str:
    return f"{POLICY_SCHEMA}.record_is_shown({{row}}.record_kind, {{row}}.record_id)"


def _record_function() -> str:
    """The SQL function that says whether a record of any kind is shown.

    A function, since PostgreSQL would plan the policies of the tables of all kinds for every query of citations, also
    in a scope that reads all.
    """
    kinds = ((model._meta.label_lower, model._meta.db_table) for model in apps.get_models() if _is_record(model))
    cases = "\n".join(
        f"WHEN '{kind}' THEN RETURN EXISTS (SELECT 1 FROM public.{table} whole WHERE whole.id = row_id);"
        for kind, table in sorted(kinds)
    )
    return f"""
        CREATE FUNCTION {POLICY_SCHEMA}.record_is_shown(kind text, row_id bigint) RETURNS boolean
        LANGUAGE plpgsql STABLE COST 10 AS $$
        BEGIN
          CASE kind {cases} ELSE RETURN false; END CASE;
        END $$;"""


def _is_record(model: Model) -> bool:
    is_own = model.__module__.startswith("maillage.") and not hasattr(model, "pgh_tracked_model")
    is_guarded = has_visibility(model) or bool(shown_with(model))
    return is_own and is_guarded and hasattr(model, "kind_name")


def _column(model: Model, name: str) -> str:
    return f'"{_plain_column(model, name)}"'


def _plain_column(model: Model, name: str) -> str:
    field = field_of(model, name)
    return str(field.column)


def _organisation_columns(model: Model) -> list[str]:
    """The columns of a row that hold, or lead to, the organisations it concerns."""
    paths = [path for path in visible_through(model) if path != OWN_ID and related_rows(model, path) is None]
    return list(dict.fromkeys(_column(model, path.split("__")[0]) for path in paths))


def _concerns_condition(model: Model, path: str, ids: str) -> str:
    """The condition that a path leads to one of the organisations `ids`, in a function whose arguments are the row."""
    rows_and_key = related_rows(model, path)
    if path == OWN_ID:
        return f"row_id = ANY ({ids})"
    first, _sep, end = path.partition("__")
    if rows_and_key is not None:
        rows, key = rows_and_key
        table_model, condition = rows, f"{_column(rows, key)} = row_id"
    elif end:
        table_model = field_of(model, first).related_model
        condition = f"id = {_argument(model, first)}"
    else:
        return f"{_argument(model, first)} = ANY ({ids})"
    return (
        f"EXISTS (SELECT 1 FROM public.{table_model._meta.db_table} one"
        f" WHERE one.{condition} AND one.{_column(table_model, end)} = ANY ({ids}))"
    )


def _argument(model: Model, name: str) -> str:
    return f"row_{_plain_column(model, name)}"


def _visibility_function(model: Model) -> str:
    """The SQL function that decides on a row that is not public; public rows do not pay for the call."""
    table = model._meta.db_table
    columns = "".join(f", row_{column.strip(chr(34))} bigint" for column in _organisation_columns(model))
    in_network, in_reach = (
        f"({' OR '.join(_concerns_condition(model, path, _ids(name)) for path in visible_through(model)) or 'false'})"
        + _by_role(model)
        for name in (NETWORK_SETTING, REACH_SETTING)
    )
    is_granted = (
        f"EXISTS (SELECT 1 FROM public.core_grant given WHERE given.record_kind = '{model._meta.label_lower}'"
        f" AND given.record_id = row_id AND given.person_id = {_PERSON})"
    )
    heading = f"{table}(row_id bigint, visibility text{columns})"
    if any("__" in path for path in visible_through(model)):
        # The rows along the path are shown with this record: their own policies would lead back here without end.
        statement = f"""
            answer := CASE visibility WHEN 'organisation' THEN coalesce({in_reach}, false)
              WHEN 'network' THEN coalesce({in_network}, false) WHEN 'named' THEN {is_granted} ELSE false END;"""
        return _unrestricted_function(heading, "boolean", statement)
    return f"""
        CREATE FUNCTION {POLICY_SCHEMA}.{heading} RETURNS boolean
        LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
        BEGIN
          IF visibility = 'organisation' THEN RETURN coalesce({in_reach}, false); END IF;
          IF visibility = 'network' THEN RETURN coalesce({in_network}, false); END IF;
          IF visibility = 'named' THEN RETURN {is_granted}; END IF;
          RETURN false;
        END $$;"""


def _unrestricted_function(heading: str, return_type: str, statement: str) -> str:
    """A SQL function that reads past the policies, for one answer that reveals no hidden record."""
    return f"""
        CREATE FUNCTION {POLICY_SCHEMA}.{heading} RETURNS {return_type} LANGUAGE plpgsql STABLE COST 10 AS $$
        DECLARE
          before text := coalesce(current_setting('{READS_SETTING}', true), '');
          answer {return_type};
        BEGIN
          PERFORM set_config('{READS_SETTING}', 'all', true);
          {statement}
          PERFORM set_config('{READS_SETTING}', before, true);
          RETURN answer;
        END $$;"""


def _deleted_function(model: Model, event: Model) -> str:
    """The SQL function that says whether a record was deleted while public: its events are still shown."""
    table, events = model._meta.db_table, event._meta.db_table
    last_visibility = (
        f"SELECT last.visibility = 'public' FROM public.{events} last WHERE last.id = gone_id"
        " ORDER BY last.pgh_created_at DESC, last.pgh_id DESC LIMIT 1"
    )
    remaining = f"SELECT 1 FROM public.{table} one WHERE one.id = gone_id"
    statement = f"answer := NOT EXISTS ({remaining}) AND coalesce(({last_visibility}), false);"
    return _unrestricted_function(f"{table}_gone(gone_id bigint)", "boolean", statement)


def _last_event() -> str:
    """The SQL function that returns the id of a table's last event, hidden ones included: it reveals no content."""
    statement = "EXECUTE format('SELECT coalesce(max(pgh_id), 0) FROM public.%I', events) INTO answer;"
    return _unrestricted_function("last_event(events text)", "bigint", statement)


def _event_rule(model: Model, rule: str) -> str:
    """The rule for the events of a table: that of its rows, for records shown now or deleted while public."""
    if not has_visibility(model):
        return rule
    exists_now = f"EXISTS (SELECT 1 FROM public.{model._meta.db_table} now WHERE now.id = {{row}}.id)"
    return f"({rule}) AND ({exists_now} OR {POLICY_SCHEMA}.{model._meta.db_table}_gone({{row}}.id))"


def _table_policies(table: str, rule: str) -> Iterator[str]:
    yield f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
    for name, verb in zip(_NAMES, ("SELECT", "INSERT", "UPDATE", "DELETE"), strict=True):
        yield f"DROP POLICY IF EXISTS {name} ON public.{table};"
        if verb == "SELECT":
            condition = f"USING ({_ALL} OR ({rule.replace('{row}', table)}))"
        else:
            condition = f"{'WITH CHECK' if verb == 'INSERT' else 'USING'} ({_WRITING})"
        yield f"CREATE POLICY {name} ON public.{table} FOR {verb} {condition};"


def _statements() -> Iterator[str]:
    yield f"DROP SCHEMA IF EXISTS {POLICY_SCHEMA} CASCADE; CREATE SCHEMA {POLICY_SCHEMA};"
    rules, events = guarded_models(), dict(tracked_models())
    yield _last_event()
    yield _record_function()
    for model in rules:
        if has_visibility(model) and not hasattr(model, "confidential"):
            yield _visibility_function(model)
            yield from _linked_functions(model)
            if model in events:
                yield _deleted_function(model, events[model])
    yield from (_hidden_function(model) for model in _named_models(rules))
    for model, rule in rules.items():
        yield from _table_policies(model._meta.db_table, rule)
        if model in events:
            yield from _table_policies(events[model]._meta.db_table, _event_rule(model, rule))


def _named_models(rules: Iterable[Model]) -> list[Model]:
    """The models that need a function of hidden records: others name their records and are hidden with them."""
    ends = [
        _end_field(model, path).related_model
        for model in rules
        if has_visibility(model) and not hasattr(model, "confidential") and not _is_part(model)
        for path in shown_with(model)
        if path in visible_through(model)
    ]
    return sorted(set(ends), key=lambda model: model._meta.db_table)


def create_policies() -> None:
    """Replace all policies by those of the present models; run after each migration."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("\n".join(_statements()))


def drop_policies() -> None:
    """Remove all policies before a migration, which may change any column and any row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE public."{table}" DISABLE ROW LEVEL SECURITY')
            for name in _NAMES:
                cursor.execute(f'DROP POLICY IF EXISTS {name} ON public."{table}"')
        cursor.execute(f"DROP SCHEMA IF EXISTS {POLICY_SCHEMA} CASCADE")


def policies_in_place() -> bool:
    """Whether every guarded table has its policies; a migration that was killed leaves tables without them."""
    tables = {model._meta.db_table for model in guarded_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'removes'")
        return tables <= {table for (table,) in cursor.fetchall()}
