from evaluations.models.analysis import Analysis
from evaluations.models.assignment import Assignment
from evaluations.models.ballot import Ballot
from evaluations.models.evaluator import Evaluator, Undertaking
from evaluations.models.finding import Finding
from evaluations.models.flag import Flag, OutlierSearch
from evaluations.models.plan import AssignmentPlan, AssignmentRun
from evaluations.models.rubric import Criterion, Dimension, Rubric, Scheme
from evaluations.models.scoreboard import Result, Scoreboard
from evaluations.models.sheet import Mark, Sheet, SheetVersion
from evaluations.models.trial import SchemeTrial

__all__ = [
    "Analysis",
    "Assignment",
    "AssignmentPlan",
    "AssignmentRun",
    "Ballot",
    "Criterion",
    "Dimension",
    "Evaluator",
    "Finding",
    "Flag",
    "Mark",
    "OutlierSearch",
    "Result",
    "Rubric",
    "Scheme",
    "SchemeTrial",
    "Scoreboard",
    "Sheet",
    "SheetVersion",
    "Undertaking",
]
