from maillage.core import rooms


class ProjectsConfig(rooms.RoomConfig):
    name = "maillage.projects"
    label = "projects"
