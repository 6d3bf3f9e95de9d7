"""A panel for each group: all entries of a group get the same evaluators as far as conflicts and rules let them (docs/scoring.md, D4).

First the panels: groups of equal size are entries of one transport problem, the larger ones first, with level loads where they are
wanted. Then the seats: the problem as it is, in which a seat on the panel of the entry's own group outweighs every fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from evaluations.domain.assignment import assign
from evaluations.domain.assignment_problem import Assigned, Load, Need, Problem
from ledger.domain.reason import Reason, Refused


@dataclass(frozen=True)
class Group:
    """`rows`: the places of its entries in `needs`; `seats`: as many as its entry with the most."""

    key: str
    rows: np.ndarray
    seats: int

    @property
    def size(self) -> int:
        return len(self.rows)


def assign_in_groups(problem: Problem, groups: Mapping[str, str]) -> Assigned:
    """`groups` maps each entry to the key of its group; `problem.fit` is a table of whole numbers. The answer is one of `problem`;
    Refused as there, and where the loads leave no room for panels that read a whole group."""
    fit = np.asarray(problem.fit, np.int64).reshape(len(problem.needs), len(problem.loads))
    panels = panels_of(problem, fit, groups)
    column = {load.evaluator: place for place, load in enumerate(problem.loads)}
    inside = np.zeros(fit.shape, bool)
    for row, need in enumerate(problem.needs):
        inside[row, [column[name] for name in panels.get(groups[need.entry], ())]] = True
    # One seat more on a panel counts for more than all fits together.
    weight = 1 + _range(fit) * sum(need.seats for need in problem.needs)
    found = assign(replace(problem, fit=fit + inside * weight, balance=False, fairness=False))
    entry = {need.entry: place for place, need in enumerate(problem.needs)}
    sums: dict[str, int] = {}
    for name, evaluator in found.pairs:
        sums[name] = sums.get(name, 0) + int(fit[entry[name], column[evaluator]])
    return Assigned(found.pairs, type(found.total_fit)(sum(sums.values())), type(found.total_fit)(min(sums.values())) if sums else None)


def groups_of(problem: Problem, groups: Mapping[str, str]) -> list[Group]:
    """Those that are to be judged, in the order of their keys; an anchor is read by everyone and has no part in them."""
    rows: dict[str, list[int]] = {}
    for place, need in enumerate(problem.needs):
        if need.seats and need.entry not in problem.anchors:
            rows.setdefault(groups[need.entry], []).append(place)
    return [Group(key, np.array(own), max(problem.needs[place].seats for place in own)) for key, own in sorted(rows.items())]


def group_shortages(problem: Problem, groups: Mapping[str, str]) -> list[Reason]:
    """Groups that fewer evaluators may judge whole, by their loads, than the panel has seats."""
    found = []
    for group in groups_of(problem, groups):
        able = sum(load.most >= group.size for load in problem.loads)
        if able < group.seats:
            params = {"group": group.key, "size": group.size, "seats": group.seats, "able": able}
            found.append(Reason("evaluations.assignment_group_short", params))
    return found


def panels_of(problem: Problem, fit: np.ndarray, groups: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """{group: its evaluators}. Refused where there are none."""
    if short := group_shortages(problem, groups):
        raise Refused(*short)
    found = groups_of(problem, groups)
    loads = dict.fromkeys((load.evaluator for load in problem.loads), 0)
    panels: dict[str, tuple[str, ...]] = {}
    for size in sorted({group.size for group in found}, reverse=True):
        alike = [group for group in found if group.size == size]
        pairs = _panels(problem, _problem(problem, fit, alike), loads, size)
        for key, evaluator in pairs:
            panels[key] = (*panels.get(key, ()), evaluator)
            loads[evaluator] += size
    return panels


def _problem(problem: Problem, fit: np.ndarray, alike: list[Group]) -> Problem:
    """Groups of one size as entries. A conflict at one of its entries weighs more than any fit, a seat that stands in it more than any
    conflict; who may judge none of them is forbidden."""
    barred, held = np.zeros(fit.shape, bool), np.zeros(fit.shape, bool)
    row = {need.entry: place for place, need in enumerate(problem.needs)}
    column = {load.evaluator: place for place, load in enumerate(problem.loads)}
    for table, pairs in ((barred, problem.forbidden), (held, problem.required)):
        for entry, evaluator in pairs:
            if entry in row and evaluator in column:
                table[row[entry], column[evaluator]] = True
    seats = sum(group.seats for group in alike)
    size = alike[0].size
    conflict = 1 + _range(fit) * size * seats
    stands = 1 + conflict * (size + 1) * seats
    fits, forbidden = [], {}
    for group in alike:
        bad, there = barred[group.rows].sum(axis=0), held[group.rows].sum(axis=0)
        own = np.where(barred[group.rows], 0, fit[group.rows]).sum(axis=0)
        fits.append([int(good) - conflict * int(no) + stands * int(yes) for good, no, yes in zip(own, bad, there, strict=True)])
        forbidden |= {(group.key, load.evaluator): "other" for load, no in zip(problem.loads, bad, strict=True) if no == size}
    return Problem(
        needs=tuple(Need(group.key, group.seats) for group in alike),
        loads=problem.loads,
        fit=fits,
        forbidden=forbidden,
        seed=problem.seed,
        balance=False,
        one_per_employer=problem.one_per_employer,
        discipline_range=problem.discipline_range,
        fairness=problem.fairness,
    )


def _panels(problem: Problem, of_groups: Problem, loads: Mapping[str, int], size: int):
    """(group, evaluator) pairs of groups of one size: with places for whoever has the least so far, else under the lowest level of loads
    that lets them be."""
    seats, count = sum(need.seats for need in of_groups.needs), len(of_groups.needs)
    room = 0
    ways = [_filled_up(of_groups, loads, size, seats)] if problem.balance else []
    for level in _levels(problem, loads, size, count):
        ways.append(tuple(_limited(load, loads[load.evaluator], level, size, count) for load in of_groups.loads))
    for own in ways:
        room = sum(load.most for load in own)
        if room < seats:
            continue
        try:
            return assign(replace(of_groups, loads=own)).pairs
        except Refused:
            continue
    if room < seats:
        raise Refused(Reason("evaluations.assignment_groups_short", {"size": size, "seats": seats, "room": room}))
    raise Refused(Reason("evaluations.assignment_groups_unsolved", {"size": size}))


def _filled_up(of_groups: Problem, loads: Mapping[str, int], size: int, seats: int) -> tuple[Load, ...]:
    """Place by place to those with the smallest load; where the last places are for some of equals, which of them is left open."""
    count = len(of_groups.needs)
    free = {load.evaluator: min(load.most - loads[load.evaluator], size * count) // size for load in of_groups.loads}
    given, open_to = dict.fromkeys(free, 0), set()
    while seats > 0:
        has = {name: loads[name] + size * number for name, number in given.items() if number < free[name]}
        if not has:
            break
        lowest = min(has.values())
        tied = [name for name, load in has.items() if load == lowest]
        if len(tied) > seats:
            open_to = set(tied)
            break
        for name in tied:
            given[name] += 1
        seats -= len(tied)
    return tuple(
        replace(load, least=given[load.evaluator], most=given[load.evaluator] + (load.evaluator in open_to)) for load in of_groups.loads
    )


def _levels(problem: Problem, loads: Mapping[str, int], size: int, count: int) -> Iterator[int]:
    """Loads that nobody is to exceed, the lowest first; the last one binds nobody."""
    highest = max(loads.values(), default=0) + size * count
    if problem.balance:
        yield from sorted({load + size * number for load in set(loads.values()) for number in range(1, count + 1)} - {highest})
    yield highest


def _limited(load: Load, has: int, level: int, size: int, count: int) -> Load:
    """In groups of one size instead of entries."""
    return replace(load, least=0, most=max(0, min((min(load.most, level) - has) // size, count)))


def _range(fit: np.ndarray) -> int:
    return int(fit.max() - fit.min()) + 1 if fit.size else 1
