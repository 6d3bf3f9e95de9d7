from collections import Counter
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.domain.assignment import Load, Need, Problem, assign, check
from ledger.domain.reason import Reason, Refused


def problem(seats, most, **rest):
    """Entries e1, e2, … with their seats and evaluators a, b, … with their most."""
    needs = tuple(Need(f"e{place}", number) for place, number in enumerate(seats, 1))
    loads = tuple(Load(name, number) for name, number in zip("abcdefgh", most, strict=False))
    return Problem(needs, loads, **rest)


def reasons(given_problem):
    with pytest.raises(Refused) as refusal:
        assign(given_problem)
    return list(refusal.value.reasons)


def test_the_best_fit_is_found_not_the_greedy_one():
    fit = {("e1", "a"): 90, ("e1", "b"): 80, ("e2", "a"): 85, ("e2", "b"): 10}
    found = assign(problem([1, 1], [1, 1], fit=fit))
    assert (found.pairs, found.total_fit) == ((("e1", "b"), ("e2", "a")), 165)


def test_loads_are_levelled_before_the_fit_is_sought():
    fit = {(entry, "a"): 100 for entry in ("e1", "e2", "e3", "e4")}
    levelled = assign(problem([1, 1, 1, 1], [4, 4, 4], fit=fit))
    assert sorted(Counter(name for _, name in levelled.pairs).values()) == [1, 1, 2]
    assert levelled.total_fit == 200
    assert assign(problem([1, 1, 1, 1], [4, 4, 4], fit=fit, balance=False)).total_fit == 400


def test_nobodys_own_bounds_are_widened():
    needs = tuple(Need(f"e{place}", 2) for place in range(4))
    loads = (Load("a", 1), Load("b", 4, least=4), Load("c", 9), Load("d", 9))
    loaded = Counter(name for _, name in assign(Problem(needs, loads)).pairs)
    assert loaded["b"] == 4
    assert loaded["a"] <= 1
    assert sum(loaded.values()) == 8


def test_required_pairs_stand_and_zero_seats_stay_empty():
    found = assign(problem([2, 0, 1], [2, 2, 2], required=frozenset({("e1", "c")}), forbidden={("e1", "a"): "employer"}))
    assert set(found.pairs) >= {("e1", "b"), ("e1", "c")}
    assert [entry for entry, _ in found.pairs] == ["e1", "e1", "e3"]


def test_the_seed_decides_between_equal_optima_and_changes_no_optimum():
    plain = problem([2, 2, 2], [3, 3, 3, 3])
    found = {assign(Problem(plain.needs, plain.loads, seed=str(seed))).pairs for seed in range(8)}
    assert len(found) > 1
    fit = {("e1", "a"): Fraction("0.001"), ("e1", "b"): Fraction("0.002"), ("e1", "c"): Fraction("0.0015")}
    chosen = {assign(Problem((Need("e1", 1),), plain.loads, fit=fit, seed=str(seed))).pairs for seed in range(8)}
    assert chosen == {(("e1", "b"),)}


def test_the_same_problem_in_another_order_has_the_same_answer():
    plain = problem([2, 1, 2], [3, 2, 3, 1], seed="s", fit={("e2", "b"): 7})
    turned = Problem(plain.needs[::-1], plain.loads[::-1], plain.fit, seed="s")
    assert assign(turned) == assign(plain)


def test_a_short_entry_is_counted_by_ground():
    forbidden = {("e1", "a"): "region", ("e1", "b"): "region", ("e1", "c"): "employer", ("e1", "nobody"): "region"}
    assert reasons(problem([3, 1], [2, 2, 2, 2], forbidden=forbidden)) == [
        Reason("evaluations.assignment_entry_short", {"entry": "e1", "eligible": 1, "seats": 3}),
        Reason("evaluations.assignment_excluded_region", {"entry": "e1", "count": 2}),
        Reason("evaluations.assignment_excluded_employer", {"entry": "e1", "count": 1}),
    ]


def test_the_whole_is_counted():
    assert reasons(problem([2, 2], [2, 1])) == [Reason("evaluations.assignment_capacity_short", {"seats": 4, "most": 3})]
    assert reasons(Problem((Need("e1", 1), Need("e2", 1)), (Load("a", 2, least=2), Load("b", 2, least=1)))) == [
        Reason("evaluations.assignment_seats_short", {"seats": 2, "least": 3})
    ]
    assert reasons(Problem((Need("e1", 1), Need("e2", 1)), (Load("a", 5, least=3), Load("b", 2)))) == [
        Reason("evaluations.assignment_least_short", {"evaluator": "a", "eligible": 2, "least": 3}),
        Reason("evaluations.assignment_seats_short", {"seats": 2, "least": 3}),
    ]


def test_entries_that_are_short_only_together_are_named():
    # e1 and e2 need a and b twice each; either alone would do.
    forbidden = {(entry, name): "region" for entry in ("e1", "e2") for name in ("c", "d")}
    found = reasons(problem([2, 2, 1], [1, 2, 5, 5], forbidden=forbidden))
    assert [reason.code for reason in found] == ["evaluations.assignment_together_short"]
    params = found[0].params
    assert (params["entries"], params["seats"], params["missing"], params["evaluators"]) == (["e1", "e2"], 4, 1, ["a"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"required": frozenset({("e1", "a")}), "forbidden": {("e1", "a"): "own"}}, "pair_forbidden"),
        ({"required": frozenset({("e9", "a")})}, "name_unknown"),
        ({"required": frozenset({("e1", "a"), ("e1", "b")})}, "required_over_seats"),
        ({"required": frozenset({("e1", "a"), ("e2", "a")})}, "required_over_load"),
    ],
)
def test_contradictions_are_refused(changes, code):
    assert [reason.code for reason in reasons(problem([1, 1], [1, 1, 1], **changes))] == [f"evaluations.assignment_{code}"]


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ([("e1", "a"), ("e2", "b")], []),
        ([("e1", "a")], ["seats_wrong", "pair_absent"]),
        ([("e1", "a"), ("e2", "a")], ["load_wrong", "pair_absent"]),
        ([("e1", "b"), ("e2", "b")], ["load_wrong", "pair_forbidden"]),
        ([("e1", "a"), ("e2", "b"), ("e3", "c")], ["name_unknown", "name_unknown"]),
        ([("e1", "a"), ("e2", "b"), ("e2", "b")], ["pair_twice", "seats_wrong", "load_wrong"]),
    ],
)
def test_the_check_counts_for_itself(pairs, codes):
    plain = problem([1, 1], [1, 1], forbidden={("e1", "b"): "own"}, required=frozenset({("e2", "b")}))
    assert [reason.code for reason in check(plain, pairs)] == [f"evaluations.assignment_{code}" for code in codes]


@st.composite
def small_problems(draw):
    entries, evaluators = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    needs = tuple(Need(f"e{place}", draw(st.integers(0, 3))) for place in range(entries))
    loads = tuple(Load(f"v{place}", draw(st.integers(0, 4)), 0) for place in range(evaluators))
    loads = tuple(Load(load.evaluator, load.most, draw(st.integers(0, min(1, load.most)))) for load in loads)
    pairs = [(need.entry, load.evaluator) for need in needs for load in loads]
    forbidden = dict.fromkeys(draw(st.lists(st.sampled_from(pairs), max_size=4)), "region")
    required = frozenset(draw(st.lists(st.sampled_from(pairs), max_size=1))) - set(forbidden)
    fit = {pair: draw(st.integers(-3, 100)) for pair in pairs}
    return Problem(needs, loads, fit, forbidden, required, seed="s", balance=False)


def best_by_trying_all(given_problem):
    open_to = {
        need.entry: [load.evaluator for load in given_problem.loads if (need.entry, load.evaluator) not in given_problem.forbidden]
        for need in given_problem.needs
    }
    choices = [
        [[(need.entry, name) for name in panel] for panel in combinations(open_to[need.entry], need.seats)] for need in given_problem.needs
    ]
    totals = [
        sum(given_problem.fit[pair] for pair in pairs)
        for pairs in (sum(panels, []) for panels in product(*choices))
        if not check(given_problem, pairs)
    ]
    return max(totals, default=None)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(small_problems())
def test_it_is_the_best_of_all_or_there_is_none(given_problem):
    best = best_by_trying_all(given_problem)
    if best is None:
        assert reasons(given_problem)
    else:
        found = assign(given_problem)
        assert found.total_fit == best
        assert check(given_problem, list(found.pairs)) == []
