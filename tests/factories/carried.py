"""A second round that counts a released first one, with bonuses and vetoes of the organiser and of the panel; closed in either order."""

from competition.services.rounds import close_round
from evaluations.models import Criterion, Scheme, SheetVersion
from evaluations.services.findings import pass_rest, record_finding
from evaluations.services.scoreboards import count_change
from tests.factories.competition import NOW, make_round
from tests.factories.decisions import release
from tests.factories.evaluations import add_unweighted, make_assignment, make_rubric, make_sheet
from tests.factories.judging import DEFINITION, Judged

UNWEIGHTED = {"F1": ("bonus", "organiser"), "F2": ("bonus", "organiser"), "F3": ("bonus", "panel")}
UNWEIGHTED |= {"V1": ("veto", "organiser"), "V2": ("veto", "panel")}
SECOND = DEFINITION | {
    "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 4, "min_panel": 2},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    "bonus_cap": ["-2.5", "1.2"],
    "ties": ["dimension:B"],
}
# Of each evaluator: A1, B1, F3, V2.
MARKS = {
    "X": [(70, 95, 1, 1), (72, 91, 0.5, 1), (69, 90, -2, 1), (75, 88, 2, 1)],
    "Y": [(84, 84, 1, 1), (80, 78, 1, 1), (83, 80, 1, 1), (87, 79, 0.5, 1)],
    "Z": [(80, 90, 0, 1), (75, 85, 0, 0), (91, 70, 0, 1), (88, 77, 0, 1)],
}
FOUND = (("X", "F1", "-1.5"), ("Y", "F1", "2"), ("Y", "F2", "-0.5"), ("Z", "V1", "0"))


def make_carried(order="sheet"):
    """`Judged` of the first round (X 82.30, Y 82.20, Z 79.30, all of which go on), with `.first` and the closed second round as `.round`,
    whose `.entries` stand under the same names.

    In the order `sheet` X has 79.80 of this round, 80.80 with 40 of the first, −0.75 bonus: 80.05; Y 82.80, 82.56, 2.5 of which the cap
    leaves 1.2: 83.76. In the order `criterion` X has 78.80, 80.20, 79.45; Y 81.90, 82.02, 83.22. Z fails V1, and V2 by the second
    evaluator.
    """
    judged = Judged(rule={"take": {"top": 3}, "scope": "overall"})
    judged.first = close_round(judged.round, actor=judged.organiser, at=NOW)
    round = make_round(judged.first.competition, intake="carry", state="judging")
    make_rubric(round, {"A1": 60, "B1": 40})
    definition = SECOND | {"order": order, "carry": [{"round": judged.first.code, "weight": "40"}]}
    Scheme.objects.create(round=round, version=1, definition=definition, digest="d" * 64)
    criteria = add_unweighted(round, UNWEIGHTED)
    Criterion.objects.filter(pk=criteria["F1"].pk).update(name_zh="国家级荣誉", name_en="National honour")
    release(judged.first, {"organiser": judged.organiser, "decider": judged.decider})
    applications = {entry.application_id: name for name, entry in judged.entries.items()}
    judged.entries = {applications[entry.application_id]: entry for entry in round.entries.order_by("pk")}
    for name, entry in judged.entries.items():
        for evaluator, given in zip(judged.evaluators, MARKS[name], strict=True):
            marks = {code: int(value * 100) for code, value in zip(("A1", "B1", "F3", "V2"), given, strict=True)}
            sheet = make_sheet(make_assignment(entry, evaluator), marks, state="submitted", submitted_at=NOW)
            SheetVersion.objects.create(sheet=sheet, number=1, marks=marks, digest="e" * 64, submitted_at=NOW)
            count_change(round, sheet)
    for name, code, value in FOUND:
        record_finding(judged.entries[name], criterion=criteria[code], value=value, reason="经核查。", actor=judged.organiser, at=NOW)
    pass_rest(round, expected=2, actor=judged.organiser, at=NOW)
    judged.round = close_round(round, actor=judged.organiser, at=NOW)
    return judged
