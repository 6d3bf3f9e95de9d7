"""Registers the judging's kinds that have a state: table, scope, names of their records."""

from django.utils.translation import gettext_lazy as _

from competition import workflow
from evaluations.domain.states import ASSIGNMENT, FLAG, SHEET
from evaluations.models import Assignment, Flag, Sheet


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
            "correct": _("Score sheet opened by its evaluator for a correction"),
            "lock": _("Score sheet locked"),
            "unlock": _("Score sheet unlocked"),
            "void": _("Score sheet void"),
        },
    )
    workflow.register(
        "flag",
        Flag,
        FLAG,
        scope=lambda row: f"competition:{row.search.round.competition_id}",
        labels={
            "confirm": _("Question about a total answered: confirmed"),
            "correct": _("Question about a total answered: to be corrected"),
        },
    )
