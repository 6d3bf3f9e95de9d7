"""Why something about secrecy, a proposal, a release, publicity or an award is refused."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "competition.round_not_closed": _("Close the round first: a proposal stands on its final standings."),
        "competition.rule_missing": _("The round has no advancement rule."),
        "competition.signature_new_proposal": _("A new proposal took the place of the one that was signed."),
        "competition.signature_list_changed": _("The list was changed after it was signed."),
        "competition.signature_entry_left": _("An entry of the list left the race after it was signed."),
        "competition.signature_withdrawn": _("The proposal was withdrawn after it was signed."),
        "competition.objector_kind_unknown": _("Say whether a person or an organisation objects."),
        "competition.objection_conflict": _("You have a conflict of interest with the cluster that this objection is about."),
        "competition.verify_limit": _("Too many codes in a short time. Try again in %(minutes)s minutes."),
        "competition.proposal_not_open": _("The proposal is no longer open to changes."),
        "competition.proposal_not_tabled": _("The proposal has not been put before the deciding body yet."),
        "competition.proposal_changed_meanwhile": _("The list was changed since you opened it. Read it again before you sign."),
        "competition.proposal_round_moved": _("The round is no longer closed, so the proposal no longer holds."),
        "competition.proposal_standings_newer": _("There are newer standings. Draw up a new proposal."),
        "competition.proposal_rule_changed": _("The advancement rule is another one now. Draw up a new proposal."),
        "competition.proposal_entry_left": _("%(count)s of the chosen or reserve entries left the race since. Draw up a new proposal."),
        "competition.proposal_altered": _("The stored list does not match its digest. Call the operator; do not sign."),
        "competition.outcome_unknown": _("Choose one of the outcomes."),
        "competition.note_missing": _("Write why the outcome differs from the rule: it is printed and kept."),
        "competition.meeting_number_missing": _("Enter the number of the meeting or its minutes."),
        "competition.meeting_in_future": _("The meeting lies in the future. Record it once it has been held."),
        "competition.signed_already": _("You have signed this list already. Another person has to sign, too."),
        "competition.notice_withdrawn": _("The publicity notice was withdrawn."),
        "competition.entry_not_in_notice": _("This entry is not on the list under publicity."),
        "competition.objection_in_future": _("The objection cannot have been received in the future."),
        "competition.objection_outside_period": _("Objections are received from %(first)s to %(last)s."),
        "competition.objection_incomplete": _("An objection needs a name, a way to reach the objector and the facts."),
        "competition.decision_missing": _("Write the decision: it is the reply to the objector."),
        "competition.round_not_last": _("Awards follow the last round."),
        "competition.publicity_running": _("Publicity runs until %(last)s. Awards can be given from the day after."),
        "competition.title_unknown": _("Choose among the known titles."),
        "competition.nobody_acted": _("Nobody of this name has done anything here."),
        "competition.no_such_cluster_here": _("No cluster of this name has applied here. Enter a number or part of the name."),
        "competition.title_missing": _("Choose at least one title."),
    }
)
