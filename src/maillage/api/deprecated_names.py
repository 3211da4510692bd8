"""Names of the API before version 0.2. They are accepted, marked as deprecated, until version 0.3.

Each table maps an old name to the current one. An action that kept its name but renamed arguments accepts both.
"""

from collections.abc import Mapping

# Since when the names are deprecated, as the `Deprecation` header gives it (RFC 9745): 29 November 2026.
DEPRECATED_SINCE = "@1795910400"

ACTIONS: Mapping[str, str] = {
    "calls.attach_to_dossier": "calls.attach_to_application",
    "calls.begin_dossier": "calls.begin_application",
    "calls.check_dossier": "calls.check_application",
    "calls.move_dossier": "calls.move_application",
    "calls.move_dossiers": "calls.move_applications",
    "calls.send_dossier": "calls.send_application",
    "calls.share_out": "calls.assign_section",
    "calls.sign_dossier": "calls.sign_application",
    "calls.take_back": "calls.take_back_application",
    "calls.withdraw_dossier": "calls.withdraw_application",
    "conventions.attach_clause": "label_agreements.attach_clause",
    "conventions.begin_amendment": "label_agreements.begin_amendment",
    "conventions.drop_amendment": "label_agreements.drop_amendment",
    "conventions.open_convention": "label_agreements.open_agreement",
    "conventions.remove_entity": "label_agreements.remove_entity",
    "conventions.sign_convention": "label_agreements.sign_agreement",
    "conventions.write_clause": "label_agreements.write_clause",
    "conventions.write_entity": "label_agreements.write_entity",
    "kernel.attach_file": "files.attach_file",
    "kernel.choose_paces": "notifications.choose_paces",
    "kernel.fire": "workflow.apply_transition",
    "kernel.grant": "core.grant",
    "kernel.move_case_to_version": "workflow.move_case_to_version",
    "kernel.note_failure": "notifications.record_mail_failure",
    "kernel.note_mailed": "notifications.record_mail_sent",
    "kernel.open_case": "workflow.open_case",
    "kernel.publish_definition": "workflow.publish_definition",
    "kernel.read_notices": "notifications.mark_notices_read",
    "kernel.remind": "workflow.remind",
    "kernel.remove_file": "files.remove_file",
    "kernel.reopen_contradiction": "core.reopen_contradiction",
    "kernel.set_visibility": "core.set_visibility",
    "kernel.settle_contradiction": "core.settle_contradiction",
    "kernel.stop_mails": "notifications.stop_mails",
    "kernel.sweep": "files.remove_unused_content",
    "kernel.withdraw_grant": "core.withdraw_grant",
    "labels.first_badge_key": "labels.create_first_badge_key",
    "register.tie_arrived_bodies": "register.tie_arrived_organisations",
    "reviews.find_conflicts": "reviews.detect_conflicts",
    "reviews.next_phase": "reviews.open_next_phase",
    "reviews.place_dossier": "reviews.place_application",
}

_APPLICATION = {"dossier_id": "application_id"}
_AGREEMENT = {"convention_id": "agreement_id"}
# By current name of the action: old argument to current argument.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "calls.add_party": _APPLICATION,
    "calls.assign_section": _APPLICATION | {"bodies": "organisation_ids"},
    "calls.check_application": _APPLICATION,
    "calls.move_application": _APPLICATION,
    "calls.pull_figure": _APPLICATION,
    "calls.remove_party": _APPLICATION,
    "calls.send_application": _APPLICATION,
    "calls.sign_application": _APPLICATION,
    "calls.take_back_application": _APPLICATION,
    "calls.withdraw_application": _APPLICATION,
    "calls.write_reply": _APPLICATION,
    "label_agreements.begin_amendment": _AGREEMENT,
    "label_agreements.drop_amendment": _AGREEMENT,
    "label_agreements.remove_entity": _AGREEMENT,
    "label_agreements.sign_agreement": _AGREEMENT,
    "label_agreements.write_clause": _AGREEMENT,
    "label_agreements.write_entity": _AGREEMENT,
    "reviews.file_appeal": _APPLICATION,
    "reviews.place_application": _APPLICATION,
    "reviews.propose_outcome": _APPLICATION,
    "reviews.reopen_decision": _APPLICATION,
}

# Kinds of record, as the argument and the filter `record_kind` take them.
KINDS: Mapping[str, str] = {
    "calls.dossier": "calls.application",
    "calls.party": "calls.applicationparty",
    "charter.meeting": "charter.reviewmeeting",
    "conventions.clause": "label_agreements.clause",
    "conventions.convention": "label_agreements.labelagreement",
    "conventions.conventionparty": "label_agreements.labelagreementparty",
    "conventions.conventionversion": "label_agreements.labelagreementversion",
    "conventions.entity": "label_agreements.perimeterentity",
    "conventions.member": "label_agreements.perimetermember",
    "conventions.signature": "label_agreements.labelagreementsignature",
    "kernel.citation": "core.citation",
    "kernel.contradiction": "core.contradiction",
    "kernel.contradictionsubject": "core.contradictionsubject",
    "kernel.grant": "core.grant",
    "kernel.source": "core.source",
    "notices.notice": "notifications.notice",
    "notices.preference": "notifications.preference",
    "partnerships.address": "partnerships.needaddress",
    "partnerships.asked": "partnerships.requestedcapability",
    "partnerships.proposed": "partnerships.proposedoffer",
    "processes.case": "workflow.case",
    "processes.casestep": "workflow.casestep",
    "processes.processdefinition": "workflow.processdefinition",
    "processes.reminder": "workflow.reminder",
    "reviews.place": "reviews.rankingmove",
}


def current_kind(kind: str) -> str:
    """The current name of a kind of record; a name that has not changed is returned as it is."""
    return KINDS.get(kind, kind)


def deprecated_names_of(action: str) -> list[str]:
    """The deprecated names of an action."""
    return [old_name for old_name, current in ACTIONS.items() if current == action]
