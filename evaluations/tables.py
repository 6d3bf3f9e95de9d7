"""Registers the judging's kinds that have a state: table, scope, names of their records."""

from django.utils.translation import gettext_lazy as _

from competition import workflow
from evaluations.domain.states import ASSIGNMENT, SHEET
from evaluations.models import Assignment, Sheet


def register_all() -> None:
    workflow.register(
        "assignment",
        Assignment,
        ASSIGNMENT,
        scope=lambda row: f"competition:{row.entry.round.competition_id}",
        labels={
            "publish": _("Assignment published"),
            "confirm": _("No conflict declared"),
            "recuse": _("Evaluator recused"),
            "replace": _("Evaluator replaced"),
            "waive": _("Seat waived"),
        },
    )
    workflow.register(
        "sheet",
        Sheet,
        SHEET,
        scope=lambda row: f"competition:{row.assignment.entry.round.competition_id}",
        labels={
            "submit": _("Score sheet submitted"),
            "return": _("Score sheet returned"),
            "lock": _("Score sheet locked"),
            "unlock": _("Score sheet unlocked"),
            "void": _("Score sheet void"),
        },
    )
