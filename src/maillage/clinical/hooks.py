"""Registers trials as evidence of which organisations have worked together."""

from maillage.clinical.queries import shared_trials
from maillage.register.collaboration_provider import register_collaboration_provider

register_collaboration_provider(shared_trials)
