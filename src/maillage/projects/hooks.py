"""Registration of past projects as a collaboration provider."""

from maillage.projects.queries import shared_projects
from maillage.register.collaboration_provider import register_collaboration_provider

register_collaboration_provider(shared_projects)
