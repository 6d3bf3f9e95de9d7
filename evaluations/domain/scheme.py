"""The scoring scheme: data, frozen when the call is published, part of every digest (docs/scoring.md, "The scheme")."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, plain_text
from evaluations.domain.metrics import GROUP_FUNCTIONS, Function
from ledger.domain.canonical import encode

SCALES = ("percent", "factor")
ORDERS = ("sheet", "criterion")
KINDS = ("expert", "mixed", "metric", "bonus", "veto")
MARKED = ("expert", "mixed")
POLICIES = ("required", "exclude", "zero")
METHODS = ("mean", "median", "trimmed")
WEIGHT_TOTAL = 100 * TEN_THOUSANDTH


@dataclass(frozen=True)
class Criterion:
    """`maximum`, `step`, `least` and `most` are in hundredths, `weight` in ten-thousandths; None where the kind has none.

    `maximum` bounds a mark or the points of a metric, `least` and `most` the points of a bonus.
    """

    code: str
    kind: str
    dimension: str | None = None
    maximum: int | None = None
    step: int | None = None
    weight: int | None = None
    missing: str = "exclude"
    least: int | None = None
    most: int | None = None
    function: Function | None = None
    reverse: bool = False

    @property
    def marked(self) -> bool:
        return self.kind in MARKED

    @property
    def weighted(self) -> bool:
        return self.weight is not None

    @property
    def in_group(self) -> bool:
        """Whether one entry's points hang on the figures of the others in its track."""
        return isinstance(self.function, GROUP_FUNCTIONS)

    def as_json(self) -> dict:
        data = {"code": self.code, "kind": self.kind, "missing": self.missing}
        if self.dimension is not None:
            data["dimension"] = self.dimension
        for key, value in (("max", self.maximum), ("step", self.step), ("min", self.least)):
            if value is not None:
                data[key] = plain_text(Fraction(value, HUNDREDTH))
        if self.most is not None:
            data["max"] = plain_text(Fraction(self.most, HUNDREDTH))
        if self.weight is not None:
            data["weight"] = plain_text(Fraction(self.weight, TEN_THOUSANDTH))
        if self.function is not None:
            data["function"] = self.function.as_json()
            data["reverse"] = self.reverse
        return data


@dataclass(frozen=True)
class Panel:
    """How the values of a panel become one. `drop_*` count occurrences; they and `min_to_trim` bind only under "trimmed"."""

    method: str
    min_panel: int
    drop_high: int = 0
    drop_low: int = 0
    min_to_trim: int = 0

    def as_json(self) -> dict:
        data = {"method": self.method, "min_panel": self.min_panel}
        if self.method == "trimmed":
            data |= {"drop_high": self.drop_high, "drop_low": self.drop_low, "min_to_trim": self.min_to_trim}
        return data


@dataclass(frozen=True)
class Rounding:
    """Digits per stage, None for no rounding."""

    sheet: int | None = None
    panel: int | None = None
    weighted: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class Thresholds:
    """Least values that pass: `criteria` in mark units, `dimensions` and `total` in points."""

    total: Fraction | None = None
    dimensions: tuple[tuple[str, Fraction], ...] = ()
    criteria: tuple[tuple[str, Fraction], ...] = ()

    def as_json(self) -> dict:
        data: dict = {key: {code: plain_text(value) for code, value in getattr(self, key)} for key in ("dimensions", "criteria")}
        return data if self.total is None else data | {"total": plain_text(self.total)}


@dataclass(frozen=True)
class Rung:
    """One step of the tie ladder; `code` only for "dimension" and "criterion"."""

    kind: str
    code: str | None = None

    @property
    def text(self) -> str:
        return self.kind if self.code is None else f"{self.kind}:{self.code}"


@dataclass(frozen=True)
class Carry:
    """An earlier round's official total carried into this one; `weight` in ten-thousandths."""

    round: str
    weight: int


@dataclass(frozen=True)
class Scheme:
    scale: str
    order: str
    criteria: tuple[Criterion, ...]
    panel: Panel
    rounding: Rounding
    thresholds: Thresholds = Thresholds()
    bonus_cap: tuple[int, int] | None = None  # hundredths
    ties: tuple[Rung, ...] = ()
    carry: tuple[Carry, ...] = ()

    @cached_property
    def position(self) -> dict[str, int]:
        """The place of each criterion's code in `criteria`, which is also its index in a cube."""
        return {criterion.code: place for place, criterion in enumerate(self.criteria)}

    @cached_property
    def weighted(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.weighted)

    @cached_property
    def marked(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.marked)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(criterion.dimension for criterion in self.weighted))

    @cached_property
    def contribution_factors(self) -> tuple[tuple[int, ...], int]:
        """Whole numbers f and d, in the order of `weighted`: a value of h hundredths contributes h × f / d points."""
        if self.scale == "percent":
            common = lcm(*(criterion.maximum for criterion in self.weighted))
            factors = [criterion.weight * (common // criterion.maximum) for criterion in self.weighted]
            den = TEN_THOUSANDTH * common
        else:
            factors, den = [criterion.weight for criterion in self.weighted], TEN_THOUSANDTH * HUNDREDTH
        shared = gcd(*factors, den)
        return tuple(factor // shared for factor in factors), den // shared

    @property
    def in_groups(self) -> bool:
        """Whether a changed figure of one entry may change the points of another: then all entries are collapsed anew."""
        return any(criterion.in_group for criterion in self.criteria)

    @property
    def needs_seed(self) -> bool:
        return any(rung.kind == "lot" for rung in self.ties)

    def as_json(self) -> dict:
        """The whole scheme with every default written out; numbers as their shortest decimal text."""
        return {
            "scale": self.scale,
            "order": self.order,
            "criteria": [criterion.as_json() for criterion in self.criteria],
            "panel": self.panel.as_json(),
            "rounding": {stage: getattr(self.rounding, stage) for stage in ("sheet", "panel", "weighted", "total")},
            "thresholds": self.thresholds.as_json(),
            "bonus_cap": self.bonus_cap and [plain_text(Fraction(bound, HUNDREDTH)) for bound in self.bonus_cap],
            "ties": [rung.text for rung in self.ties],
            "carry": [{"round": carry.round, "weight": plain_text(Fraction(carry.weight, TEN_THOUSANDTH))} for carry in self.carry],
        }

    def canonical(self) -> bytes:
        """The same bytes for every way of writing the same scheme ("60" and "60.0", keys in any order, defaults left out)."""
        return encode(self.as_json())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()
