"""Jobs of past projects: learning the ranking of partners, and recognising parties."""

from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.projects.actions.project_folders import match_project_parties
from maillage.projects.partner_ranking import JOB_QUEUE, LEARN_TASK, learn_partner_ranking


@app.periodic(cron="20 2 * * *")
@app.task(name=LEARN_TASK, queue=JOB_QUEUE, queueing_lock=LEARN_TASK, lock=LEARN_TASK)
def learn_partners(timestamp: int = 0) -> int:
    """Learn to rank partners from the past projects, where these have changed; returns how many there are."""
    return learn_partner_ranking()


@app.periodic(cron="50 1 * * *")
@app.task(name="projects.match_parties", queueing_lock="projects.match_parties", lock="projects.match_parties")
def match_parties_again(timestamp: int = 0) -> int:
    """Tie parties of projects to organisations that came into the register since; returns how many."""
    return match_project_parties(actor=SYSTEM, at=timezone.now())
