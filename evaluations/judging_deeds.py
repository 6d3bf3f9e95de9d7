"""What the judging writes into the ledger besides changes of state."""

from django.utils.translation import gettext_lazy as _

from ledger.actions import register

for _code, _label in (
    ("evaluator.edit", _("Evaluator's particulars changed")),
    ("evaluator.enrol", _("Evaluator taken into the pool")),
    ("conflict.declare", _("Conflict declared")),
    ("conflict.end", _("Conflict declared over")),
    ("undertaking.sign", _("Undertaking signed")),
    ("assignment.create", _("Seat assigned")),
    ("assignment.remove", _("Proposed seat removed")),
    ("assignment.propose", _("Assignment computed")),
    ("assignment.extend", _("Seat's deadline extended")),
    ("sheet.fix", _("Submitted marks fixed")),
    ("sheet.read", _("Another's score sheet read")),
):
    register(_code, _label)
