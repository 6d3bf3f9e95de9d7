"""What is to be assigned: entries with seats, evaluators with loads, and the rules between them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

Pair = tuple[str, str]
GROUNDS = ("region", "employer", "own", "declared", "recused", "hand", "other")
EACH = "*"


@dataclass(frozen=True)
class Need:
    """An entry and how many evaluators judge it; 0 is possible."""

    entry: str
    seats: int


@dataclass(frozen=True)
class Load:
    """An evaluator and how many entries they judge at least and at most. An empty employer or discipline is none."""

    evaluator: str
    most: int
    least: int = 0
    employer: str = ""
    discipline: str = ""


@dataclass(frozen=True)
class Problem:
    """Pairs are (entry, evaluator). `fit`, higher is better, is a mapping of pairs (0 where absent) or a table of `needs` ×
    `loads`, of any finite numbers; a float counts as the decimal that it prints as. `forbidden` maps a pair to its
    ground, one of GROUNDS, by which a shortage is counted; `required` pairs are taken as they are.

    `one_per_employer`: on one entry never two of one employer. `discipline_range` maps a discipline ("*": each other one)
    to the (least, most) of its evaluators on every entry, most None for no limit. `anchors` are entries read by everyone
    who may, whatever their seats and these two rules say.

    With `balance` the largest load is made as small and then the smallest as large as can be, before the best fit is
    sought. With `fairness` the worst-off entry is raised after it, while the total stays within half a per cent of the
    best. Optima are many: `seed` decides among them."""

    needs: tuple[Need, ...]
    loads: tuple[Load, ...]
    fit: Mapping[Pair, Any] | Sequence[Sequence[Any]] = field(default_factory=dict)
    forbidden: Mapping[Pair, str] = field(default_factory=dict)
    required: frozenset[Pair] = frozenset()
    seed: str = ""
    balance: bool = True
    one_per_employer: bool = False
    discipline_range: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()
    fairness: bool = False

    @cached_property
    def eligible(self) -> list[Pair]:
        """Every pair that is not forbidden, in code-point order."""
        evaluators = sorted(load.evaluator for load in self.loads)
        entries = sorted(need.entry for need in self.needs if need.seats)
        return [(entry, evaluator) for entry in entries for evaluator in evaluators if (entry, evaluator) not in self.forbidden]

    @property
    def has_rules(self) -> bool:
        """Is there a rule about the composition of a panel?"""
        return self.one_per_employer or bool(self.discipline_range)

    def discipline_bounds(self) -> dict[str, tuple[int, int | None]]:
        """(least, most) on every entry by discipline, those among the evaluators and those that the range names."""
        found = {load.discipline for load in self.loads if load.discipline} | set(self.discipline_range) - {EACH}
        each = self.discipline_range.get(EACH)
        bounds = {discipline: self.discipline_range.get(discipline, each) for discipline in sorted(found)}
        return {discipline: pair for discipline, pair in bounds.items() if pair is not None}


@dataclass(frozen=True)
class Assigned:
    """`pairs` are sorted; `total_fit` and `worst_fit`, the least sum of fit of an entry with seats, are exact.
    `worst_fit` is None where no entry has a seat."""

    pairs: tuple[Pair, ...]
    total_fit: Fraction
    worst_fit: Fraction | None = None


def with_anchors(problem: Problem) -> Problem:
    """Anchor entries as entries whose whole panel is required."""
    if not problem.anchors:
        return problem
    panels = {
        entry: [load.evaluator for load in problem.loads if (entry, load.evaluator) not in problem.forbidden] for entry in problem.anchors
    }
    return replace(
        problem,
        needs=tuple(replace(need, seats=len(panels[need.entry])) if need.entry in panels else need for need in problem.needs),
        required=problem.required | {(entry, evaluator) for entry, panel in panels.items() for evaluator in panel},
    )


def without_required(problem: Problem) -> Problem:
    """What is left once the required pairs are taken."""
    entries, evaluators = Counter(entry for entry, _ in problem.required), Counter(name for _, name in problem.required)
    return replace(
        problem,
        needs=tuple(Need(need.entry, need.seats - entries[need.entry]) for need in problem.needs),
        loads=tuple(
            replace(load, most=load.most - evaluators[load.evaluator], least=max(0, load.least - evaluators[load.evaluator]))
            for load in problem.loads
        ),
        forbidden=dict(problem.forbidden) | dict.fromkeys(problem.required, "other"),
        required=frozenset(),
    )
