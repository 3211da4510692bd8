"""The base of the migrations that make the tables of a room.

Django renders a model again, with all that is related to it, for each operation. In a register nearly everything is
related: for 180 models it renders 24,000, which took most of a first start. Operations that make tables, columns,
indexes and constraints need the model itself only.
"""

from typing import Any

from django.db import migrations
from django.db.migrations.state import ProjectState


class _ModelByModel(ProjectState):
    """A state that renders the changed model alone."""

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in self.__dict__:
            self.apps.unregister_model(app_label, model_name)
            self.apps.render_multiple([self.models[app_label, model_name]])


class InitialMigration(migrations.Migration):
    """A migration that only makes things; one that renames, alters or removes is a plain `Migration`."""

    def apply(self, project_state: ProjectState, schema_editor: Any, collect_sql: bool = False) -> ProjectState:
        state = _ModelByModel(project_state.models, project_state.real_apps)
        state.__dict__["apps"] = project_state.apps
        return super().apply(state, schema_editor, collect_sql).clone()
