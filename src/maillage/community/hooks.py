"""Registers agreements as evidence of which organisations have worked together."""

from maillage.community.queries import shared_agreements
from maillage.register.collaboration_provider import register_collaboration_provider

register_collaboration_provider(shared_agreements)
