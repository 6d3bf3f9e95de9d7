"""What this app records beside the changes of state, which the workflow registers from its tables."""

from django.utils.translation import gettext_lazy as _

from ledger.actions import register

for code, label in {
    "application.start": _("Application started"),
    "revision.create": _("Revision fixed"),
    "entry.enter": _("Entry accepted into a round"),
    "attachment.add": _("Attachment added"),
    "attachment.remove": _("Attachment removed"),
    "standings.record": _("Standings fixed"),
    "standings.read": _("Standings read"),
    "proposal.create": _("Proposal drawn up"),
    "proposal.change": _("Outcome in a proposal changed"),
    "proposal.record_meeting": _("Meeting recorded"),
    "proposal.sign": _("Release signed"),
    "proposal.void_signature": _("Signature void"),
    "notice.publish": _("Publicity list published"),
    "entry.admit": _("Entry made for the next round"),
    "entry.announce": _("Outcomes announced"),
    "objection.record": _("Objection recorded"),
    "document.issue": _("Document issued"),
    "document.read": _("Document with others' scores read"),
    "award.give": _("Award given"),
    "substitution.offer": _("Freed place offered to a reserve"),
    "substitution.accept": _("Offered place accepted"),
    "substitution.decline": _("Offered place declined"),
    "round.request_reopening": _("Re-opening of a round requested"),
    "round.decline_reopening": _("Re-opening of a round declined"),
}.items():
    register(code, label)
