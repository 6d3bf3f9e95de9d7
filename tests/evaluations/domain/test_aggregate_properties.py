"""What holds for every competition: order does not matter, a part collapses as the whole does, a better mark never hurts."""

import random
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.evaluations.domain.strategies import EVALUATORS, races

several = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@several
@given(races(), st.randoms(use_true_random=False))
def test_rows_evaluators_and_entries_in_any_order_give_the_same(race, shuffler: random.Random):
    rows, entries, evaluators = race.rows(), list(race.sheets), list(EVALUATORS)
    for order in (rows, entries, evaluators):
        shuffler.shuffle(order)
    assert race.totals(entries=entries, evaluators=tuple(evaluators), rows=rows) == race.totals()


@several
@given(races(), st.randoms(use_true_random=False))
def test_criteria_in_any_order_give_the_same(race, shuffler: random.Random):
    criteria = list(race.data["criteria"])
    shuffler.shuffle(criteria)
    shuffled = replace(race, data=race.data | {"criteria": criteria}).totals()
    for entry, row in race.totals().items():
        other = shuffled[entry]
        assert (other.exact, other.total, other.rungs, other.bonus, other.flags) == (row.exact, row.total, row.rungs, row.bonus, row.flags)
        assert (other.criteria, other.dimensions, set(other.dropped)) == (row.criteria, row.dimensions, set(row.dropped))
        assert set(other.reasons) == set(row.reasons)


@several
@given(races())
def test_one_entry_alone_collapses_as_among_all(race):
    whole = race.totals()
    for entry in race.sheets:
        assert race.totals(entries=[entry]) == {entry: whole[entry]}


@several
@given(races(), st.data())
def test_raising_one_mark_never_lowers_its_entry(race, data):
    # A bonus is collapsed too; a veto is not a mark that one raises.
    kinds = {rule["code"]: rule for rule in race.data["criteria"]}
    marks = [row for row in race.rows() if row[3] != "abstain" and "step" in kinds[row[2]]]
    assume(marks)
    entry, name, code, mark = data.draw(st.sampled_from(marks))
    higher = data.draw(st.integers(mark, 100 * int(kinds[code]["max"])))
    before = race.totals()
    race.sheets[entry][name][code] = higher
    after = race.totals()
    assert {other: row for other, row in after.items() if other != entry} == {other: row for other, row in before.items() if other != entry}
    if before[entry].exact is None:
        assert after[entry].exact is None
    else:
        assert after[entry].exact >= before[entry].exact


@pytest.mark.parametrize("limit", [1, 10**6])
def test_python_integers_give_what_int64_gives(limit):
    # Here and there the limit is moved so that all, or some, of the stages leave int64; nothing else is touched.
    @several
    @given(races())
    def compare(race):
        quick = race.totals()
        with (
            patch("evaluations.domain.exact.LIMIT", limit),
            patch("evaluations.domain.panels.LIMIT", limit),
            patch("evaluations.domain.stages.LIMIT", limit),
            patch("evaluations.domain.aggregate.LIMIT", limit),
        ):
            assert race.totals() == quick

    compare()
