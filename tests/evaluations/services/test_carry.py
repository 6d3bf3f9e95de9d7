"""Totals of a released round that a later one carries in."""

from fractions import Fraction

import pytest
from django.db import transaction
from django.utils import translation

from competition.models import Entry, Round, Standings
from competition.services.rounds import close_round
from evaluations.models import Criterion, Result, Scheme, Sheet
from evaluations.parts import SchemePart
from evaluations.selectors.explaining import whys
from evaluations.services.scoreboards import count_change
from evaluations.services.standings import record_standings, refresh_standings
from ledger.domain.reason import Reason
from ledger.reasons import say
from tests.factories.accounts import make_user
from tests.factories.competition import NOW, make_entry, make_round
from tests.factories.decisions import release
from tests.factories.evaluations import make_assignment, make_rubric, make_sheet
from tests.factories.judging import DEFINITION, Judged

pytestmark = pytest.mark.django_db
# Four sheets of one criterion; the mean is 78.835, not rounded before the total.
MARKS = (7880, 7885, 7890, 7879)


@pytest.fixture
def second():
    """The second round of a released first one (X 82.30, Y 82.20 go on), with an entry that was not in the first."""
    judged = Judged(rule={"take": {"top": 2}, "scope": "overall"})
    round = make_round(judged.round.competition, intake="carry", state="judging")
    make_rubric(round, {"A1": 100})
    Criterion.objects.filter(dimension__rubric__round=round).update(step=1)
    carry = [{"round": judged.round.code, "weight": "40"}]
    definition = DEFINITION | {"ties": [], "carry": carry, "rounding": {"sheet": None, "panel": None, "weighted": None, "total": 2}}
    Scheme.objects.create(round=round, version=1, definition=definition, digest="d" * 64)
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    release(judged.round, {"organiser": judged.organiser, "decider": judged.decider})
    make_entry(round, make_user())
    for entry in round.entries.order_by("pk"):
        for evaluator, mark in zip(judged.evaluators, MARKS, strict=True):
            count_change(round, make_sheet(make_assignment(entry, evaluator), {"A1": mark}, state="submitted"))
    judged.second = round
    return judged


def shown(round):
    rows = Result.objects.filter(round=round).order_by("entry_id")
    return [
        (row.rank, row.total, row.numerator and f"{row.numerator}/{row.denominator}", row.reason and row.reason["code"]) for row in rows
    ]


def test_the_official_total_of_the_released_round_counts_its_share(second):
    refresh_standings(second.second, at=NOW)
    # 82.30 × 0.4 + 78.835 × 0.6 = 80.221; 82.20 instead gives 80.181.
    assert shown(second.second) == [
        (1, "80.22", "80221/1000", None),
        (2, "80.18", "80181/1000", None),
        (None, None, None, "evaluations.entry_carry_missing"),
    ]


def test_a_missing_total_is_told_by_the_name_of_its_round(second):
    Round.objects.filter(pk=second.round.pk).update(name_en="Desk review", name_zh="书面评审")
    standings = record_standings(second.second, actor=None, at=NOW)
    newcomer = standings.rows.get(rank=None)
    (shown,) = whys(standings, [newcomer.entry_id])[newcomer.entry_id].steps.reasons
    for reason in (Reason.from_json(newcomer.reason), shown):
        with translation.override("en"):
            assert say(reason) == "Not ranked: there is no total of the earlier round Desk review."
        with translation.override("zh-hans"):
            assert "书面评审" in say(reason)


def test_the_explanation_names_the_earlier_total_and_its_weight(second):
    standings = record_standings(second.second, actor=None, at=NOW)
    found = whys(standings, second.second.entries.values_list("pk", flat=True))
    advanced = Entry.objects.get(round=second.second, application=second.entries["X"].application)
    carry = found[advanced.pk].steps.carry
    assert (carry.earlier, carry.own_weight) == (((second.round.code, 40, Fraction("82.30")),), 60)
    assert (carry.own, carry.result) == (Fraction("78.835"), Fraction("80.221"))
    assert [why.faults for why in found.values()] == [(), (), ()]


def test_what_is_carried_is_part_of_the_digest_and_a_round_still_judged_carries_nothing(second):
    first = record_standings(second.second, actor=None, at=NOW)
    totals = second.round.standings.get().rows
    totals.filter(entry=second.entries["X"]).update(total="82.31")
    assert record_standings(second.second, actor=None, at=NOW).input_digest != first.input_digest
    second.round.state = "closed"
    second.round.save()
    record_standings(second.second, actor=None, at=NOW)
    assert [row[3] for row in shown(second.second)] == ["evaluations.entry_carry_missing"] * 3


def test_an_unrounded_total_is_carried_exactly(second):
    standings = second.round.standings.get()
    standings.method["rounding"]["total"] = None
    standings.save()
    standings.rows.filter(entry=second.entries["X"]).update(total="82.333333", exact="247/3")
    record_standings(second.second, actor=None, at=NOW)
    advanced = Entry.objects.get(round=second.second, application=second.entries["X"].application)
    # 247/3 × 0.4 + 78.835 × 0.6
    assert Result.objects.get(entry=advanced).numerator == "240703"
    assert Result.objects.get(entry=advanced).denominator == "3000"


@pytest.mark.parametrize(
    ("language", "line"), [("zh-hans", "总分 100 分中，40 分来自“初赛”"), ("en", "the official total of the round “Preliminary”")]
)
def test_the_rules_name_the_carried_round_as_its_readers_do(second, language, line):
    Round.objects.filter(pk=second.round.pk).update(name_zh="初赛", name_en="Preliminary")
    words = " ".join(SchemePart().words(second.second, language))
    assert line in words and second.round.code not in words


def test_a_new_snapshot_of_the_earlier_round_is_noticed_by_entries_that_nobody_moved(second):
    round = second.second
    refresh_standings(round, at=NOW)
    old = second.round.standings.get()
    new = Standings.objects.create(
        round=second.round, number=2, created_at=NOW, method=old.method, scores_version=9, input_digest="1" * 64, scheme_digest="2" * 64
    )
    for row in old.rows.all():
        row.pk, row.standings = None, new
        row.total = {"82.30": "83.30"}.get(row.total, row.total)
        row.save()
    totals = [(1, "80.62"), (2, "80.18"), (None, None)]  # X: 83.30 × 0.4 + 78.835 × 0.6
    refresh_standings(round, at=NOW)
    assert [row[:2] for row in shown(round)] == totals
    sheet = Sheet.objects.filter(assignment__entry__round=round).order_by("pk").last()
    Standings.objects.filter(pk=new.pk).update(number=3)  # moved again, beside a sheet of somebody else
    new.rows.filter(total="82.20").update(total="81.20")
    with transaction.atomic():
        count_change(round, sheet)
    refresh_standings(round, at=NOW)
    assert [row[:2] for row in shown(round)] == [(1, "80.62"), (2, "79.78"), (None, None)]
