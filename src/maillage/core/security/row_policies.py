"""Row-level security: the database itself shows and takes only what the scope of the connection allows.

Made from the models after each migration, so that a new room gets its policies without writing any SQL:

- a table with a `visibility` shows a row by the rule of `core.security.visibility`;
- a row that names an organisation which is hidden is hidden with it;
- a table whose model says `shown_with` and has none shows a row with what it belongs to (identifiers, parties …);
- a table with `record_kind` and `record_id` (citations …) shows a row with the record it speaks of;
- a `confidential` table shows a row to the person it names, and to who may act for the organisation it names;
- the events of a table show what the row itself would, as long as the record as it is now is shown.

Every policy is forced, since the application owns its tables. Nothing is written but within an action.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from maillage.core.history import tracked_models
from maillage.core.security.session_scope import (
    NETWORK_SETTING,
    PERSON_SETTING,
    REACH_SETTING,
    READS_SETTING,
    WRITES_SETTING,
)
from maillage.core.security.visibility import OWN_ID, related_rows, shown_with, visible_through

POLICY_SCHEMA = "seen"
_NAMES = ("reads", "adds", "changes", "removes")
_WRITING = f"(SELECT current_setting('{WRITES_SETTING}', true) = 'on')"
_ALL = f"(SELECT current_setting('{READS_SETTING}', true) = 'all')"
_PERSON = f"(SELECT nullif(current_setting('{PERSON_SETTING}', true), '')::bigint)"


def _ids(name: str) -> str:
    return f"coalesce(nullif(current_setting('{name}', true), ''), '{{}}')::bigint[]"


Model = type[models.Model]


def has_visibility(model: Model) -> bool:
    """Whether records of a model are seen by some only."""
    return any(field.name == "visibility" for field in model._meta.concrete_fields)


def _is_generic(model: Model) -> bool:
    return {"record_kind", "record_id"} <= {field.name for field in model._meta.concrete_fields}


def guarded_models() -> dict[Model, str]:
    """Each guarded model with the condition under which a row `{row}` of its table is read, where not all is."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("maillage.")]
    plain = [model for model in ours if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy]
    return {model: rule for model in sorted(plain, key=lambda each: each._meta.db_table) if (rule := _rule(model))}


def _rule(model: Model) -> str:
    if hasattr(model, "confidential"):
        return _confidential(model)
    if has_visibility(model):
        return _by_visibility(model)
    if _is_generic(model):
        return _by_record()
    return _with_related_records(model, shown_with(model))


def _confidential(model: Model) -> str:
    """`confidential = ("person", "organisation", …)`: the fields of the person and of the organisations, if any."""
    person, *bodies = model.confidential  # type: ignore[attr-defined]
    ways = [f"{{row}}.{_column(model, person)} = {_PERSON}"] if person else []
    ways += [_within_reach(model, body) for body in bodies if body]
    return " OR ".join(ways) or "false"


def _within_reach(model: Model, name: str) -> str:
    """That a field names an organisation within reach, or an array of them does."""
    reach, column = f"(SELECT {_ids(REACH_SETTING)})::bigint[]", f"{{row}}.{_column(model, name)}"
    many = isinstance(model._meta.get_field(name), ArrayField)
    return f"{column} && {reach}" if many else f"{column} = ANY ({reach})"


def _by_visibility(model: Model) -> str:
    arguments = ", ".join(f"{{row}}.{column}" for column in ("id", "visibility", *_columns(model)))
    opened = f"({{row}}.visibility = 'public' OR {POLICY_SCHEMA}.{model._meta.db_table}({arguments}){_by_owner(model)})"
    part = [path for path in shown_with(model) if path not in visible_through(model) or _is_part(model)]
    named = [_names_nothing_hidden(model, path) for path in shown_with(model) if path not in part]
    return " AND ".join(each for each in (opened, _with_related_records(model, part), *named) if each)


def _by_owner(model: Model) -> str:
    """`owner`: the field of the person who always reads the row."""
    owner = getattr(model, "owner", "")
    return f" OR {{row}}.{_column(model, owner)} = {_PERSON}" if owner else ""


def _is_part(model: Model) -> bool:
    return bool(getattr(model, "part_of_another", False))


def _with_related_records(model: Model, paths: Iterable[str]) -> str:
    return " AND ".join(_exists(model._meta.get_field(path)) for path in paths if related_rows(model, path) is None)


def _exists(field: Any) -> str:
    table, column = field.related_model._meta.db_table, f"{{row}}.{field.column}"
    shown = f"EXISTS (SELECT 1 FROM public.{table} whole WHERE whole.id = {column})"
    return f"({shown} OR {column} IS NULL)" if field.null else shown


def _names_nothing_hidden(model: Model, path: str) -> str:
    """That no record named by a row is hidden. Hidden records are few, and looked up once for each query."""
    hidden = f"(SELECT unnest({POLICY_SCHEMA}.{_end_of(model, path).related_model._meta.db_table}_hidden()))"
    if related_rows(model, path):
        linked = f"unnest({POLICY_SCHEMA}.{_linked_name(model, path)}({{row}}.id))"
        return f"NOT EXISTS (SELECT 1 FROM {linked} one WHERE one IN {hidden})"
    column = f"{{row}}.{_column(model, path)}"
    return f"({column} IS NULL OR {column} NOT IN {hidden})"


def _end_of(model: Model, path: str) -> Any:
    """The field at the end of a path."""
    first, _sep, end = path.partition("__")
    field: Any = model._meta.get_field(first)
    return field.related_model._meta.get_field(end) if end else field


def _linked_name(model: Model, path: str) -> str:
    return f"{model._meta.db_table}_{path.partition('__')[0]}"


def _hidden_function(model: Model) -> str:
    """The ids of the records of a model that are hidden, by an index of those that are not public."""
    table = model._meta.db_table
    rows = f"public.{table} one WHERE one.visibility <> 'public' AND NOT ({_by_visibility(model)})"
    found = f"answer := ARRAY(SELECT one.id FROM {rows});".replace("{row}", "one")
    index = f"CREATE INDEX IF NOT EXISTS {table}_not_public ON public.{table} (id) WHERE visibility <> 'public';"
    return index + _unrestricted_function(f"{table}_hidden()", "bigint[]", found)


def _linked_functions(model: Model) -> Iterator[str]:
    """The ids at the end of each path over many rows; those rows are shown with this very record, so are not asked."""
    for path in shown_with(model):
        if many := related_rows(model, path):
            rows, key = many
            end = f"link.{_column(rows, _end_of(model, path).name)}"
            ids = f"SELECT {end} FROM public.{rows._meta.db_table} link WHERE link.{_column(rows, key)} = row_id"
            found = f"answer := ARRAY({ids} AND {end} IS NOT NULL);"
            heading = f"{_linked_name(model, path)}(row_id bigint)"
            yield _unrestricted_function(heading, "bigint[]", found)


def _by_record() -> str:
    kinds = ((model._meta.label_lower, model._meta.db_table) for model in apps.get_models() if _is_record(model))
    cases = (
        f"WHEN '{kind}' THEN EXISTS (SELECT 1 FROM public.{table} whole WHERE whole.id = {{row}}.record_id)"
        for kind, table in sorted(kinds)
    )
    return f"CASE {{row}}.record_kind {' '.join(cases)} ELSE false END"


def _is_record(model: Model) -> bool:
    ours = model.__module__.startswith("maillage.") and not hasattr(model, "pgh_tracked_model")
    return ours and has_visibility(model) and hasattr(model, "kind_name")


def _column(model: Model, name: str) -> str:
    return f'"{_plain_column(model, name)}"'


def _plain_column(model: Model, name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)


def _columns(model: Model) -> list[str]:
    """The columns of a row that lead to the organisations it concerns."""
    paths = [path for path in visible_through(model) if path != OWN_ID and related_rows(model, path) is None]
    return list(dict.fromkeys(_column(model, path.split("__")[0]) for path in paths))


def _concerns(model: Model, path: str, ids: str) -> str:
    """That a path from a row of a model leads to one of the organisations; the row is known by the function's words."""
    many = related_rows(model, path)
    if path == OWN_ID:
        return f"row_id = ANY ({ids})"
    first, _sep, end = path.partition("__")
    if many is not None:
        rows, key = many
        place, back = rows, f"{_column(rows, key)} = row_id"
    elif end:
        place = model._meta.get_field(first).related_model
        back = f"id = {_argument(model, first)}"
    else:
        return f"{_argument(model, first)} = ANY ({ids})"
    return (
        f"EXISTS (SELECT 1 FROM public.{place._meta.db_table} one"
        f" WHERE one.{back} AND one.{_column(place, end)} = ANY ({ids}))"
    )


def _argument(model: Model, name: str) -> str:
    return f"row_{_plain_column(model, name)}"


def _visibility_function(model: Model) -> str:
    """The function that says whether a row that is not public is opened: a call costs only those rows."""
    table = model._meta.db_table
    columns = "".join(f", row_{column.strip(chr(34))} bigint" for column in _columns(model))
    wide, near = (
        " OR ".join(_concerns(model, path, _ids(name)) for path in visible_through(model)) or "false"
        for name in (NETWORK_SETTING, REACH_SETTING)
    )
    granted = (
        f"EXISTS (SELECT 1 FROM public.core_grant given WHERE given.record_kind = '{model._meta.label_lower}'"
        f" AND given.record_id = row_id AND given.person_id = {_PERSON})"
    )
    heading = f"{table}(row_id bigint, visibility text{columns})"
    if any("__" in path for path in visible_through(model)):
        # The rows on the way are shown with this very record: asking their own policies would go round in circles.
        found = f"""
            answer := CASE visibility WHEN 'organisation' THEN coalesce({near}, false)
              WHEN 'network' THEN coalesce({wide}, false) WHEN 'named' THEN {granted} ELSE false END;"""
        return _unrestricted_function(heading, "boolean", found)
    return f"""
        CREATE FUNCTION {POLICY_SCHEMA}.{heading} RETURNS boolean
        LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
        BEGIN
          IF visibility = 'organisation' THEN RETURN coalesce({near}, false); END IF;
          IF visibility = 'network' THEN RETURN coalesce({wide}, false); END IF;
          IF visibility = 'named' THEN RETURN {granted}; END IF;
          RETURN false;
        END $$;"""


def _unrestricted_function(heading: str, kind: str, found: str) -> str:
    """A function that reads past the policies, for one answer that tells nothing of what they hide."""
    return f"""
        CREATE FUNCTION {POLICY_SCHEMA}.{heading} RETURNS {kind} LANGUAGE plpgsql STABLE COST 10 AS $$
        DECLARE
          before text := coalesce(current_setting('{READS_SETTING}', true), '');
          answer {kind};
        BEGIN
          PERFORM set_config('{READS_SETTING}', 'all', true);
          {found}
          PERFORM set_config('{READS_SETTING}', before, true);
          RETURN answer;
        END $$;"""


def _deleted_function(model: Model, event: Model) -> str:
    """Whether a record is no more and was public when it went: the past still shows it."""
    table, events = model._meta.db_table, event._meta.db_table
    last = (
        f"SELECT last.visibility = 'public' FROM public.{events} last WHERE last.id = gone_id"
        " ORDER BY last.pgh_created_at DESC, last.pgh_id DESC LIMIT 1"
    )
    here = f"SELECT 1 FROM public.{table} one WHERE one.id = gone_id"
    found = f"answer := NOT EXISTS ({here}) AND coalesce(({last}), false);"
    return _unrestricted_function(f"{table}_gone(gone_id bigint)", "boolean", found)


def _last_event() -> str:
    """The number of the last event of a table, hidden ones included: it tells that something changed, not what."""
    found = "EXECUTE format('SELECT coalesce(max(pgh_id), 0) FROM public.%I', events) INTO answer;"
    return _unrestricted_function("last_event(events text)", "bigint", found)


def _event_rule(model: Model, rule: str) -> str:
    """The rule for the events of a table: what the row shows, of a record that is shown as it is now."""
    if not has_visibility(model):
        return rule
    now = f"EXISTS (SELECT 1 FROM public.{model._meta.db_table} now WHERE now.id = {{row}}.id)"
    return f"({rule}) AND ({now} OR {POLICY_SCHEMA}.{model._meta.db_table}_gone({{row}}.id))"


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
    """The models whose records others name and are not shown with once they are hidden."""
    ends = [
        _end_of(model, path).related_model
        for model in rules
        if has_visibility(model) and not hasattr(model, "confidential") and not _is_part(model)
        for path in shown_with(model)
        if path in visible_through(model)
    ]
    return sorted(set(ends), key=lambda model: model._meta.db_table)


def create_policies() -> None:
    """Make the policies anew from the models as they are; run after each migration."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("\n".join(_statements()))


def drop_policies() -> None:
    """Free the tables for a migration, which may change any column and any row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE public."{table}" DISABLE ROW LEVEL SECURITY')
            for name in _NAMES:
                cursor.execute(f'DROP POLICY IF EXISTS {name} ON public."{table}"')
        cursor.execute(f"DROP SCHEMA IF EXISTS {POLICY_SCHEMA} CASCADE")


def policies_in_place() -> bool:
    """Whether every guarded table has its policies: a migration that was killed leaves them to the next start."""
    wanted = {model._meta.db_table for model in guarded_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'removes'")
        return wanted <= {table for (table,) in cursor.fetchall()}
