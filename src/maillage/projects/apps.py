from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "maillage.projects"
    label = "projects"

    def ready(self) -> None:
        from maillage.projects.queries import projects_together  # models are loaded only now
        from maillage.register.collaboration import tells_of_work

        tells_of_work(projects_together)
