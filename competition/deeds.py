"""What is written into the ledger besides changes of state, which the workflow registers from its tables."""

from django.utils.translation import gettext_lazy as _

from ledger.actions import register

SETTING_UP = (
    ("competition.create", _("Competition created")),
    ("competition.edit", _("Competition edited")),
    ("competition.set_tracks", _("Tracks changed")),
    ("competition.set_quotas", _("Places of the regions set")),
    ("competition.set_feeders", _("Provincial competitions that feed it set")),
    ("competition.add_readmission", _("Clusters of an earlier edition let in again")),
    ("competition.remove_readmission", _("Rule on clusters of an earlier edition removed")),
    ("competition.move_recommendation", _("Deadline of recommendations moved")),
    ("round.add", _("Round added")),
    ("round.edit", _("Round edited")),
    ("round.move", _("Order of rounds changed")),
    ("round.move_windows", _("Dates moved after publication")),
    ("round.remove", _("Round removed")),
    ("form.edit", _("Application form edited")),
    ("advancement.edit", _("Advancement rule edited")),
    ("cluster.create", _("Cluster entered")),
    ("cluster.edit", _("Cluster edited")),
    ("organisation.create", _("Organisation entered")),
    ("organisation.edit", _("Organisation edited")),
    ("registration.send", _("Registration sent")),
    ("workday.set_year", _("Workday table of a year set")),
)
RACE = (
    ("application.start", _("Application started")),
    ("application.readmit", _("Let in again from an earlier edition")),
    ("application.set_parties", _("Partners of a joint entry named")),
    ("revision.create", _("Revision fixed")),
    ("nomination.make", _("Chosen cluster of a province nominated into the nation")),
    ("recommendation.ask", _("Recommendation asked of a region")),
    ("quota.order", _("Order of preference of a region changed")),
    ("quota.export", _("Summary table of a region exported")),
    ("entry.enter", _("Entry accepted into a round")),
    ("attachment.add", _("Attachment added")),
    ("attachment.remove", _("Attachment removed")),
    ("file.refuse", _("File with malware refused")),
    ("file.find", _("Malware found in a file, kept back")),
    ("file.clear", _("Nothing found in a file by the scanner")),
    ("standings.record", _("Standings fixed")),
    ("standings.read", _("Standings read")),
    ("proposal.create", _("Proposal drawn up")),
    ("proposal.change", _("Outcome in a proposal changed")),
    ("proposal.record_meeting", _("Meeting recorded")),
    ("proposal.sign", _("Release signed")),
    ("proposal.void_signature", _("Signature void")),
    ("notice.publish", _("Publicity list published")),
    ("entry.admit", _("Entry made for the next round")),
    ("entry.announce", _("Outcomes announced")),
    ("objection.record", _("Objection recorded")),
    ("document.issue", _("Document issued")),
    ("ledger.export", _("Records exported as a table")),
    ("document.read", _("Document with others' scores read")),
    ("award.give", _("Award given")),
    ("substitution.offer", _("Freed place offered to a reserve")),
    ("substitution.accept", _("Offered place accepted")),
    ("substitution.decline", _("Offered place declined")),
    ("round.request_reopening", _("Re-opening of a round requested")),
    ("round.decline_reopening", _("Re-opening of a round declined")),
)
WEBHOOKS = (
    ("webhook.add", _("Webhook registered")),
    ("webhook.edit", _("Webhook changed")),
    ("webhook.rotate", _("Secret of a webhook changed")),
    ("webhook.test", _("Test sent to a webhook")),
    ("webhook.send_again", _("Delivery sent again")),
    ("webhook.off", _("Webhook switched off after long failure")),
    ("webhook.end", _("Webhook ended")),
)

for _code, _label in SETTING_UP + RACE + WEBHOOKS:
    register(_code, _label)
