"""What proposals declare: notices and personal data."""

from maillage.core.action_registry import follows
from maillage.notifications.notice_kinds import register_notice_kind
from maillage.people.personal_data import PersonalData, register_author_name, register_personal_data
from maillage.proposals.models import Proposal, Proposer
from maillage.proposals.notifications import PROPOSAL_NOTICES, notify_answering_persons

register_notice_kind(PROPOSAL_NOTICES)
follows("proposals.propose_change", "proposals.confirm_proposal")(notify_answering_persons)

register_personal_data(
    PersonalData(
        "proposals",
        Proposal,
        "proposed_by",
        ("kind", "list_name", "title", "values", "reason", "state", "proposed_at", "answer"),
        erased_with_account=False,
    )
)
register_personal_data(PersonalData("proposers", Proposer, "proposal__proposed_by", ("name", "email", "language")))
register_author_name(Proposal, "decided_by")
