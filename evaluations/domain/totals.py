"""What the collapse of one entry comes to, in a form that can be stored and read back without loss."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluations.domain.decimals import exact_text, exact_value, fraction_text
from ledger.domain.reason import Reason

SHOWN_DIGITS = 6

SMALL_PANEL = "small_panel"
BELOW_THRESHOLD = "below_threshold"
INELIGIBLE = "ineligible"


@dataclass(frozen=True)
class Score:
    """What ranking needs of an entry. `total` is the official total, None where the entry is not rankable; `rungs` run
    beside the tie ladder (None at "lot", and where there is no value)."""

    entry: str
    total: Fraction | None
    rungs: tuple[Fraction | None, ...] = ()
    eligible: bool = True


@dataclass(frozen=True)
class Given:
    """What is given once per entry and not by an evaluator: {criterion: {entry: …}}. Points of metrics in hundredths,
    bonuses in points, vetoes 1 (passed) or 0 (failed). An entry that is absent or None has none."""

    metrics: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    bonuses: Mapping[str, Mapping[str, Fraction | None]] = field(default_factory=dict)
    vetoes: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class EntryTotal:
    """`exact` is the total before the stage `total`, `total` the official one after it; both None where the entry is not
    rankable. `criteria` and `dimensions` hold decimal text (the digits of the stage `panel`, else six, half up), None
    where there is no value. `dropped` holds (evaluator, criterion or None for the whole sheet, "high" or "low").
    `reasons` say why it is not rankable, ineligible or below a threshold."""

    entry: str
    exact: Fraction | None
    total: Fraction | None
    rungs: tuple[Fraction | None, ...]
    criteria: Mapping[str, str | None]
    dimensions: Mapping[str, str | None]
    bonus: Fraction
    panel_size: int
    abstained: int
    dropped: tuple[tuple[str, str | None, str], ...]
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def eligible(self) -> bool:
        return INELIGIBLE not in self.flags

    @property
    def score(self) -> Score:
        return Score(self.entry, self.total, self.rungs, self.eligible)

    def total_text(self, digits: int | None) -> str | None:
        """The official total with the digits of its stage; six, half up, where that stage does not round."""
        return None if self.total is None else fraction_text(self.total, SHOWN_DIGITS if digits is None else digits)

    def as_json(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "exact": _text(self.exact),
            "total": _text(self.total),
            "rungs": [_text(value) for value in self.rungs],
            "criteria": dict(self.criteria),
            "dimensions": dict(self.dimensions),
            "bonus": exact_text(self.bonus),
            "panel": {"size": self.panel_size, "abstained": self.abstained, "dropped": [list(row) for row in self.dropped]},
            "flags": list(self.flags),
            "reasons": [reason.as_json() for reason in self.reasons],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "EntryTotal":
        return cls(
            data["entry"],
            _value(data["exact"]),
            _value(data["total"]),
            tuple(_value(text) for text in data["rungs"]),
            data["criteria"],
            data["dimensions"],
            exact_value(data["bonus"]),
            data["panel"]["size"],
            data["panel"]["abstained"],
            tuple((evaluator, criterion, end) for evaluator, criterion, end in data["panel"]["dropped"]),
            tuple(data["flags"]),
            tuple(Reason.from_json(reason) for reason in data["reasons"]),
        )


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)


def _value(text: str | None) -> Fraction | None:
    return None if text is None else exact_value(text)
