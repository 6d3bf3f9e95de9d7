"""How equal totals were told apart, rung by rung, with the values that were compared (docs/scoring.md, T1 to T3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluations.domain.ranking import lot_number
from evaluations.domain.scheme import Rung
from evaluations.domain.totals import Score


@dataclass(frozen=True)
class Compared:
    """`value` None: there is none (it stands last), or the rung is the lot, which compares `number`, ascending."""

    entry: str
    value: Fraction | None
    number: str = ""


@dataclass(frozen=True)
class RungSteps:
    """`compared`: those still equal, the first first; `left`: those that stand equal with the entry after this rung."""

    rung: Rung
    compared: tuple[Compared, ...]
    parted: bool
    left: tuple[str, ...]


@dataclass(frozen=True)
class TieSteps:
    """`better` entries have a higher total, `equal` ones (itself among them) the same; of those `before` stand before it and `shares`
    with it after the last rung."""

    entry: str
    better: int
    equal: tuple[str, ...]
    rungs: tuple[RungSteps, ...]
    before: int
    shares: tuple[str, ...]

    @property
    def rank(self) -> int:
        return self.better + self.before + 1

    @property
    def broken_by(self) -> str | None:
        return next((step.rung.text for step in reversed(self.rungs) if step.parted), None)


def tie_steps(entry: str, equal: Sequence[Score], ties: Sequence[Rung], *, seed: str, better: int) -> TieSteps:
    """`equal`: all ranked entries with the entry's total, itself among them."""
    group, before, steps = list(equal), 0, []
    for place, rung in enumerate(ties):
        if len(group) < 2:
            break
        rows = [_compared(score, rung, place, seed) for score in group]
        rows.sort(key=lambda row: (row.number, row.value is None, -row.value if row.value is not None else 0, row.entry))
        keys = [(row.number, row.value) for row in rows]
        own = next(key for key, row in zip(keys, rows, strict=True) if row.entry == entry)
        left = {row.entry for key, row in zip(keys, rows, strict=True) if key == own}
        steps.append(RungSteps(rung, tuple(rows), len(left) < len(rows), tuple(sorted(left))))
        before += keys.index(own)
        group = [score for score in group if score.entry in left]
    names = tuple(sorted(score.entry for score in equal))
    return TieSteps(entry, better, names, tuple(steps), before, tuple(sorted(score.entry for score in group if score.entry != entry)))


def _compared(score: Score, rung: Rung, place: int, seed: str) -> Compared:
    if rung.kind == "lot":
        return Compared(score.entry, None, lot_number(seed, score.entry))
    return Compared(score.entry, score.rungs[place])
