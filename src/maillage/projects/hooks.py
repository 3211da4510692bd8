"""What past projects tell the register: who worked together, and the SIREN of those that took part."""

from maillage.projects.party_matching import sirens_of_parties
from maillage.projects.queries import shared_projects
from maillage.register.collaboration_provider import register_collaboration_provider
from maillage.register.company_numbers import register_company_number_provider

register_collaboration_provider(shared_projects)
register_company_number_provider(sirens_of_parties)
