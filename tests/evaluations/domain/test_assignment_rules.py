"""Rules about panels, anchors, fairness and fits of any size: against all assignments, one by one."""

import time
from collections import Counter
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.domain.assignment import Load, Need, Problem, assign, check
from evaluations.domain.assignment_grid import grid_of
from evaluations.domain.assignment_shortage import employer_shortage
from evaluations.domain.assignment_solver import without_cycles
from ledger.domain.reason import Reason, Refused


def reasons(problem):
    with pytest.raises(Refused) as refusal:
        assign(problem)
    return list(refusal.value.reasons)


def all_assignments(problem):
    """Every assignment that the check finds nothing wrong with."""
    names = [load.evaluator for load in problem.loads]
    panels = [[[(need.entry, name) for name in panel] for panel in combinations(names, need.seats)] for need in problem.needs]
    for chosen in product(*panels):
        pairs = sum(chosen, [])
        if not check(problem, pairs):
            yield pairs


def fits(problem, pairs):
    """The total, and the least of an entry with seats."""
    by_entry = Counter({need.entry: Fraction(0) for need in problem.needs if need.seats})
    for entry, name in pairs:
        by_entry[entry] += Fraction(str(problem.fit.get((entry, name), 0)))
    return sum(by_entry.values()), min(by_entry.values(), default=None)


@st.composite
def ruled_problems(draw):
    entries, evaluators = draw(st.integers(1, 3)), draw(st.integers(2, 5))
    needs = tuple(Need(f"e{place}", draw(st.integers(0, 3))) for place in range(entries))
    loads = tuple(
        Load(
            f"v{place}",
            draw(st.integers(1, 3)),
            draw(st.integers(0, 1)),
            draw(st.sampled_from(["", "x", "y"])),
            draw(st.sampled_from("TE")),
        )
        for place in range(evaluators)
    )
    pairs = [(need.entry, load.evaluator) for need in needs for load in loads]
    return Problem(
        needs,
        loads,
        {pair: draw(st.integers(-5, 40)) for pair in pairs},
        dict.fromkeys(draw(st.lists(st.sampled_from(pairs), max_size=2)), "region"),
        seed="s",
        balance=False,
        one_per_employer=draw(st.booleans()),
        discipline_range=draw(st.sampled_from([{}, {"T": (1, 2)}, {"T": (0, 1), "*": (1, None)}, {"*": (1, 2)}])),
        fairness=draw(st.booleans()),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(ruled_problems())
def test_against_every_assignment_there_is(problem):
    known = [fits(problem, pairs) for pairs in all_assignments(problem)]
    if not known:
        assert reasons(problem)
        return
    best = max(total for total, _ in known)
    found = assign(problem)
    assert check(problem, list(found.pairs)) == []
    assert (found.total_fit, found.worst_fit) == fits(problem, found.pairs)
    if not problem.fairness:
        assert found.total_fit == best
    else:
        affordable = [(total, worst) for total, worst in known if 1000 * (best - total) <= 5 * abs(best)]
        if found.worst_fit is not None:
            assert found.worst_fit == max(worst for _, worst in affordable)
            assert found.total_fit == max(total for total, worst in affordable if worst == found.worst_fit)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_fits_of_any_size_have_their_exact_optimum(data):
    numbers = st.one_of(
        st.integers(-(10**17), 10**17),
        st.floats(-1e12, 1e12, allow_nan=False),
        st.sampled_from([1e300, -1e300, 1e-9, 2e-9, 1e15, 1e15 + 1]),
    )
    pairs = [(f"e{entry}", name) for entry in range(3) for name in "abc"]
    fit = {pair: data.draw(numbers) for pair in pairs}
    problem = Problem(
        tuple(Need(f"e{place}", 1) for place in range(3)), tuple(Load(name, 1 + (name == "a")) for name in "abc"), fit, balance=False
    )
    assert assign(problem).total_fit == max(fits(problem, pairs)[0] for pairs in all_assignments(problem))


def test_the_proof_mends_any_assignment():
    """From the worst assignment too, exchanges in integers alone lead to the best one."""
    dice = np.random.default_rng(11)
    problem = Problem(
        tuple(Need(f"e{place}", 2) for place in range(12)),
        tuple(Load(f"v{place}", 5, 2) for place in range(8)),
        dice.integers(0, 50, (12, 8)),
    )
    worst = assign(Problem(problem.needs, problem.loads, -problem.fit, balance=False))
    grid = grid_of(problem)
    taken = np.zeros(grid.allowed.shape, bool)
    for entry, name in worst.pairs:
        taken[grid.entries.index(entry), grid.evaluators.index(name)] = True
    best = assign(Problem(problem.needs, problem.loads, problem.fit, balance=False))
    assert worst.total_fit != -best.total_fit
    assert grid.total_fit(without_cycles(grid, taken)) == best.total_fit


def test_a_table_of_fits_counts_as_the_decimals_it_prints():
    problem = Problem((Need("y", 2), Need("x", 0)), (Load("b", 1), Load("a", 1)), [[0.1, 0.2], [9, 9]], balance=False)
    assert assign(problem).total_fit == Fraction("0.3")
    large = Problem((Need("x", 1),), (Load("a", 1), Load("b", 1), Load("c", 1)), [[0.5, 2**53 + 1, 2**53]], balance=False)
    assert assign(large).total_fit == 2**53 + 1
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            assign(Problem(problem.needs, problem.loads, [[value, 1], [0, 0]]))


def test_one_per_employer_and_a_range_of_disciplines():
    needs = (Need("e1", 2), Need("e2", 2))
    loads = (Load("a", 2, 0, "x", "T"), Load("b", 2, 0, "x", "E"), Load("c", 2, 0, "y", "T"), Load("d", 2, 0, "", "E"))
    fit = {("e1", "a"): 50, ("e1", "b"): 49, ("e1", "c"): 10, ("e2", "d"): 5, ("e2", "c"): 9}
    plain = Problem(needs, loads, fit, balance=False)
    assert assign(plain).pairs == (("e1", "a"), ("e1", "b"), ("e2", "c"), ("e2", "d"))
    assert assign(Problem(needs, loads, fit, balance=False, one_per_employer=True)).pairs[:2] == (("e1", "a"), ("e1", "c"))
    both = Problem(needs, loads, fit, balance=False, one_per_employer=True, discipline_range={"*": (1, 1)})
    assert assign(both).pairs[:2] == (("e1", "b"), ("e1", "c"))
    # level loads: each judges one
    assert assign(Problem(needs, loads, fit, one_per_employer=True, discipline_range={"*": (1, 1)})).total_fit == 64


def test_an_anchor_is_read_by_everyone_who_may():
    needs = tuple(Need(f"e{place}", 1) for place in range(4))
    loads = tuple(Load(name, 2, employer="x") for name in "abcd")
    problem = Problem(needs, loads, forbidden={("e2", "b"): "region"}, anchors=frozenset({"e2"}), one_per_employer=True)
    pairs = assign(problem).pairs
    assert [name for entry, name in pairs if entry == "e2"] == ["a", "c", "d"]
    assert sorted(Counter(name for _, name in pairs).values()) == [1, 1, 2, 2]


def test_fairness_raises_the_worst_off_within_half_a_per_cent():
    needs = (Need("e1", 1), Need("e2", 1))
    loads = (Load("a", 1), Load("b", 1))
    near = {("e1", "a"): 1000, ("e1", "b"): 600, ("e2", "a"): 596, ("e2", "b"): 200}
    # 1200 or 1196: a fall of a third of a per cent lifts the worst-off from 200 to 596
    assert assign(Problem(needs, loads, near, balance=False)).worst_fit == 200
    fair = assign(Problem(needs, loads, near, balance=False, fairness=True))
    assert (fair.total_fit, fair.worst_fit) == (1196, 596)
    far = near | {("e2", "a"): 593}
    assert assign(Problem(needs, loads, far, balance=False, fairness=True)).total_fit == 1200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"one_per_employer": True}, [Reason("evaluations.assignment_employers_short", {"entry": "e1", "employers": 2, "seats": 3})]),
        (
            {"discipline_range": {"E": (2, None)}},
            [Reason("evaluations.assignment_discipline_short", {"entry": "e1", "discipline": "E", "eligible": 1, "least": 2})],
        ),
        (
            {"discipline_range": {"T": (0, 1)}},
            [Reason("evaluations.assignment_disciplines_under_seats", {"entry": "e1", "most": 2, "seats": 3})],
        ),
        (
            {"discipline_range": {"T": (3, None), "E": (1, None)}},
            [Reason("evaluations.assignment_disciplines_over_seats", {"entry": "e1", "least": 4, "seats": 3})],
        ),
    ],
)
def test_a_panel_that_cannot_be_composed_is_counted(changes, expected):
    loads = (Load("a", 3, 0, "x", "T"), Load("b", 3, 0, "x", "T"), Load("c", 3, 0, "y", "T"), Load("d", 3, 0, "y", "E"))
    assert reasons(Problem((Need("e1", 3),), loads, **changes)) == expected


def test_panels_that_are_short_only_together_are_named():
    needs = (Need("e1", 2), Need("e2", 2))
    loads = (Load("a", 1, 0, "x"), Load("b", 2, 0, "x"), Load("c", 1, 0, "y"), Load("d", 1, 0, "x"))
    found = reasons(Problem(needs, loads, one_per_employer=True, balance=False))
    assert [reason.code for reason in found] == ["evaluations.assignment_panels_short"]
    assert found[0].params["count"] == 1


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ([("e1", "a"), ("e1", "d")], []),
        ([("e1", "a"), ("e1", "b")], ["employer_twice", "discipline_wrong"]),
        ([("e1", "b"), ("e1", "c")], ["discipline_wrong"]),
    ],
)
def test_the_check_knows_the_rules(pairs, codes):
    loads = (Load("a", 3, 0, "x", "T"), Load("b", 3, 0, "x", "T"), Load("c", 3, 0, "y", "T"), Load("d", 3, 0, "y", "E"))
    problem = Problem((Need("e1", 2),), loads, one_per_employer=True, discipline_range={"E": (1, 1)})
    assert [reason.code for reason in check(problem, pairs)] == [f"evaluations.assignment_{code}" for code in codes]


def test_a_large_round_keeps_the_best_and_falls_back_to_all():
    dice = np.random.default_rng(3)
    fit = dice.integers(0, 101, (1100, 60))
    fit[:, :45] += 200  # the best 40 of every entry are among the same 45, whose loads do not suffice
    needs = tuple(Need(f"e{place:04}", 3) for place in range(1100))
    problem = Problem(needs, tuple(Load(f"v{place:02}", 56) for place in range(60)), fit, balance=False, fairness=False)
    start = time.process_time()
    found = assign(problem)
    assert time.process_time() - start < 6
    assert check(problem, list(found.pairs)) == []
    assert Counter(name for _, name in found.pairs)["v00"] == 56


def test_fairness_on_a_large_round_costs_at_most_half_a_per_cent():
    dice = np.random.default_rng(4)
    fit = dice.integers(0, 101, (150, 40))
    fit[7] = fit[7] // 4
    needs, loads = tuple(Need(f"e{place:03}", 3) for place in range(150)), tuple(Load(f"v{place:02}", 13) for place in range(40))
    plain, fair = (assign(Problem(needs, loads, fit, balance=False, fairness=fairness)) for fairness in (False, True))
    assert fair.worst_fit >= plain.worst_fit
    assert 1000 * (plain.total_fit - fair.total_fit) <= 5 * plain.total_fit
    assert plain.total_fit >= fair.total_fit


def test_employers_that_are_short_only_together_are_counted():
    # u has room for 5 and only three entries: 3; v has room for 2; nobody's own w takes 3. Eight places, nine seats.
    needs = tuple(Need(f"e{place}", 3) for place in range(3))
    loads = (Load("a", 3, employer="u"), Load("b", 2, employer="u"), Load("c", 2, employer="v"), Load("w", 3))
    short = Reason("evaluations.assignment_employers_together_short", {"seats": 9, "most": 8})
    assert employer_shortage(Problem(needs, loads, one_per_employer=True)) == [short]
    assert employer_shortage(Problem(needs, loads)) == []
    more = (*loads[:2], Load("c", 3, employer="v"), loads[3])
    assert employer_shortage(Problem(needs, more, one_per_employer=True)) == []
    assert len(assign(Problem(needs, more, one_per_employer=True)).pairs) == 9
    barred = dict.fromkeys([("e0", "a"), ("e0", "b")], "region")
    assert employer_shortage(Problem(needs, more, forbidden=barred, one_per_employer=True)) == [short]
    anchored = Problem(needs, loads, one_per_employer=True, anchors=frozenset({"e0"}), required=frozenset(("e0", name) for name in "abcw"))
    assert employer_shortage(anchored) == [Reason(short.code, {"seats": 6, "most": 5})]
