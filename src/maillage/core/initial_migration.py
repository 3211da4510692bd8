"""The base class of the migrations that create the tables of a room.

For each operation Django renders the changed model again with all related models. In the register nearly all models are
related: 180 models are rendered 24,000 times, most of the time of a first start. Operations that create tables,
columns, indexes and constraints need the changed model only.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class _ModelByModel(ProjectState):
    """A project state that renders only the changed model again."""

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in self.__dict__:
            self.apps.unregister_model(app_label, model_name)
            self.apps.render_multiple([self.models[app_label, model_name]])


class InitialMigration(migrations.Migration):
    """A migration that only creates; a migration that renames, alters or removes is a plain `Migration`."""

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        state = _ModelByModel(project_state.models, project_state.real_apps)
        state.__dict__["apps"] = project_state.apps
        return super().apply(state, schema_editor, collect_sql).clone()
