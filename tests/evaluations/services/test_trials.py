"""A dry run: exact, on finished rounds only, written down as a reading, and withheld where there is a conflict."""

import pytest

from accounts.permissions import NotAllowed
from competition.models import Conflict
from competition.services.rounds import close_round
from evaluations.selectors.rubrics import dimensions_json, rubric_of
from evaluations.services.trials import try_on_examples, try_scheme
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.competition import NOW
from tests.factories.judging import DEFINITION, Judged

pytestmark = pytest.mark.django_db
TRIMMED = DEFINITION | {
    "order": "criterion",
    "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 4, "min_panel": 2},
    "rounding": {"panel": None, "weighted": None, "total": 2},
}
# The other way round: B counts most, so Z leads.
WEIGHTS = {"A1": "20", "B1": "80"}


def closed():
    judged = Judged()
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    return judged


def reweighted(round):
    rubric = dimensions_json(rubric_of(round))
    return [{**dimension, "criteria": [{**row, "weight": WEIGHTS[row["code"]]} for row in dimension["criteria"]]} for dimension in rubric]


def tried(judged, definition=DEFINITION, dimensions=None, actor=None):
    dimensions = dimensions or dimensions_json(rubric_of(judged.round))
    return try_scheme(judged.round, definition=definition, dimensions=dimensions, actor=actor or judged.organiser, at=NOW)


def test_the_same_scheme_changes_nothing_and_the_reading_is_written_down():
    judged = closed()
    trial = tried(judged)
    assert (trial.moves, trial.compared, trial.ranks, trial.crossing) == ([], 3, 0, 0)
    record = Record.objects.filter(action="standings.read").latest("pk")
    assert (record.actor, record.subject) == (f"user:{judged.organiser.pk}", f"round:{judged.round.pk}")
    assert len(record.after["trial"]) == 64


def test_other_weights_turn_the_ranking_and_say_who_crosses_the_line():
    judged = closed()
    trial = tried(judged, dimensions=reweighted(judged.round))
    names = {str(entry.pk): name for name, entry in judged.entries.items()}
    # A: 83.5 83.5 71.5, B: 80.5 80.25 91; weights 20 and 80: X 81.10, Y 80.90, Z 87.10.
    assert [(names[move.entry], move.before.rank, move.after.rank, move.before.total, move.after.total) for move in trial.moves] == [
        ("Z", 3, 1, "79.30", "87.10"),
        ("X", 1, 2, "82.30", "81.10"),
        ("Y", 2, 3, "82.20", "80.90"),
    ]
    assert [(names[move.entry], move.before.outcome, move.after.outcome) for move in trial.moves] == [
        ("Z", "eliminated", "advance"),
        ("X", "advance", "reserve"),
        ("Y", "reserve", "eliminated"),
    ]
    assert (trial.ranks, trial.crossing, trial.own_rubric) == (3, 2, True)


def test_a_threshold_moves_the_line_and_no_rank():
    judged = closed()
    # The value of B is 80.50 for X and 80.25 for Y, whose total stays.
    trial = tried(judged, DEFINITION | {"thresholds": {"criteria": {"B1": "80.3"}}})
    assert [(move.entry, move.rank_changes, move.before.outcome, move.after.outcome) for move in trial.moves] == [
        (str(judged.entries["Y"].pk), False, "reserve", "eliminated"),
        (str(judged.entries["Z"].pk), False, "eliminated", "reserve"),
    ]
    assert (trial.ranks, trial.crossing) == (0, 0)


def test_where_criteria_differ_the_finished_round_keeps_its_rubric():
    judged = closed()
    other = reweighted(judged.round)
    other[0]["criteria"][0]["max"] = "50"
    trial = tried(judged, dimensions=other)
    assert (trial.own_rubric, trial.moves) == (False, [])


def test_a_ladder_that_the_finished_round_does_not_know_is_refused_with_its_key():
    judged = closed()
    other = reweighted(judged.round)
    other[0]["criteria"][0]["code"] = "Q7"
    with pytest.raises(Refused) as refused:
        tried(judged, DEFINITION | {"ties": ["criterion:Q7"]}, other)
    assert [(reason.code, reason.params["path"]) for reason in refused.value.reasons] == [("evaluations.scheme_code_unknown", "ties[0]")]


def test_never_on_a_round_still_judged_nor_for_a_stranger_nor_with_a_conflict():
    judged = Judged()
    with pytest.raises(NotAllowed) as refused:
        tried(judged)
    assert refused.value.reasons[0].code == "competition.scores_sealed"
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    with pytest.raises(NotAllowed) as refused:
        tried(judged, actor=judged.evaluators[0].user)
    assert refused.value.reasons[0].code == "competition.role_needed"
    cluster = judged.entries["Z"].application.cluster
    Conflict.objects.create(user=judged.decider, cluster=cluster, kind="family", declared_by=judged.decider, declared_at=NOW)
    with pytest.raises(NotAllowed) as refused:
        tried(judged, actor=judged.decider)
    assert refused.value.reasons[0].code == "competition.scores_conflict"
    assert not Record.objects.filter(action="standings.read").exists()


def test_on_invented_sheets_what_is_typed_stands_against_what_is_saved():
    judged = Judged()
    dimensions = dimensions_json(rubric_of(judged.round))
    same = try_on_examples(definition=DEFINITION, saved=DEFINITION, dimensions=dimensions, seats=4)
    assert (same.moves, same.compared) == ([], 60)
    other = try_on_examples(definition=TRIMMED, saved=DEFINITION, dimensions=dimensions, seats=4)
    assert other.ranks > 0 and other.crossing == 0
