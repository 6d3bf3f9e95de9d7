"""A round that has been judged: entries, a panel, submitted sheets, scheme and rule, as small as a test wants it."""

from django.db import transaction

from competition.models import AdvancementRule
from evaluations.models import Scheme, SheetVersion
from evaluations.services.scoreboards import count_change
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_competition, make_entry, make_round, make_track
from tests.factories.evaluations import make_assignment, make_evaluator, make_rubric, make_sheet

DEFINITION = {
    "scale": "percent",
    "order": "sheet",
    "panel": {"method": "mean", "drop_high": 0, "drop_low": 0, "min_to_trim": 0, "min_panel": 2},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    "ties": ["dimension:B", "median"],
}
# The first worked table of docs/scoring.md: X 82.30, Y 82.20, Z 79.30.
TABLE = {
    "X": [(80, 90), (75, 85), (91, 70), (88, 77)],
    "Y": [(84, 84), (80, 78), (83, 80), (87, 79)],
    "Z": [(70, 95), (72, 91), (69, 90), (75, 88)],
}


class Judged:
    """`round`, `entries` (name → entry), `evaluators`, `organiser`, `decider`, `second` (a decider too), `supervisor`."""

    def __init__(self, table=None, *, definition=None, rule=None, at=NOW):
        competition = make_competition(state="published")
        track = make_track(competition)
        self.round = make_round(competition, state="judging")
        make_rubric(self.round, {"A1": 60, "B1": 40})
        Scheme.objects.create(round=self.round, version=1, definition=definition or DEFINITION, digest="d" * 64)
        AdvancementRule.objects.create(
            round=self.round, version=1, rule=rule or {"take": {"top": 1}, "scope": "overall", "reserve": 1}, digest="a" * 64, frozen_at=at
        )
        scope = f"competition:{competition.pk}"
        for name, role in (("organiser", "organiser"), ("decider", "decider"), ("second", "decider"), ("supervisor", "supervisor")):
            setattr(self, name, make_user(name.title()))
            give(getattr(self, name), role, scope)
        table = TABLE if table is None else table
        self.evaluators, self.entries = [], {}
        for _ in range(max((len(marks) for marks in table.values()), default=0)):
            person = make_user()
            give(person, "evaluator", scope)
            self.evaluators.append(make_evaluator(person))
        for name, panel in table.items():
            self.entries[name] = self.enter(name)
            self.entries[name].application.track = track
            for evaluator, (first, second) in zip(self.evaluators, panel, strict=False):
                self.seat(name, evaluator, {"A1": first * 100, "B1": second * 100}, state="submitted", submitted_at=at)

    def enter(self, name):
        return make_entry(self.round, make_user())

    def seat(self, name, evaluator, marks=None, *, state="draft", **fields):
        """A confirmed seat with its sheet, counted where it is submitted."""
        sheet = make_sheet(make_assignment(self.entries[name], evaluator), marks, state=state, **fields)
        if state == "submitted":
            SheetVersion.objects.create(sheet=sheet, number=1, marks=marks or {}, digest="e" * 64, submitted_at=NOW)
            with transaction.atomic():
                count_change(self.round, sheet)
        return sheet
