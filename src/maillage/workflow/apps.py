from maillage.core import rooms


class WorkflowConfig(rooms.RoomConfig):
    name = "maillage.workflow"
    label = "workflow"
