"""What is written into the ledger besides changes of state, which the workflow registers from its tables."""

from django.utils.translation import gettext_lazy as _

from ledger.actions import register

SETTING_UP = (
    ("rubric.edit", _("Rubric edited")),
    ("scheme.edit", _("Scoring scheme edited")),
)
JUDGING = (
    ("round.draw_groups", _("Groups of a round drawn")),
    ("entry.group", _("Entry placed in a group by hand")),
    ("evaluator.edit", _("Evaluator's particulars changed")),
    ("evaluator.enrol", _("Evaluator taken into the pool")),
    ("conflict.declare", _("Conflict declared")),
    ("conflict.end", _("Conflict declared over")),
    ("undertaking.sign", _("Undertaking signed")),
    ("assignment.create", _("Seat assigned")),
    ("assignment.remove", _("Proposed seat removed")),
    ("assignment.plan", _("Plan of the assignment changed")),
    ("assignment.propose", _("Assignment computed")),
    ("assignment.export", _("Assignment exported")),
    ("assignment.extend", _("Seat's deadline extended")),
    ("sheet.fix", _("Submitted marks fixed")),
    ("finding.record", _("Bonus, deduction or veto check recorded")),
    ("finding.read", _("Bonuses, deductions and veto checks read after closing")),
    ("finding.withdraw", _("Bonus, deduction or veto check taken back")),
    ("sheet.read", _("Another's score sheet read")),
)
ANALYSING = (
    ("analysis.compute", _("Analysis computed")),
    ("outliers.look", _("Outliers looked for in the submitted sheets")),
    ("flag.ask", _("Evaluator asked about a total")),
    ("trial.ask", _("Dry run of a scheme asked for")),
    ("trial.compute", _("Dry run of a scheme computed")),
    ("analysis.repeat", _("Analysis computed again and compared")),
)

for _code, _label in SETTING_UP + JUDGING + ANALYSING:
    register(_code, _label)
