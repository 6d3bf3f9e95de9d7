from collections import Counter

import numpy as np
import pytest

from evaluations.domain.assignment import check
from evaluations.domain.assignment_groups import assign_in_groups
from evaluations.domain.assignment_problem import Load, Need, Problem
from ledger.domain.reason import Refused


def problem(groups, judges, *, seats=2, most=99, **given):
    """Entries a1, a2 … of each group with its size, e.g. {"a": 3}."""
    entries = [f"{name}{number}" for name, size in groups.items() for number in range(1, size + 1)]
    needs = tuple(Need(entry, seats) for entry in entries)
    loads = tuple(Load(name, most) for name in judges)
    fit = given.pop("fit", None)
    table = np.array([[(fit or {}).get((entry[0], name), 0) for name in judges] for entry in entries])
    return Problem(needs, loads, table, **given), {entry: entry[0] for entry in entries}


def panels(found):
    by_entry = {}
    for entry, evaluator in found.pairs:
        by_entry.setdefault(entry, set()).add(evaluator)
    return {entry: "".join(sorted(names)) for entry, names in by_entry.items()}


def test_every_group_has_one_panel_and_fit_decides_which():
    given, groups = problem({"a": 3, "b": 3}, "PQRS", fit={("a", "P"): 5, ("a", "S"): 4, ("b", "P"): 9, ("b", "Q"): 1})
    found = assign_in_groups(given, groups)
    assert panels(found) == {"a1": "RS", "a2": "RS", "a3": "RS", "b1": "PQ", "b2": "PQ", "b3": "PQ"}
    assert (found.total_fit, found.worst_fit) == (3 * 4 + 3 * 10, 4)


def test_who_is_bound_to_an_entry_goes_to_the_other_group():
    """Fit would have it otherwise: a conflict outweighs it."""
    given, groups = problem({"a": 3, "b": 2}, "PQRS", fit={("a", "P"): 50, ("a", "Q"): 50}, forbidden={("a2", "P"): "declared"})
    found = panels(assign_in_groups(given, groups))
    assert "P" not in found["a1"] and found["a1"] == found["a2"] == found["a3"] and "P" in found["b1"]


def test_where_a_conflict_cannot_be_helped_one_seat_is_filled_from_outside():
    barred = {("a2", name): "region" for name in "PQR"} | {("b1", name): "region" for name in "PQR"}
    given, groups = problem({"a": 3, "b": 3}, "PQRST", forbidden=barred)
    found = panels(assign_in_groups(given, groups))
    assert found["a2"] == found["b1"] == "ST"
    assert found["a1"] == found["a3"] and found["b2"] == found["b3"] and not set(found["a1"]) & set(found["b2"])


@pytest.mark.parametrize("sizes", [{"a": 5, "b": 4, "c": 4}, {"a": 6, "b": 3, "c": 3}, {"a": 2, "b": 2, "c": 2, "d": 2}])
def test_panels_differ_and_loads_are_level(sizes):
    given, groups = problem(sizes, "PQRSTUVW", seats=2)
    found = assign_in_groups(given, groups)
    assert not check(given, list(found.pairs))
    seen = panels(found)
    whole = {name: {seen[entry] for entry in seen if entry[0] == name} for name in sizes}
    assert all(len(own) == 1 for own in whole.values())
    loads = Counter(evaluator for _entry, evaluator in found.pairs)
    assert max(loads.values()) == max(sizes.values())


def test_a_large_group_takes_the_idle_and_small_ones_share():
    """Six entries and twice three for two seats each, four judges: P and Q read the six, R and S both of the three."""
    found = assign_in_groups(*problem({"a": 6, "b": 3, "c": 3}, "PQRS"))
    assert sorted(Counter(evaluator for _entry, evaluator in found.pairs).values()) == [6, 6, 6, 6]


def test_one_place_more_than_people_doubles_one_of_them():
    """Nine places for eight judges: six in the two groups of four, then the two idle ones and one of the six."""
    found = assign_in_groups(*problem({"a": 4, "b": 4, "c": 3}, "PQRSTUVW", seats=3))
    assert sorted(Counter(evaluator for _entry, evaluator in found.pairs).values()) == [3, 3, 4, 4, 4, 4, 4, 7]


def test_seats_that_stand_make_the_panel():
    given, groups = problem({"a": 3, "b": 3}, "PQRS", fit={("a", "R"): 9, ("a", "S"): 9}, required=frozenset({("a1", "P"), ("a1", "Q")}))
    assert panels(assign_in_groups(given, groups))["a3"] == "PQ"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"most": 2}, "evaluations.assignment_group_short"),
        ({"most": 5}, "evaluations.assignment_groups_short"),
        ({"most": 99, "seats": 5}, "evaluations.assignment_group_short"),
    ],
)
def test_loads_that_are_too_small_for_whole_groups_are_told(given, code):
    with pytest.raises(Refused) as refusal:
        assign_in_groups(*problem({"a": 3, "b": 3, "c": 3}, "PQRS", **given))
    assert refusal.value.reason.code == code


def test_the_seed_alone_decides_between_equals_and_always_alike():
    answers = {assign_in_groups(*problem({"a": 3, "b": 3}, "PQRS", seed=seed)).pairs for seed in "0123456789"}
    assert len(answers) > 1
    assert len({assign_in_groups(*problem({"a": 3, "b": 3}, "PQRS", seed="7")).pairs for _ in range(3)}) == 1
