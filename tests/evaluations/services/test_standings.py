"""Results of a round: exact, coalesced, the same in parts and whole."""

import hashlib
import random

import pytest

from competition.models import Entry
from competition.services.entries import withdraw_entry
from evaluations.models import Mark, Result, Scheme, Scoreboard, Sheet
from evaluations.services import standings
from evaluations.services.scoreboards import count_change
from evaluations.services.standings import refresh_standings
from jobs.models import Job
from ledger.domain import canonical
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_entry, make_round, make_track
from tests.factories.evaluations import make_assignment, make_evaluator, make_rubric, make_sheet

pytestmark = pytest.mark.django_db
DEFINITION = {
    "scale": "percent",
    "order": "sheet",
    "panel": {"method": "mean", "drop_high": 0, "drop_low": 0, "min_to_trim": 0, "min_panel": 2},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    "ties": ["dimension:B", "median"],
}
# The first worked table: X 82.30, Y 82.20, Z 79.30.
TABLE = {
    "X": [(80, 90), (75, 85), (91, 70), (88, 77)],
    "Y": [(84, 84), (80, 78), (83, 80), (87, 79)],
    "Z": [(70, 95), (72, 91), (69, 90), (75, 88)],
}


@pytest.fixture
def judged():
    round = make_round(state="judging")
    make_rubric(round, {"A1": 60, "B1": 40})
    Scheme.objects.create(round=round, version=1, definition=DEFINITION, digest="d" * 64)
    evaluators = [make_evaluator(make_user()) for _ in range(4)]
    entries = {}
    for name, marks in TABLE.items():
        entries[name] = make_entry(round, make_user())
        for evaluator, (first, second) in zip(evaluators, marks, strict=True):
            sheet = make_sheet(make_assignment(entries[name], evaluator), {"A1": first * 100, "B1": second * 100}, state="submitted")
            count_change(round, sheet)
    return round, entries, evaluators


def results(round):
    return list(Result.objects.filter(round=round).order_by("entry_id").values())


def shown(round):
    return list(Result.objects.filter(round=round).order_by("entry_id").values_list("rank", "total"))


def test_the_first_worked_table(judged):
    round, _entries, _evaluators = judged
    assert Job.objects.filter(kind="standings.refresh", state="queued").count() == 1
    assert refresh_standings(round, at=NOW) == 12
    assert shown(round) == [(1, "82.30"), (2, "82.20"), (3, "79.30")]
    board = Scoreboard.objects.get(round=round)
    assert (board.results_version, board.computed_sheets, board.computed_at) == (12, 12, NOW)


def test_twice_does_nothing_the_second_time(judged, django_assert_num_queries):
    round, _entries, _evaluators = judged
    refresh_standings(round, at=NOW)
    before = results(round)
    refresh_standings(round, at=NOW)
    assert results(round) == before


SCHEMES = {
    "sheet": {},
    "lot": {"ties": ["criterion:B1", "lot"]},
    "exact": {"rounding": {"sheet": None, "panel": None, "weighted": None, "total": None}},
    "whole points": {"rounding": {"sheet": None, "panel": None, "weighted": None, "total": 0}, "ties": []},
    "criterion": {
        "order": "criterion",
        "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 4, "min_panel": 2},
        "rounding": {"sheet": None, "panel": 2, "weighted": 1, "total": 1},
        "thresholds": {"total": "74", "dimensions": {"B": "28"}},
    },
}


def stored(round):
    return [{**row, "version": None, "id": None} for row in results(round)]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_in_parts_and_whole_give_the_same(judged, scheme):
    """Nine entries in two tracks and without one, marks of three values, so that most of them are tied."""
    round, entries, evaluators = judged
    round.seed = "b1c2"
    round.save(update_fields=["seed"])
    Scheme.objects.update(definition=DEFINITION | SCHEMES[scheme])
    dice = random.Random(scheme)
    track = make_track(round.competition, "energy")
    for number in range(6):
        entry = entries[number] = make_entry(round, make_user())
        Entry.objects.filter(pk=entry.pk).update(track=track if number % 3 else None)
        for evaluator in evaluators:
            make_sheet(make_assignment(entry, evaluator), {"A1": 7500, "B1": dice.choice((7000, 7500))}, state="submitted")
    sheets = list(Sheet.objects.order_by("pk"))
    count_change(round, *sheets)
    refresh_standings(round, at=NOW)
    shifted = 0
    for turn in range(14):
        before = {row["entry_id"]: row for row in results(round)}
        chosen = dice.sample(sheets, dice.choice((1, 1, 2)))
        for sheet in chosen:
            sheet.marks.update(value=dice.choice((7000, 7500, 8000)))
            if turn % 4 == 3:  # out of the panel, or back in it
                Sheet.objects.filter(pk=sheet.pk).update(state="void" if turn % 8 == 3 else "submitted")
        count_change(round, *chosen)
        if turn == 9:
            Entry.objects.filter(pk=entries["Y"].pk).update(state="withdrawn")
        version = refresh_standings(round, at=NOW)
        part, after = stored(round), {row["entry_id"]: row for row in results(round)}
        written = {pk for pk, row in after.items() if row["version"] == version}
        assert written == {pk for pk, row in after.items() if {**row, "version": 0} != {**before[pk], "version": 0}}
        touched = {sheet.assignment.entry_id for sheet in chosen}
        shifted += len(written - touched)
        Result.objects.filter(round=round).delete()
        refresh_standings(round, at=NOW, whole=True)
        assert part == stored(round)
    assert shifted


def test_a_withdrawn_entry_keeps_its_marks_and_leaves_the_ranking(judged):
    round, entries, _evaluators = judged
    organiser = make_user()
    give(organiser, "organiser", f"competition:{round.competition_id}")
    withdraw_entry(entries["X"], reason="自愿退出。", actor=organiser, at=NOW)
    refresh_standings(round, at=NOW)
    assert shown(round) == [(None, None), (1, "82.20"), (2, "79.30")]
    left = Result.objects.get(entry=entries["X"])
    assert left.reason == {"code": "competition.entry_withdrawn", "params": {}}
    assert Mark.objects.filter(sheet__assignment__entry=entries["X"]).count() == 8


def test_too_few_evaluators_is_not_rankable_and_says_why(judged):
    round, entries, evaluators = judged
    for evaluator in evaluators[:3]:
        sheet = Sheet.objects.get(assignment__entry=entries["Y"], assignment__evaluator=evaluator)
        Sheet.objects.filter(pk=sheet.pk).update(state="void")
        count_change(round, sheet)
    refresh_standings(round, at=NOW)
    assert shown(round) == [(1, "82.30"), (None, None), (2, "79.30")]
    assert Result.objects.get(entry=entries["Y"]).reason["code"] == "evaluations.entry_panel_too_small"


def test_the_same_bytes_on_every_database(judged):
    """The digest is a constant: the suite runs on SQLite and on PostgreSQL."""
    round, _entries, evaluators = judged
    refresh_standings(round, at=NOW)
    seats = {evaluator.code: place for place, evaluator in enumerate(evaluators)}
    content = []
    for row in Result.objects.filter(round=round).order_by("entry_id"):
        total = dict(row.values["total"])
        total.pop("entry")
        total["panel"]["dropped"] = [[seats[code], *rest] for code, *rest in total["panel"]["dropped"]]
        content.append([row.rank, row.track_rank, row.total, row.numerator, row.denominator, row.tie_broken_by, total, row.flags])
    assert hashlib.sha256(canonical.encode(content)).hexdigest() == "108b049ae580c22bfa829aa3604633a84b92157685483148aa5c2a7bca7ab1c0"


def test_a_field_of_several_cubes_comes_to_the_same(judged, monkeypatch):
    round, _entries, _evaluators = judged
    refresh_standings(round, at=NOW)
    once = results(round)
    Result.objects.filter(round=round).delete()
    monkeypatch.setattr(standings, "AT_ONCE", 2)
    refresh_standings(round, at=NOW, whole=True)
    assert [row | {"id": 0} for row in results(round)] == [row | {"id": 0} for row in once]


def test_a_computation_asks_at_most_fifteen_questions(judged, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        refresh_standings(judged[0], at=NOW)
