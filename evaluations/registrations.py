"""Everything this app registers at start-up, in one place; each noun's file does its own."""

from evaluations import deeds, parts, running_menu, tables, tasks, told
from evaluations.documents import award_report, ballot, check_form, panel_summary, score_sheet
from evaluations.permissions import analysis, conflicts, findings, judging
from evaluations.selectors import flags, judging_records, organising, sheets
from evaluations.services import closing, documents, telling

__all__ = [
    "analysis",
    "award_report",
    "ballot",
    "check_form",
    "closing",
    "conflicts",
    "deeds",
    "documents",
    "findings",
    "flags",
    "judging",
    "judging_records",
    "organising",
    "panel_summary",
    "parts",
    "running_menu",
    "score_sheet",
    "sheets",
    "tasks",
    "telling",
    "told",
]

tables.register_all()
